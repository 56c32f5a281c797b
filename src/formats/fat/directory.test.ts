import { describe, expect, test } from 'vitest';
import { decodeDirectory } from './directory.ts';

/** An entry of a directory; fields that are not given are zeros. */
function entry(
  short: string,
  fields: {
    readonly attributes?: number;
    readonly flags?: number;
    readonly at?: Readonly<Record<number, number>>;
  } = {},
): number[] {
  const bytes = [...Buffer.from(short.padEnd(11), 'latin1'), fields.attributes ?? 0x20, fields.flags ?? 0];
  while (bytes.length < 32) bytes.push(0);
  for (const [at, value] of Object.entries(fields.at ?? {})) bytes[Number(at)] = value;
  return bytes;
}

/** A part of a long name as it stands before its entry. */
function part(order: number, text: string, checksum: number): number[] {
  const bytes = entry('', { attributes: 0x0f });
  bytes[0] = order;
  bytes[13] = checksum;
  for (const [place, at] of [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30].entries()) {
    const code = place < text.length ? text.charCodeAt(place) : place === text.length ? 0 : 0xffff;
    bytes[at] = code & 0xff;
    bytes[at + 1] = code >> 8;
  }
  return bytes;
}

/** Of `LONG~1`, worked out by the rule of the specification. */
const SUM = Array.from('LONG~1'.padEnd(11)).reduce(
  (sum, letter) => (((sum & 1) << 7) + (sum >> 1) + letter.charCodeAt(0)) & 0xff,
  0,
);

function names(...entries: readonly (readonly number[])[]): readonly string[] {
  return decodeDirectory(Uint8Array.from(entries.flat()), 16).entries.map(({ name }) => name);
}

describe('a short name', () => {
  for (const [what, bytes, expected] of [
    ['with an ending', entry('BOOTX64 EFI'), 'BOOTX64.EFI'],
    ['without one', entry('KERNEL'), 'KERNEL'],
    ['with a blank in it', entry('A B     C'), 'A B.C'],
    ['in lower case', entry('GRUB    CFG', { flags: 0x18 }), 'grub.cfg'],
    ['whose ending is in lower case', entry('README  TXT', { flags: 0x10 }), 'README.txt'],
    ['whose stem is in lower case', entry('VMLINUZ EFI', { flags: 0x08 }), 'vmlinuz.EFI'],
    ['with letters of a code page', entry('GR\x99SSE'), 'GR\uFFFDSSE'],
    ['whose first letter would mark it as deleted', entry('\x05A'), '\uFFFDA'],
  ] as const) {
    test(what, () => expect(names(bytes)).toEqual([expected]));
  }
});

describe('a long name', () => {
  const short = entry('LONG~1');
  for (const [what, entries, expected] of [
    ['of one part', [part(0x41, 'a long name', SUM), short], 'a long name'],
    ['that fills its part', [part(0x41, 'thirteen four', SUM), short], 'thirteen four'],
    ['of two parts', [part(0x42, 'more', SUM), part(1, 'thirteen and ', SUM), short], 'thirteen and more'],
    ['with pairs', [part(0x41, '漢字 😀', SUM), short], '漢字 😀'],
    ['with half a pair', [part(0x41, 'a\ud83d', SUM), short], 'a\uFFFD'],
    ['of another entry', [part(0x41, 'not mine', SUM ^ 1), short], 'LONG~1'],
    ['whose last part is missing', [part(1, 'thirteen and ', SUM), short], 'LONG~1'],
    ['whose first part is missing', [part(0x42, 'more', SUM), short], 'LONG~1'],
    ['whose parts are of two names', [part(0x42, 'more', SUM), part(1, 'thirteen and ', 7), short], 'LONG~1'],
    ['begun anew', [part(0x42, 'old', SUM), part(0x41, 'new', SUM), short], 'new'],
    ['with a part 0', [part(0x40, 'zero', SUM), short], 'LONG~1'],
    ['before a deleted entry', [part(0x41, 'gone', SUM), entry('\xe5'), short], 'LONG~1'],
  ] as const) {
    test(what, () => expect(names(...entries)).toEqual([expected]));
  }

  test('that leads elsewhere, or cannot be one, is left out', () => {
    for (const name of ['..', '.', 'a/b', '/'])
      expect(names(part(0x41, name, SUM), short, entry('OTHER'))).toEqual(['OTHER']);
    expect(names(part(0x41, '', SUM), short, entry('OTHER'))).toEqual(['OTHER']);
  });
});

describe('a directory', () => {
  test('ends at the first entry that was never used', () => {
    expect(names(entry('A'), entry('\0'), entry('B'))).toEqual(['A']);
  });

  test('shows neither itself, nor the one above, nor what was deleted, nor a name twice', () => {
    expect(
      names(entry('.', { attributes: 0x10 }), entry('..', { attributes: 0x10 }), entry('\xe5X')),
    ).toEqual([]);
    expect(names(entry('A'), entry('A'))).toEqual(['A']);
  });

  test('may have the label of its volume', () => {
    const bytes = Uint8Array.from([...entry('MY DISK', { attributes: 8 }), ...entry('A')]);
    expect(decodeDirectory(bytes, 16)).toMatchObject({
      label: 'MY DISK',
      entries: [{ name: 'A', place: 1 }],
    });
  });

  test('tells where a file begins, its size and its time', () => {
    const at = { 20: 1, 21: 0, 22: 0x6f, 23: 0x6d, 24: 0xb1, 25: 0x58, 26: 5, 27: 2, 28: 4, 31: 0x80 };
    const decoded = (kind: 16 | 32): unknown =>
      decodeDirectory(Uint8Array.from(entry('A', { at })), kind).entries[0];
    const expected = {
      name: 'A',
      kind: 'file',
      size: 0x8000_0004,
      modifiedMs: Date.UTC(2024, 4, 17, 13, 43, 30),
      place: 0,
    };
    expect(decoded(32)).toEqual({ ...expected, cluster: 0x1_0205 });
    expect(decoded(16)).toEqual({ ...expected, cluster: 0x205 });
  });
});
