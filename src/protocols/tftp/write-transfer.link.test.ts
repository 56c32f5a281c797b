import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WRITE_TIMES, WriteTransfer } from './write-transfer.ts';

/** The engine and a sender over a link that loses, doubles and delays packets, in simulated time. */

type Fault = 'lose' | 'double' | 'delay';

interface Scene {
  readonly bytes: Uint8Array;
  readonly blockBytes: number;
  readonly windowBlocks: number;
  readonly storeMs: number;
  /** `position` counts the packets of both sides from 0. */
  readonly fault: (position: number) => Fault | undefined;
}

const HALF_TRIP_MS = 1;
const DELAY_MS = 7;
const SENDER_TIMEOUT_MS = 700;
/** More than any scene here may need; a storm ends in an error and not in a hang. */
const MOST_EVENTS = 200_000;

interface Result {
  readonly kept: Uint8Array;
  readonly senderDone: boolean;
  readonly engineEnd: string;
  readonly dataPackets: number;
  readonly answers: number;
  readonly faults: number;
}

/** A sender as RFC 1350 and 7440 want it: goes back to the block behind each ACK that is not the one it waits for. */
class Game {
  readonly #scene: Scene;
  readonly #engine: WriteTransfer;
  readonly #blocks: number;
  #agenda: { atMs: number; order: number; act: () => void }[] = [];
  #order = 0;
  #nowMs = 0;
  #packets = 0;
  #faults = 0;
  #data = 0;
  #answers = 0;
  #acknowledged = -1;
  #senderDone = false;
  #engineEnd = '';
  readonly #kept: Uint8Array[] = [];

  constructor(scene: Scene) {
    const { blockBytes, windowBlocks, bytes } = scene;
    this.#scene = scene;
    this.#blocks = Math.floor(bytes.length / blockBytes) + 1;
    this.#engine = new WriteTransfer({ blockBytes, windowBlocks, timeoutMs: undefined, begins: 'OACK' });
  }

  play(): Result {
    this.#carryOut(this.#engine.start());
    this.#senderClock(-1);
    for (let event = 0; this.#engineEnd === ''; event += 1) {
      if (event > MOST_EVENTS) throw new Error('The two sides never come to an end');
      this.#agenda.sort((one, other) => one.atMs - other.atMs || one.order - other.order);
      const next = this.#agenda.shift();
      const deadlineMs = this.#engine.deadlineMs;
      if (!next || deadlineMs < next.atMs) {
        if (deadlineMs === Infinity) throw new Error('Nothing will ever happen again');
        if (next) this.#agenda.push(next);
        this.#nowMs = deadlineMs;
        this.#carryOut(this.#engine.onTime(deadlineMs));
        continue;
      }
      this.#nowMs = next.atMs;
      next.act();
    }
    return {
      kept: Buffer.concat(this.#kept),
      senderDone: this.#senderDone,
      engineEnd: this.#engineEnd,
      dataPackets: this.#data,
      answers: this.#answers,
      faults: this.#faults,
    };
  }

  #at(inMs: number, act: () => void): void {
    this.#agenda.push({ atMs: this.#nowMs + inMs, order: (this.#order += 1), act });
  }

  #travel(arrive: () => void): void {
    const fault = this.#scene.fault(this.#packets++);
    if (fault) this.#faults += 1;
    if (fault !== 'lose') this.#at(fault === 'delay' ? HALF_TRIP_MS + DELAY_MS : HALF_TRIP_MS, arrive);
    if (fault === 'double') this.#at(HALF_TRIP_MS + 0.01, arrive);
  }

  #carryOut(action: ReturnType<WriteTransfer['start']>, bytes = Buffer.alloc(0)): void {
    if (action.do === 'finish' || action.do === 'abort') this.#engineEnd = action.do;
    if (action.do === 'send OACK' || action.do === 'acknowledge') {
      this.#answers += 1;
      const block = action.do === 'acknowledge' ? action.block : 0;
      this.#travel(() => this.#senderHears(block));
      this.#engine.sent(this.#nowMs);
    }
    if (action.do !== 'take') return;
    this.#kept.push(bytes);
    if (action.after === 'stored') this.#at(this.#scene.storeMs, () => this.#carryOut(this.#engine.stored()));
  }

  #senderHears(block: number): void {
    // A repeated ACK is not answered in lock step (RFC 1123 §4.2.3.1); in a window it tells of a gap (RFC 7440 §4).
    if (this.#senderDone || block < this.#acknowledged) return;
    if (block === this.#acknowledged && this.#scene.windowBlocks === 1) return;
    this.#acknowledged = block;
    this.#senderDone = block === this.#blocks;
    this.#sendWindow();
  }

  #sendWindow(): void {
    if (this.#senderDone || this.#acknowledged < 0) return;
    const { bytes, blockBytes, windowBlocks } = this.#scene;
    const end = Math.min(this.#acknowledged + windowBlocks, this.#blocks);
    for (let block = this.#acknowledged + 1; block <= end; block += 1) {
      const payload = Buffer.from(bytes.subarray((block - 1) * blockBytes, block * blockBytes));
      this.#data += 1;
      this.#travel(() =>
        this.#carryOut(this.#engine.onData(block % 65_536, payload.length, this.#nowMs), payload),
      );
    }
    this.#senderClock(this.#acknowledged);
  }

  #senderClock(waitsBehind: number): void {
    this.#at(SENDER_TIMEOUT_MS, () => {
      if (this.#senderDone || this.#acknowledged !== waitsBehind) return;
      if (waitsBehind < 0) this.#carryOut(this.#engine.onRequestAgain(this.#nowMs));
      if (waitsBehind < 0) this.#senderClock(waitsBehind);
      else this.#sendWindow();
    });
  }
}

function file(size: number): Uint8Array {
  return new Uint8Array(size).map((_, index) => (index * 31 + (index >>> 8) * 17) & 0xff);
}

function expectWhole(scene: Scene): void {
  const result = new Game(scene).play();
  expect([result.engineEnd, result.senderDone]).toEqual(['finish', true]);
  expect(Buffer.compare(result.kept, scene.bytes)).toBe(0);
  const blocks = Math.floor(scene.bytes.length / scene.blockBytes) + 1;
  // What one fault may cost; anything that went on doubling would soon be above it.
  expect(result.dataPackets).toBeLessThanOrEqual(blocks + result.faults * 3 * scene.windowBlocks);
}

const calm = { blockBytes: 8, storeMs: 0.1, fault: () => undefined };

describe('one fault on every position', () => {
  for (const windowBlocks of [1, 2, 3, 4, 7, 16]) {
    test(`windows of ${windowBlocks}`, () => {
      for (const size of [0, 1, 8 * windowBlocks - 1, 8 * windowBlocks, 8 * (2 * windowBlocks + 1) + 3]) {
        const scene = { ...calm, bytes: file(size), windowBlocks };
        const { dataPackets, answers } = new Game(scene).play();
        for (let position = 0; position < dataPackets + answers; position += 1) {
          for (const fault of ['lose', 'double', 'delay'] as const) {
            expectWhole({ ...scene, fault: (at) => (at === position ? fault : undefined) });
          }
        }
      }
    });
  }
});

test('any faults, as long as some packets arrive, lose no byte and store none twice', () => {
  const faults = fc.array(
    fc.constantFrom<Fault | undefined>(undefined, undefined, undefined, 'lose', 'double', 'delay'),
    {
      maxLength: 120,
    },
  );
  fc.assert(
    fc.property(
      faults,
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 1, max: 9 }),
      (list, size, windowBlocks) => {
        expectWhole({ ...calm, bytes: file(size), windowBlocks, fault: (at) => list[at] });
      },
    ),
    { numRuns: 300 },
  );
});

test('a sender that goes away is given up after all attempts', () => {
  const engine = new WriteTransfer({ blockBytes: 8, windowBlocks: 1, timeoutMs: undefined, begins: 'ACK' });
  engine.start();
  engine.sent(0);
  engine.onData(1, 8, 1);
  engine.stored();
  engine.sent(1);
  let attempts = 1;
  for (let action = engine.onTime(engine.deadlineMs); action.do === 'acknowledge'; attempts += 1) {
    engine.sent(engine.deadlineMs);
    action = engine.onTime(engine.deadlineMs);
  }
  expect(attempts).toBe(WRITE_TIMES.attempts);
});
