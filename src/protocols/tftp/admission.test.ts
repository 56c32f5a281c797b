import { describe, expect, test } from 'vitest';
import {
  DEFAULT_TFTP_LIMITS,
  decideAdmission,
  LoadCount,
  type TftpLimits,
  type TftpLoad,
} from './admission.ts';
import type { TftpRequest } from './packet.ts';

const limits: TftpLimits = {
  ...DEFAULT_TFTP_LIMITS,
  transfers: 3,
  transfersPerClient: 2,
  netasciiTransfers: 1,
  fileNameBytes: 10,
  uploads: 1,
};
const idle: TftpLoad = {
  transfers: 0,
  transfersOfClient: 0,
  netasciiTransfers: 0,
  uploads: 0,
  closing: false,
};
const read: TftpRequest = { op: 'RRQ', fileName: 'pxelinux.0', mode: 'octet', options: [] };

describe('decideAdmission', () => {
  for (const [rule, request, load, expected] of [
    ['takes a request for a file', {}, {}, { admit: true, mode: 'octet' }],
    ['takes a mode in any case', { mode: 'NetASCII' }, {}, { admit: true, mode: 'netascii' }],
    ['takes an upload where they are on', { op: 'WRQ' }, {}, { admit: true, mode: 'octet' }],
    ['is silent at the limit of uploads', { op: 'WRQ' }, { uploads: 1 }, { admit: false, code: undefined }],
    ['which does not count for reading', {}, { uploads: 1 }, { admit: true, mode: 'octet' }],
    ['refuses mail with error 4', { mode: 'mail' }, {}, { admit: false, code: 4 }],
    ['refuses any other mode with error 4', { mode: 'binary' }, {}, { admit: false, code: 4 }],
    ['refuses a long name with error 1', { fileName: 'pxelinux.00' }, {}, { admit: false, code: 1 }],
    ['counts its bytes, not its letters', { fileName: 'ääääää' }, {}, { admit: false, code: 1 }],
    ['takes one below the limit', {}, { transfers: 2 }, { admit: true, mode: 'octet' }],
    ['is silent at the limit', {}, { transfers: 3 }, { admit: false, code: undefined }],
    ['is silent at the limit of a client', {}, { transfersOfClient: 2 }, { admit: false, code: undefined }],
    [
      'is silent at the limit of netascii',
      { mode: 'netascii' },
      { netasciiTransfers: 1 },
      { admit: false, code: undefined },
    ],
    ['which does not count for octet', {}, { netasciiTransfers: 1 }, { admit: true, mode: 'octet' }],
    ['is silent when the server stops', {}, { closing: true }, { admit: false, code: undefined }],
  ] as const) {
    test(rule, () => {
      const admission = decideAdmission({ ...read, ...request }, { ...idle, ...load }, limits);
      expect(admission).toMatchObject(expected);
      if (!admission.admit) expect(admission.because).not.toBe('');
    });
  }
});

test('decideAdmission refuses an upload with error 2 where they are off', () => {
  const admission = decideAdmission({ ...read, op: 'WRQ' }, idle, { ...limits, uploads: 0 });
  expect(admission).toEqual({
    admit: false,
    code: 2,
    because: 'uploads are switched off on this server',
  });
});

test('LoadCount counts in all, by client and by mode, and each once', () => {
  const count = new LoadCount();
  const first = count.add('10.0.0.1', 'octet');
  const second = count.add('10.0.0.1', 'netascii', 'WRQ');
  count.add('10.0.0.2', 'octet');
  expect(count.seenBy('10.0.0.1', false)).toEqual({
    transfers: 3,
    transfersOfClient: 2,
    netasciiTransfers: 1,
    uploads: 1,
    closing: false,
  });
  second();
  second();
  first();
  expect(count.seenBy('10.0.0.1', true)).toEqual({
    transfers: 1,
    transfersOfClient: 0,
    netasciiTransfers: 0,
    uploads: 0,
    closing: true,
  });
  expect(count.seenBy('10.0.0.2', false).transfersOfClient).toBe(1);
});
