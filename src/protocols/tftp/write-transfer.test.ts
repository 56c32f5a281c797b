import { describe, expect, test } from 'vitest';
import { WRITE_TIMES, WriteTransfer, type WriteShape } from './write-transfer.ts';

const lockStep: WriteShape = { blockBytes: 8, windowBlocks: 1, timeoutMs: undefined, begins: 'ACK' };
const windows: WriteShape = { ...lockStep, windowBlocks: 4, begins: 'OACK' };

/** An engine whose first answer has left at time 0. */
function begun(shape: WriteShape): WriteTransfer {
  const engine = new WriteTransfer(shape);
  engine.start();
  engine.sent(0);
  return engine;
}

/** Takes whole blocks in order, each stored at once where the engine wants that. */
function take(engine: WriteTransfer, from: number, to: number, nowMs = 0): void {
  for (let block = from; block <= to; block += 1) {
    const action = engine.onData(block % 65_536, 8, nowMs);
    if (action.do !== 'take') throw new Error(`Block ${block}: ${action.do}`);
    if (action.after === 'stored') engine.stored();
    engine.sent(nowMs);
  }
}

describe('the first answer', () => {
  test('is ACK 0 without options, and the OACK with them', () => {
    expect(new WriteTransfer(lockStep).start()).toEqual({ do: 'acknowledge', block: 0 });
    expect(new WriteTransfer(windows).start()).toEqual({ do: 'send OACK' });
  });

  test('is sent again when the request or nothing comes', () => {
    const engine = begun(lockStep);
    expect(engine.onRequestAgain(10)).toEqual({ do: 'acknowledge', block: 0 });
    expect(engine.onTime(1000)).toEqual({ do: 'acknowledge', block: 0 });
    expect(engine.retransmissions).toBe(2);
  });

  test('is given up after six times', () => {
    const engine = begun(windows);
    let nowMs = 0;
    for (let attempt = 2; attempt <= WRITE_TIMES.attempts; attempt += 1) {
      nowMs = engine.deadlineMs;
      expect(engine.onTime(nowMs)).toEqual({ do: 'send OACK' });
      engine.sent(nowMs);
    }
    expect(engine.onTime(engine.deadlineMs)).toMatchObject({
      do: 'abort',
      because: 'the client sent nothing',
    });
  });
});

describe('in lock step', () => {
  test('each block is acknowledged once it is kept, and nothing is taken before', () => {
    const engine = begun(lockStep);
    expect(engine.onData(1, 8, 5)).toEqual({ do: 'take', last: false, after: 'stored' });
    expect(engine.onData(2, 8, 5)).toEqual({ do: 'wait' });
    expect(engine.deadlineMs).toBe(Infinity);
    expect(engine.stored()).toEqual({ do: 'acknowledge', block: 1 });
  });

  test('a block that comes twice is acknowledged twice and kept once', () => {
    const engine = begun(lockStep);
    take(engine, 1, 1);
    expect(engine.onData(1, 8, 9)).toEqual({ do: 'acknowledge', block: 1 });
    expect(engine.onData(1, 8, 9)).toEqual({ do: 'acknowledge', block: 1 });
    expect(engine.onData(2, 8, 9)).toMatchObject({ do: 'take' });
  });

  for (const [what, block] of [
    ['one from the future', 3],
    ['a very old one', 65_500],
    ['block 0', 0],
  ] as const) {
    test(`${what} means nothing`, () => {
      const engine = begun(lockStep);
      if (block !== 0) take(engine, 1, 1);
      expect(engine.onData(block, 8, 1)).toEqual({ do: 'wait' });
    });
  }

  test('a block larger than was agreed is not taken', () => {
    expect(begun(lockStep).onData(1, 9, 1)).toEqual({ do: 'wait' });
  });

  test('block numbers go on with 0 after 65,535', () => {
    const engine = begun(lockStep);
    take(engine, 1, 65_535);
    expect(engine.onData(0, 8, 1)).toMatchObject({ do: 'take' });
    expect(engine.stored()).toEqual({ do: 'acknowledge', block: 65_536 });
  });
});

describe('in windows', () => {
  test('the last block of a window is acknowledged, and the end of the file', () => {
    const engine = begun(windows);
    for (const block of [1, 2, 3]) expect(engine.onData(block, 8, 1)).toMatchObject({ after: 'go on' });
    expect(engine.onData(4, 8, 1)).toMatchObject({ after: 'stored', last: false });
    expect(engine.stored()).toEqual({ do: 'acknowledge', block: 4 });
    expect(engine.onData(5, 3, 1)).toEqual({ do: 'take', last: true, after: 'stored' });
    expect(engine.stored()).toEqual({ do: 'acknowledge', block: 5 });
  });

  test('a gap is told once, and the window begins anew behind it', () => {
    const engine = begun(windows);
    take(engine, 1, 1);
    expect(engine.onData(3, 8, 1)).toEqual({ do: 'acknowledge', block: 1 });
    expect(engine.onData(4, 8, 1)).toEqual({ do: 'wait' });
    for (const block of [2, 3, 4]) expect(engine.onData(block, 8, 2)).toMatchObject({ after: 'go on' });
    expect(engine.onData(5, 8, 2)).toMatchObject({ after: 'stored' });
  });

  test('a whole window that comes again is acknowledged once, and not while it may only be late', () => {
    const engine = begun(windows);
    take(engine, 1, 4);
    const answersAt = (nowMs: number) => [1, 2, 3, 4].map((block) => engine.onData(block, 8, nowMs).do);
    expect(answersAt(9)).toEqual(['wait', 'wait', 'wait', 'wait']);
    expect(answersAt(700)).toEqual(['wait', 'wait', 'wait', 'acknowledge']);
  });

  test('a window that stays incomplete is asked for again after a second', () => {
    const engine = begun(windows);
    take(engine, 1, 2, 100);
    expect(engine.deadlineMs).toBe(1100);
    expect(engine.onTime(1100)).toEqual({ do: 'acknowledge', block: 2 });
  });
});

describe('the end', () => {
  function atTheEnd(): WriteTransfer {
    const engine = begun(lockStep);
    engine.onData(1, 0, 10);
    engine.stored();
    engine.sent(20);
    return engine;
  }

  test('is acknowledged again while the client may not have heard it, and then it is over', () => {
    const engine = atTheEnd();
    expect(engine.onData(1, 0, 30)).toEqual({ do: 'acknowledge', block: 1 });
    engine.sent(30);
    expect(engine.onTime(30 + WRITE_TIMES.dallyMs)).toEqual({ do: 'finish' });
    expect(engine.onData(1, 0, 40_000)).toEqual({ do: 'wait' });
  });

  test('cannot be undone by an ERROR or another request', () => {
    expect(atTheEnd().onError(0, 'late')).toEqual({ do: 'finish' });
    expect(atTheEnd().onReplaced()).toEqual({ do: 'finish' });
  });

  test('before it, an ERROR of the client or another request loses the file', () => {
    const one = begun(lockStep);
    take(one, 1, 1);
    expect(one.onError(3, 'no')).toEqual({
      do: 'abort',
      because: 'the client ended it with ERROR 3 "no" after block 1',
    });
    const other = begun(lockStep);
    take(other, 1, 1, 5);
    expect(other.onRequestAgain(100)).toEqual({ do: 'wait' });
    expect(other.onRequestAgain(5000)).toMatchObject({ do: 'abort' });
  });
});

test('the client’s own timeout is kept', () => {
  expect(begun({ ...lockStep, timeoutMs: 3000 }).deadlineMs).toBe(3000);
});
