import type { SeededRandom } from '../../bench/seeded-random.ts';
import { ReadTransfer } from '../../src/protocols/tftp/read-transfer.ts';
import type { TransferAction } from '../../src/protocols/tftp/transfer-action.ts';
import { must } from './must.ts';

const MAX_EVENTS = 40;
/** Longer than any time-out of a transfer. */
const MAX_PAUSE_MS = 20_000;

/** One transfer whose client acknowledges, repeats, lies, is silent and breaks off at random. */
export function runTransfer(random: SeededRandom): void {
  const blockBytes = random.pick([8, 512, 1428]);
  const windowBlocks = random.pick([1, 1, 4, 16, 64]);
  const totalBytes = random.pick([0, blockBytes, random.below(200) * blockBytes, random.below(100_000_000)]);
  const shape = {
    blockBytes,
    windowBlocks,
    timeoutMs: random.chance(0.2) ? 1000 * (1 + random.below(60)) : undefined,
    sizeTold: random.chance(0.5),
    totalBytes,
    begins: random.chance(0.7) ? ('OACK' as const) : ('data' as const),
  };
  const transfer = new ReadTransfer(shape, 0);
  const lastBlock = Math.floor(totalBytes / blockBytes) + 1;
  let [nowMs, sentThrough, isOver] = [0, 0, false];
  const carryOut = (action: TransferAction): void => {
    if (action.do === 'wait') return;
    must(!isOver, 'nothing is done after the end');
    if (action.do === 'finish' || action.do === 'abort') {
      isOver = true;
      return;
    }
    if (action.do === 'send') {
      const end = action.from + action.count - 1;
      must(action.count >= 1 && action.count <= windowBlocks, 'no more than a window is sent');
      must(action.from >= 1 && end <= lastBlock, 'only blocks of the file are sent');
      must(action.last === (end === lastBlock), 'the last block is known');
      sentThrough = Math.max(sentThrough, end);
    }
    transfer.sent(nowMs);
  };
  carryOut(transfer.start());
  for (let left = random.below(MAX_EVENTS); left > 0; left -= 1) {
    nowMs += random.chance(0.8) ? random.below(50) : random.below(MAX_PAUSE_MS);
    carryOut(nextEvent(transfer, { nowMs, sentThrough }, random));
    must(Number.isFinite(transfer.deadlineMs), 'a transfer always has a deadline');
    must(transfer.acknowledgedBytes <= totalBytes && transfer.retransmissions >= 0, 'what is counted can be');
  }
}

function nextEvent(
  transfer: ReadTransfer,
  { nowMs, sentThrough }: { readonly nowMs: number; readonly sentThrough: number },
  random: SeededRandom,
): TransferAction {
  switch (random.below(12)) {
    case 0:
      return transfer.onAck(random.below(0x1_0000), nowMs);
    case 1:
      return transfer.onAck(Math.max(0, sentThrough - random.below(20)) % 0x1_0000, nowMs);
    case 2:
      return transfer.onRequestAgain(nowMs);
    case 3:
      return random.chance(0.1)
        ? transfer.onError(random.below(10), random.chance(0.5) ? 'No error' : '')
        : transfer.onTime(nowMs);
    case 4:
      return random.chance(0.1) ? transfer.onReplaced() : transfer.onTime(nowMs);
    case 5:
    case 6:
      return transfer.onTime(nowMs);
    default:
      return transfer.onAck(sentThrough % 0x1_0000, nowMs);
  }
}
