import { expect, test } from 'vitest';
import { whyNoFailure } from './early-end.ts';

const oackSent = { negotiating: true, sizeTold: true };
const dataSent = { negotiating: false, sizeTold: true };

for (const [who, error, why] of [
  [
    'EDK2 that wanted the size',
    { ...oackSent, code: 8, message: 'User aborted the transfer' },
    /only wanted the size/,
  ],
  [
    'an Intel ROM that wanted the size',
    { ...oackSent, code: 0, message: 'TFTP Aborted' },
    /only wanted the size/,
  ],
  [
    'pxelinux that has read enough',
    { ...dataSent, code: 0, message: 'No error, file close' },
    /as much as it wanted/,
  ],
  [
    'shim whose buffer is too small',
    { ...dataSent, code: 3, message: 'User provided memory block is too small' },
    /too little room/,
  ],
  [
    'the same before the first block',
    { ...oackSent, code: 3, message: 'User provided memory block is too small' },
    /too little room/,
  ],
  [
    'EDK2 that gives up in the middle',
    { ...dataSent, code: 8, message: 'User aborted the transfer' },
    undefined,
  ],
  ['a client whose disk is full', { ...dataSent, code: 3, message: 'Disk full' }, undefined],
  [
    'a client that refuses the options without having asked for the size',
    { negotiating: true, sizeTold: false, code: 8, message: '' },
    undefined,
  ],
] as const) {
  test(`${who}: ${why ? 'no failure' : 'a failure'}`, () => {
    if (why) expect(whyNoFailure(error)).toMatch(why);
    else expect(whyNoFailure(error)).toBeUndefined();
  });
}
