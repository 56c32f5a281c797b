import { describe, expect, test } from 'vitest';
import { ReadTransfer } from '../../src/protocols/tftp/read-transfer.ts';
import { decodePacket, encodePacket, layDataPackets } from '../../src/protocols/tftp/packet.ts';
import { SeededRandom } from '../seeded-random.ts';
import { type ClientAction, ReadingClient, type ReadingWish } from './reading-client.ts';

const FILE = new SeededRandom(1).bytes(2500);
const WISH: ReadingWish = {
  fileName: 'f',
  blockBytes: 1000,
  windowBlocks: 1,
  expected: FILE,
  timeoutMs: 1000,
  attempts: 3,
};
const OACK = encodePacket({ op: 'OACK', options: [{ name: 'blksize', value: '1000' }] });
const OACK_WINDOW = encodePacket({
  op: 'OACK',
  options: [
    { name: 'blksize', value: '500' },
    { name: 'windowsize', value: '2' },
  ],
});
const [FIRST, SECOND, THIRD] = layDataPackets(1, FILE, 1000) as [Uint8Array, Uint8Array, Uint8Array];
const HALVES = layDataPackets(1, FILE, 500);

/** What is sent, for people: `ACK 1`. */
function shown(action: ClientAction): string {
  if (action.do === 'wait') return 'wait';
  if (action.do === 'fail') return `fail: ${action.because}`;
  const packet = decodePacket(action.bytes);
  const text = packet.op === 'ACK' ? `ACK ${packet.block}` : packet.op;
  return action.do === 'finish' ? `${text}, finish` : text;
}

/** What it says to each of these packets. */
function talk(wish: ReadingWish, packets: readonly Uint8Array[]): readonly string[] {
  const client = new ReadingClient(wish, 0);
  return packets.map((packet, index) => shown(client.onPacket(packet, index)));
}

describe('ReadingClient', () => {
  for (const [what, wish, packets, said] of [
    ['a file in lock step', {}, [OACK, FIRST, SECOND, THIRD], ['ACK 0', 'ACK 1', 'ACK 2', 'ACK 3, finish']],
    ['a repeated OACK', {}, [OACK, OACK, FIRST, OACK], ['ACK 0', 'ACK 0', 'ACK 1', 'wait']],
    ['a repeated block', {}, [OACK, FIRST, FIRST, SECOND], ['ACK 0', 'ACK 1', 'ACK 1', 'ACK 2']],
    [
      'a window',
      { windowBlocks: 2 },
      [OACK_WINDOW, ...HALVES.slice(0, 4)],
      ['ACK 0', 'wait', 'ACK 2', 'wait', 'ACK 4'],
    ],
    [
      'a gap in a window, told once',
      { windowBlocks: 2 },
      [OACK_WINDOW, HALVES[0]!, HALVES[2]!, HALVES[3]!, HALVES[1]!],
      ['ACK 0', 'wait', 'ACK 1', 'wait', 'wait'],
    ],
    [
      'an ERROR',
      {},
      [encodePacket({ op: 'ERROR', code: 1, message: 'no' })],
      ['fail: the server said ERROR 1 "no"'],
    ],
    ['other bytes', {}, [OACK, SECOND.with(3, 1)], ['ACK 0', 'fail: block 1 has other bytes than the file']],
    [
      'an end that comes early',
      {},
      [OACK, FIRST, SECOND.subarray(0, 500)],
      ['ACK 0', 'ACK 1', 'fail: the file ended after 1496 of 2500 bytes'],
    ],
    [
      'a block size that is too large',
      {},
      [encodePacket({ op: 'OACK', options: [{ name: 'blksize', value: '1001' }] })],
      ['fail: the server granted more than it was asked for'],
    ],
  ] as const) {
    test(`answers ${what}`, () => expect(talk({ ...WISH, ...wish }, packets)).toEqual(said));
  }

  test('a server that knows no options sends 512 bytes a block', () => {
    const blocks = layDataPackets(1, FILE, 512);
    expect(talk(WISH, blocks).at(-1)).toBe('ACK 5, finish');
  });

  test('repeats its last packet when nothing comes, and gives up after its attempts', () => {
    const client = new ReadingClient(WISH, 0);
    expect(shown(client.onTime(999))).toBe('wait');
    expect(shown(client.onTime(1000))).toBe('RRQ');
    client.onPacket(OACK, 1500);
    client.onPacket(FIRST, 1600);
    expect([2600, 3600, 4600, 5600].map((nowMs) => shown(client.onTime(nowMs)))).toEqual([
      'ACK 1',
      'ACK 1',
      'ACK 1',
      'fail: nothing came for 3 repetitions after block 1',
    ]);
    expect(client.repetitions).toBe(4);
    expect(client.deadlineMs).toBe(Infinity);
  });

  for (const windowBlocks of [1, 4, 16]) {
    test(`gets a file whole over a link that loses 5 % both ways, windowsize ${windowBlocks}`, () => {
      for (let seed = 0; seed < 30; seed += 1) expect(overLossyLink(windowBlocks, seed)).toBe('finish');
    });
  }
});

/** Muster's own sending engine against the client, with a virtual clock. */
function overLossyLink(windowBlocks: number, seed: number): ClientAction['do'] {
  const random = new SeededRandom(seed);
  const expected = random.bytes(40_000);
  const client = new ReadingClient({ ...WISH, blockBytes: 512, windowBlocks, expected, attempts: 20 }, 0);
  const blocks = layDataPackets(1, expected, 512);
  const shape = {
    blockBytes: 512,
    windowBlocks,
    timeoutMs: undefined,
    sizeTold: false,
    totalBytes: expected.length,
    begins: 'OACK',
  } as const;
  const server = new ReadTransfer(shape, 0);
  const options = [
    { name: 'blksize', value: '512' },
    { name: 'windowsize', value: String(windowBlocks) },
  ];
  const toClient: Uint8Array[] = [];
  const toServer: Uint8Array[] = [];
  let nowMs = 0;
  let ended: ClientAction['do'] = 'wait';
  const carryOut = (action: ReturnType<ReadTransfer['start']>): void => {
    if (action.do !== 'send' && action.do !== 'send OACK') return;
    if (action.do === 'send OACK') toClient.push(encodePacket({ op: 'OACK', options }));
    else toClient.push(...blocks.slice(action.from - 1, action.from - 1 + action.count));
    server.sent(nowMs);
  };
  const hear = (action: ClientAction): void => {
    if (action.do === 'finish' || action.do === 'fail') ended = action.do;
    if (action.do === 'send' || action.do === 'finish') toServer.push(action.bytes);
  };
  carryOut(server.start());
  for (; nowMs < 300_000; nowMs += 5) {
    if (ended !== 'wait') break;
    for (const packet of toClient.splice(0)) if (!random.chance(0.05)) hear(client.onPacket(packet, nowMs));
    for (const packet of toServer.splice(0)) {
      const read = decodePacket(packet);
      if (read.op === 'ACK' && !random.chance(0.05)) carryOut(server.onAck(read.block, nowMs));
    }
    hear(client.onTime(nowMs));
    carryOut(server.onTime(nowMs));
  }
  return ended;
}
