import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { withoutStacks } from '../../lib/suite/without-stacks.ts';
import { negotiate } from './options.ts';
import {
  decodePacket,
  emptyDataPacket,
  encodePacket,
  layDataPackets,
  MAX_ERROR_CHARACTERS,
  MAX_OPTIONS,
  type TftpPacket,
} from './packet.ts';

/** A request as bytes, made without the encoder under test. */
function request(opcode: 1 | 2, ...texts: readonly string[]): Uint8Array {
  return Buffer.concat([Buffer.from([0, opcode]), ...texts.map((text) => Buffer.from(`${text}\0`))]);
}

/** What real clients ask, from captures and their sources. */
const CLIENT_REQUESTS: readonly (readonly [string, readonly string[]])[] = [
  ['EDK2, size probe', ['bootx64.efi', 'octet', 'tsize', '0', 'blksize', '1468', 'windowsize', '4']],
  ['EDK2, fetch', ['bootx64.efi', 'octet', 'blksize', '1468', 'windowsize', '4']],
  ['shim', ['/grubx64.efi', 'octet', 'blksize', '512', 'windowsize', '4']],
  ['Intel BIOS ROM, size probe', ['pxelinux.0', 'octet', 'tsize', '0']],
  ['Intel BIOS ROM, fetch', ['pxelinux.0', 'octet', 'blksize', '1456']],
  ['iPXE', ['pxelinux.0', 'octet', 'blksize', '1432', 'tsize', '0']],
  ['pxelinux', ['pxelinux.cfg/01-52-54-00-12-34-56', 'octet', 'tsize', '0', 'blksize', '1408']],
  ['GRUB 2', ['/grub/x86_64-efi/command.lst', 'octet', 'blksize', '1024', 'tsize', '0']],
  [
    'Windows bootmgr',
    ['\\Boot\\BCD', 'octet', 'tsize', '0', 'blksize', '1456', 'windowsize', '4', 'msftwindow', '31416'],
  ],
  ['U-Boot', ['boot.scr.uimg', 'octet', 'timeout', '5', 'tsize', '0', 'blksize', '1468']],
  ['Raspberry Pi 3 ROM', ['bootcode.bin', 'octet']],
  ['Raspberry Pi 4', ['start4.elf', 'octet', 'tsize', '0', 'blksize', '1024']],
  ['busybox', ['preseed.cfg', 'octet']],
  ['busybox with -b', ['preseed.cfg', 'octet', 'blksize', '65464', 'tsize', '0']],
  ['curl', ['vmlinuz', 'octet', 'tsize', '0', 'blksize', '512', 'timeout', '6']],
  ['tftp-hpa in text mode', ['motd', 'netascii']],
  [
    'atftp with all options',
    ['vmlinuz', 'octet', 'tsize', '0', 'blksize', '1428', 'timeout', '3', 'windowsize', '16'],
  ],
];

describe('the requests of real clients', () => {
  test('are read and answered as the golden file says', async () => {
    const lines = CLIENT_REQUESTS.flatMap(([client, texts]) => {
      const bytes = request(1, ...texts);
      const packet = decodePacket(bytes);
      if (packet.op !== 'RRQ') throw new Error(`${client}: read as ${packet.op}`);
      const mode = packet.mode === 'netascii' ? 'netascii' : 'octet';
      const { answered, ignored, shape } = negotiate(packet.options, { mode, totalBytes: 26_579 });
      const oack = answered.length === 0 ? 'none' : hex(encodePacket({ op: 'OACK', options: answered }));
      return [
        `## ${client}`,
        `RRQ      ${hex(bytes)}`,
        `read as  ${packet.fileName} ${packet.mode} ${packet.options.map(({ name, value }) => `${name}=${value}`).join(' ')}`,
        `OACK     ${oack}`,
        `granted  ${answered.map(({ name, value }) => `${name}=${value}`).join(' ')}`,
        `ignored  ${ignored.map(({ name, because }) => `${name}: ${because}`).join('; ')}`,
        `shape    ${shape.windowBlocks} x ${shape.blockBytes} bytes, timeout ${shape.timeoutMs ?? 'ours'}`,
        '',
      ].map((line) => line.trimEnd());
    });
    await expect(lines.join('\n')).toMatchFileSnapshot('golden/client-requests.txt');
  });
});

describe('decodePacket', () => {
  for (const [what, bytes, expected] of [
    ['a request without options', request(1, 'a', 'octet'), rrq('a', 'octet', [])],
    ['a mode in any case as it was sent', request(1, 'a', 'OcTeT'), rrq('a', 'OcTeT', [])],
    ['an upload', request(2, 'a', 'octet'), { op: 'WRQ', fileName: 'a', mode: 'octet', options: [] }],
    ['zeros behind the mode as no option', request(1, 'a', 'octet', '', '', ''), rrq('a', 'octet', [])],
    [
      'options up to the first empty name',
      request(1, 'a', 'octet', 'tsize', '0', '', 'blksize', '512'),
      rrq('a', 'octet', [{ name: 'tsize', value: '0' }]),
    ],
    [
      'options up to a text without its NUL',
      Buffer.concat([request(1, 'a', 'octet', 'tsize', '0'), Buffer.from('blksize\x001468')]),
      rrq('a', 'octet', [{ name: 'tsize', value: '0' }]),
    ],
    [
      'an empty option value',
      request(1, 'a', 'octet', 'x', ''),
      rrq('a', 'octet', [{ name: 'x', value: '' }]),
    ],
    ['bytes that are not UTF-8', Buffer.from('\0\x01a\xFF\0octet\0', 'latin1'), rrq('a\uFFFD', 'octet', [])],
    ['an ACK', Uint8Array.of(0, 4, 0xff, 0xfe), { op: 'ACK', block: 65_534 }],
    ['an ACK with padding', Uint8Array.of(0, 4, 0, 1, 0, 0), { op: 'ACK', block: 1 }],
    ['data', Uint8Array.of(0, 3, 0, 1, 7), { op: 'DATA', block: 1, bytes: Uint8Array.of(7) }],
    ['the empty last block', Uint8Array.of(0, 3, 0, 2), { op: 'DATA', block: 2, bytes: new Uint8Array(0) }],
    [
      'an error',
      error(8, 'User aborted the transfer\0'),
      { op: 'ERROR', code: 8, message: 'User aborted the transfer' },
    ],
    ['an error without its NUL', error(0, 'TFTP Aborted'), { op: 'ERROR', code: 0, message: 'TFTP Aborted' }],
    ['an error without a text', error(3, ''), { op: 'ERROR', code: 3, message: '' }],
    [
      'an error with control characters',
      error(0, 'a\x1b[2J\n\0'),
      { op: 'ERROR', code: 0, message: 'a\uFFFD[2J\uFFFD' },
    ],
  ] as const) {
    test(`reads ${what}`, () => expect(normal(decodePacket(bytes))).toEqual(expected));
  }

  for (const [what, bytes] of [
    ['nothing', []],
    ['half an opcode', [0]],
    ['opcode 0', [0, 0, 0, 0]],
    ['opcode 7', [0, 7, 0, 0]],
    ['an ACK without its block', [0, 4, 0]],
    ['data without its block', [0, 3]],
    ['an error without its code', [0, 5, 0]],
    ['a name without its NUL', [0, 1, 0x61]],
    ['a request without a mode', [0, 1, 0x61, 0]],
    ['a mode without its NUL', [0, 1, 0x61, 0, 0x6f]],
  ] as const) {
    test(`refuses ${what}`, () => expect(() => decodePacket(Uint8Array.from(bytes))).toThrow(DecodeError));
  }

  test(`reads no more than ${MAX_OPTIONS} options`, () => {
    const texts = Array.from({ length: 1000 }, (_, index) => [`o${index}`, '1']).flat();
    const packet = decodePacket(request(1, 'a', 'octet', ...texts));
    expect(packet.op === 'RRQ' && packet.options.length).toBe(MAX_OPTIONS);
  });

  test('keeps only the beginning of an endless error text', () => {
    const packet = decodePacket(error(0, 'x'.repeat(60_000)));
    expect(packet.op === 'ERROR' && packet.message.length).toBe(MAX_ERROR_CHARACTERS);
  });

  test('throws nothing but DecodeError, for 120,000 datagrams', () => {
    const goldens = CLIENT_REQUESTS.map(([, texts]) => request(1, ...texts));
    const broken = fc
      .tuple(fc.constantFrom(...goldens), fc.nat(), fc.nat(255), fc.nat())
      .map(([golden, at, byte, end]) => {
        const bytes = Uint8Array.from(golden);
        bytes[at % bytes.length] = byte;
        return bytes.subarray(0, end % (bytes.length + 1));
      });
    const headed = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.uint8Array({ maxLength: 80 }))
      .map(([opcode, rest]) => Uint8Array.of(0, opcode, ...rest));
    let refused = 0;
    const holds = fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), headed, broken), (bytes) => {
      try {
        decodePacket(bytes);
      } catch (thrown) {
        if (!(thrown instanceof DecodeError)) throw thrown;
        refused += 1;
      }
    });
    withoutStacks(() => fc.assert(holds, { numRuns: 120_000 }));
    expect(refused).toBeGreaterThan(10_000);
  });
});

describe('encodePacket', () => {
  const text = fc.string({ maxLength: 40 }).filter((value) => !value.includes('\0'));
  const options = fc.array(fc.record({ name: text.filter((name) => name !== ''), value: text }), {
    maxLength: MAX_OPTIONS,
  });
  const wire = fc.nat(65_535);
  const packets: fc.Arbitrary<TftpPacket> = fc.oneof(
    fc.record({ op: fc.constantFrom('RRQ' as const, 'WRQ' as const), fileName: text, mode: text, options }),
    fc.record({ op: fc.constant('DATA' as const), block: wire, bytes: fc.uint8Array({ maxLength: 600 }) }),
    fc.record({ op: fc.constant('ACK' as const), block: wire }),
    fc.record({ op: fc.constant('ERROR' as const), code: wire, message: fc.stringMatching(/^[ -~]{0,60}$/) }),
    fc.record({ op: fc.constant('OACK' as const), options }),
  );

  test('writes what decodePacket reads', () => {
    fc.assert(
      fc.property(packets, (packet) => {
        expect(normal(decodePacket(encodePacket(packet)))).toEqual(normal(packet));
      }),
      { numRuns: 2000 },
    );
  });

  test('refuses a text with a NUL, which would begin another field', () => {
    expect(() => encodePacket({ op: 'ERROR', code: 0, message: 'a\0b' })).toThrow(RangeError);
  });
});

describe('layDataPackets', () => {
  for (const [what, firstBlock, length, blockBytes, expected] of [
    [
      'whole blocks',
      1,
      8,
      4,
      [
        [0, 3, 0, 1, 1, 2, 3, 4],
        [0, 3, 0, 2, 5, 6, 7, 8],
      ],
    ],
    [
      'a short last block',
      1,
      5,
      4,
      [
        [0, 3, 0, 1, 1, 2, 3, 4],
        [0, 3, 0, 2, 5],
      ],
    ],
    ['nothing for no bytes', 1, 0, 4, []],
    [
      'block 65,536 as 0',
      65_535,
      3,
      2,
      [
        [0, 3, 0xff, 0xff, 1, 2],
        [0, 3, 0, 0, 3],
      ],
    ],
  ] as const) {
    test(`lays out ${what}`, () => {
      const bytes = Uint8Array.from({ length }, (_, index) => index + 1);
      expect(layDataPackets(firstBlock, bytes, blockBytes).map((packet) => [...packet])).toEqual(expected);
    });
  }

  test('is the same as encoding each block', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 8, max: 70 }),
        fc.nat(200_000),
        (bytes, size, from) => {
          const packets = layDataPackets(from + 1, bytes, size);
          const expected = packets.map((_, index) =>
            encodePacket({
              op: 'DATA',
              block: (from + 1 + index) % 65_536,
              bytes: bytes.subarray(index * size, (index + 1) * size),
            }),
          );
          expect(packets).toEqual(expected);
        },
      ),
    );
  });

  test('the empty last block has its number modulo 2^16', () => {
    expect([...emptyDataPacket(65_537)]).toEqual([0, 3, 0, 1]);
  });
});

function rrq(
  fileName: string,
  mode: string,
  options: readonly { name: string; value: string }[],
): TftpPacket {
  return { op: 'RRQ', fileName, mode, options };
}

function error(code: number, text: string): Uint8Array {
  return Buffer.concat([Buffer.from([0, 5, 0, code]), Buffer.from(text)]);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Buffers and plain arrays with equal bytes count as equal. */
function normal(packet: TftpPacket): TftpPacket {
  return packet.op === 'DATA' ? { ...packet, bytes: Uint8Array.from(packet.bytes) } : packet;
}
