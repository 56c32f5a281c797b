import { expect, test } from 'vitest';
import { decideOnImage } from './decide-on-image.ts';
import type { ImageCondition } from './image-condition.ts';

const WELL: ImageCondition = { identity: '1', checksum: { state: 'alone' } };
const GONE: ImageCondition = { ...WELL, trouble: { kind: 'missing', because: 'x' } };
const CHANGED: ImageCondition = { ...WELL, trouble: { kind: 'changed', because: 'x' } };
const nowhere = { there: false, because: 'it is not there' } as const;
const as = (identity: string) => ({ there: true, identity }) as const;

for (const [name, condition, found, before, expected] of [
  ['files that are as they were need nothing', WELL, as('1'), '1', { do: 'nothing' }],
  ['also after a restart', WELL, as('1'), undefined, { do: 'nothing' }],
  [
    'files that went are marked',
    WELL,
    nowhere,
    '1',
    { do: 'mark', trouble: { kind: 'missing', because: 'it is not there' } },
  ],
  ['and are marked once', GONE, nowhere, undefined, { do: 'nothing' }],
  [
    'files that came back as they were are good',
    GONE,
    as('1'),
    undefined,
    { do: 'mark', trouble: undefined },
  ],
  [
    'files that change are waited for',
    WELL,
    as('2'),
    '1',
    { do: 'mark', trouble: { kind: 'changed', because: 'its files were written to just now' } },
  ],
  ['as long as they change', CHANGED, as('3'), '2', { do: 'nothing' }],
  [
    'and are looked into then',
    CHANGED,
    as('3'),
    '3',
    { do: 'look into', because: 'its files were written to' },
  ],
  ['those that changed back are good', CHANGED, as('1'), '3', { do: 'mark', trouble: undefined }],
  [
    'those of an older version are looked into',
    undefined,
    as('1'),
    undefined,
    { do: 'look into', because: 'an older Muster has added it' },
  ],
  ['unless they are gone', undefined, nowhere, undefined, { do: 'nothing' }],
] as const) {
  test(name, () => {
    expect(decideOnImage(condition === undefined ? {} : { condition }, found, before)).toEqual(expected);
  });
}
