import type { SeededRandom } from '../../bench/seeded-random.ts';
import { type WriteAction, WriteTransfer } from '../../src/protocols/tftp/write-transfer.ts';
import { must } from './must.ts';

const MAX_EVENTS = 40;
/** Longer than any time-out of a transfer. */
const MAX_PAUSE_MS = 20_000;

/** One upload whose client sends, repeats, leaves out, is silent and breaks off at random. */
export function runUpload(random: SeededRandom): void {
  const blockBytes = random.pick([8, 512, 1428]);
  const windowBlocks = random.pick([1, 1, 4, 16, 64]);
  const timeoutMs = random.chance(0.2) ? 1000 * (1 + random.below(60)) : undefined;
  const begins = random.chance(0.7) ? 'OACK' : 'ACK';
  const transfer = new WriteTransfer({ blockBytes, windowBlocks, timeoutMs, begins });
  let [nowMs, taken, sinceAck, isOver, isStoring] = [0, 0, 0, false, false];
  const carryOut = (action: WriteAction): void => {
    if (action.do === 'wait') return;
    must(!isOver, 'nothing is done after the end');
    if (action.do === 'finish' || action.do === 'abort') {
      isOver = true;
    } else if (action.do === 'take') {
      must(!isStoring, 'nothing is taken while something is being kept');
      [taken, sinceAck] = [taken + 1, sinceAck + 1];
      must(sinceAck <= windowBlocks, 'no more than a window is taken without an answer');
      isStoring = action.after === 'stored';
      must(isStoring || !action.last, 'the last block is kept before it is acknowledged');
    } else {
      if (action.do === 'acknowledge') {
        must(action.block <= taken, 'nothing is acknowledged that did not come');
        sinceAck = 0;
      }
      transfer.sent(nowMs);
    }
  };
  carryOut(transfer.start());
  for (let left = random.below(MAX_EVENTS); left > 0; left -= 1) {
    nowMs += random.chance(0.8) ? random.below(50) : random.below(MAX_PAUSE_MS);
    if (isStoring && random.chance(0.7)) {
      isStoring = false;
      carryOut(transfer.stored());
    } else carryOut(nextEvent(transfer, { nowMs, taken, blockBytes }, random));
    must(isOver || isStoring || Number.isFinite(transfer.deadlineMs), 'an upload that waits has a deadline');
  }
}

function nextEvent(
  transfer: WriteTransfer,
  {
    nowMs,
    taken,
    blockBytes,
  }: { readonly nowMs: number; readonly taken: number; readonly blockBytes: number },
  random: SeededRandom,
): WriteAction {
  const bytes = random.chance(0.95) ? blockBytes : random.below(blockBytes + 2);
  switch (random.below(12)) {
    case 0:
      return transfer.onData(random.below(0x1_0000), bytes, nowMs);
    case 1:
      return transfer.onData(Math.max(0, taken - random.below(5)), bytes, nowMs);
    case 2:
      return transfer.onData(taken + 1 + random.below(5), bytes, nowMs);
    case 3:
      return transfer.onRequestAgain(nowMs);
    case 4:
      return random.chance(0.1) ? transfer.onError(random.below(10), 'no') : transfer.onTime(nowMs);
    case 5:
      return random.chance(0.1) ? transfer.onReplaced() : transfer.onTime(nowMs);
    default:
      return transfer.onData(taken + 1, bytes, nowMs);
  }
}
