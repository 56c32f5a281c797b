import { expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import { encodeEmptyAdvertisement, encodeSolicitation } from './router-message.ts';
import { ROUTER_MESSAGES } from './socket-filter.ts';
import { frameOf, routerFrame } from './suite/router-frames.ts';

/** What the kernel does with the few instructions that are used here: bytes it would keep. */
function runFilter(frame: Uint8Array): number {
  const bytes = Buffer.from(frame);
  let value = 0;
  for (let step = 0; step < ROUTER_MESSAGES.length; step += 1) {
    const [code, whenTrue, whenFalse, operand] = ROUTER_MESSAGES[step]!;
    switch (code) {
      case 0x30:
        // A load behind the end of a frame drops it.
        if (operand >= bytes.length) return 0;
        value = bytes.readUInt8(operand);
        break;
      case 0x15:
        step += value === operand ? whenTrue : whenFalse;
        break;
      case 0x06:
        return operand;
      default:
        throw new Error(`0x${code.toString(16)} is none of the instructions`);
    }
  }
  throw new Error('The filter ends without a decision');
}

const MAC = parseMac('52:54:00:00:00:01');
const echo = frameOf({ source: 'fe80::1', body: '8000000000010001' });
const udp = Buffer.from(routerFrame()).fill(17, 20, 21);

for (const [what, frame, keeps] of [
  ['a solicitation', encodeSolicitation(MAC), true],
  ['an advertisement', encodeEmptyAdvertisement(MAC), true],
  ['an echo request', echo, false],
  [
    'a neighbour solicitation',
    frameOf({ source: 'fe80::1', body: `8700000000000000${'00'.repeat(16)}` }),
    false,
  ],
  ['UDP', udp, false],
  ['a frame that is cut off', routerFrame().subarray(0, 54), false],
] as const) {
  test(`${what} ${keeps ? 'passes' : 'is kept away'}`, () => expect(runFilter(frame) > 0).toBe(keeps));
}
