import { describe, expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from './message.ts';
import { DhcpOptionsBuilder, Options } from './options.ts';
import { requestOf } from './suite/packets.ts';

const SNAME_OFFSET = 44;
const FILE_OFFSET = 108;
const OPTIONS_OFFSET = 240;

/** A request with these bytes in its option areas. */
function packet(areas: {
  readonly options: readonly number[];
  readonly file?: readonly number[];
  readonly sname?: readonly number[];
}): Uint8Array {
  const bytes = encodeMessage(requestOf('DHCPDISCOVER', { sname: 'server', file: 'pxelinux.0' }));
  bytes.fill(0, OPTIONS_OFFSET);
  bytes.set(areas.options, OPTIONS_OFFSET);
  if (areas.file) bytes.set(areas.file, FILE_OFFSET);
  if (areas.sname) bytes.set(areas.sname, SNAME_OFFSET);
  return bytes;
}

const a = 0x61;

describe('option 52 puts options in place of names', () => {
  for (const [where, value, file, sname, hostname] of [
    ['file', 1, '', 'server', 'f'],
    ['sname', 2, 'pxelinux.0', '', 's'],
    ['both, file first', 3, '', '', 'fs'],
    ['neither', 0, 'pxelinux.0', 'server', undefined],
    ['neither, with bits nobody defined', 0xfc, 'pxelinux.0', 'server', undefined],
  ] as const) {
    test(`in ${where}`, () => {
      const message = decodeMessage(
        packet({
          options: [53, 1, 1, 52, 1, value, 255],
          ...(file === '' ? { file: [12, 1, 0x66, 255] } : {}),
          ...(sname === '' ? { sname: [12, 1, 0x73, 255] } : {}),
        }),
      );
      expect(message).toMatchObject({ file, sname });
      expect(message.options.get(Options.hostname)).toBe(hostname);
      expect(message.options.codes).not.toContain(52);
    });
  }

  test('and not from inside such a field, so that nothing is read twice', () => {
    const message = decodeMessage(packet({ options: [52, 1, 1, 255], file: [52, 1, 2, 255] }));
    expect(message.sname).toBe('server');
  });

  test('a field without END goes to its end', () => {
    const file = [12, 126, ...new Uint8Array(126).fill(a)];
    const message = decodeMessage(packet({ options: [52, 1, 1, 255], file }));
    expect(message.options.get(Options.hostname)).toBe('a'.repeat(126));
  });

  test('an option may not lead out of its field', () => {
    const file = [12, 127, ...new Uint8Array(126).fill(a)];
    expect(() => decodeMessage(packet({ options: [52, 1, 1, 255], file }))).toThrow(
      /127 bytes were expected, 126 are left \(at byte 110\)/,
    );
  });
});

describe('long options (RFC 3396)', () => {
  test('are put together, across the fields in their order', () => {
    const message = decodeMessage(
      packet({
        options: [12, 1, a, 52, 1, 3, 12, 1, a + 1, 255],
        file: [12, 1, a + 2, 255],
        sname: [12, 1, a + 3, 255],
      }),
    );
    expect(message.options.get(Options.hostname)).toBe('abcd');
  });

  test('are split where they do not fit behind one length byte', () => {
    const value = Uint8Array.from({ length: 600 }, (_, index) => index & 0xff);
    const options = new DhcpOptionsBuilder().setRaw(224, value).setRaw(225, new Uint8Array(0)).build();
    const bytes = encodeMessage({ ...requestOf('DHCPDISCOVER'), options });
    const lengthsAt = [OPTIONS_OFFSET, OPTIONS_OFFSET + 257, OPTIONS_OFFSET + 514];
    expect(lengthsAt.map((offset) => [bytes[offset], bytes[offset + 1]])).toEqual([
      [224, 255],
      [224, 255],
      [224, 90],
    ]);
    expect([...bytes.subarray(OPTIONS_OFFSET + 606)]).toEqual([225, 0, 255]);
    expect(decodeMessage(bytes).options.raw(224)).toEqual(value);
  });
});
