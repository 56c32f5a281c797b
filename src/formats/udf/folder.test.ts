import { expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodeFolder } from './folder.ts';
import { encodeCs0, fileIdentifier, resealDescriptor } from './suite/descriptor-bytes.ts';

const entry = { block: 7, partition: 0 };

test('a folder of more names than any has is refused before all are read, also when they were deleted', () => {
  const deleted = fileIdentifier(encodeCs0('x'), entry, { characteristics: 4, blockBytes: 2048 });
  const bytes = new Uint8Array(deleted.length * 150_000);
  for (let at = 0; at < bytes.length; at += deleted.length) bytes.set(deleted, at);
  expect(() => decodeFolder(bytes)).toThrow(DecodeError);
  expect(() => decodeFolder(bytes)).toThrow(/more than 100000 names/);
});

test('cookies are the places where the next names begin', () => {
  const parts = ['a', 'bcdefgh', 'i'].map((name) =>
    fileIdentifier(encodeCs0(name), entry, { characteristics: 0, blockBytes: 2048 }),
  );
  const { names, parent } = decodeFolder(Buffer.concat(parts));
  expect(names.map(({ name, cookie }) => [name, cookie])).toEqual([
    ['a', 40],
    ['bcdefgh', 88],
    ['i', 128],
  ]);
  expect(parent).toBeUndefined();
});

test('a name whose CRC leaves out its padding is read', () => {
  const bytes = fileIdentifier(encodeCs0('ab'), entry, { characteristics: 0, blockBytes: 2048 });
  expect(bytes.length).toBe(44);
  const shorter = bytes.slice();
  resealDescriptor(shorter, 0, 41);
  expect(decodeFolder(shorter).names.map(({ name }) => name)).toEqual(['ab']);
});
