import { describe, expect, test } from 'vitest';
import { ReadTransfer } from './read-transfer.ts';
import { TRANSFER_TIMES, type TransferAction, type TransferShape } from './transfer-action.ts';

const PLAIN: TransferShape = {
  totalBytes: 5 * 512,
  blockBytes: 512,
  windowBlocks: 1,
  timeoutMs: undefined,
  sizeTold: false,
  begins: 'data',
};
const WINDOW: TransferShape = { ...PLAIN, totalBytes: 100 * 512 - 1, windowBlocks: 4, begins: 'OACK' };

const wait: TransferAction = { do: 'wait' };
const oack: TransferAction = { do: 'send OACK' };
function send(from: number, count: number, last: 'last' | 'more' = 'more'): TransferAction {
  return { do: 'send', from, count, last: last === 'last' };
}

/** Drives an engine as a shell with an instant network card would. */
class Driver {
  readonly engine: ReadTransfer;
  now = 0;

  constructor(shape: TransferShape) {
    this.engine = new ReadTransfer(shape, 0);
  }
  start(): TransferAction {
    return this.#carryOut(this.engine.start());
  }
  ack(block: number): TransferAction {
    return this.#carryOut(this.engine.onAck(block, this.now));
  }
  again(): TransferAction {
    return this.#carryOut(this.engine.onRequestAgain(this.now));
  }
  /** Goes to the next deadline. */
  ring(): TransferAction {
    this.now = this.engine.deadlineMs;
    return this.#carryOut(this.engine.onTime(this.now));
  }
  #carryOut(action: TransferAction): TransferAction {
    if (action.do === 'send' || action.do === 'send OACK') this.engine.sent(this.now);
    return action;
  }
}

/** With the OACK acknowledged after a round trip of 1 ms, and the first window under way. */
function inWindow(): Driver {
  const driver = new Driver(WINDOW);
  driver.start();
  driver.now = 1;
  expect(driver.ack(0)).toEqual(send(1, 4));
  return driver;
}

describe('the plain way', () => {
  test('without options begins with block 1 and ends with the empty block of an even file', () => {
    const driver = new Driver({ ...PLAIN, totalBytes: 1024 });
    expect(driver.start()).toEqual(send(1, 1));
    expect(driver.ack(1)).toEqual(send(2, 1));
    expect(driver.ack(2)).toEqual(send(3, 1, 'last'));
    expect(driver.ack(3)).toEqual({ do: 'finish', outcome: 'sent' });
    expect(driver.engine.acknowledgedBytes).toBe(1024);
    expect(driver.engine.retransmissions).toBe(0);
  });

  test('with options begins with the OACK, and ACK 0 asks for the data', () => {
    const driver = new Driver({ ...PLAIN, totalBytes: 10, begins: 'OACK' });
    expect(driver.start()).toEqual(oack);
    expect(driver.ack(0)).toEqual(send(1, 1, 'last'));
    expect(driver.ack(1)).toEqual({ do: 'finish', outcome: 'sent' });
  });

  test('an empty file is one empty block', () => {
    const driver = new Driver({ ...PLAIN, totalBytes: 0 });
    expect(driver.start()).toEqual(send(1, 1, 'last'));
    expect(driver.ack(1)).toEqual({ do: 'finish', outcome: 'sent' });
  });

  test('sends whole windows, the last one as long as the file lasts', () => {
    const driver = new Driver({ ...WINDOW, totalBytes: 6 * 512 - 1 });
    driver.start();
    expect(driver.ack(0)).toEqual(send(1, 4));
    expect(driver.ack(4)).toEqual(send(5, 2, 'last'));
    expect(driver.ack(6)).toEqual({ do: 'finish', outcome: 'sent' });
  });

  test('goes on with 0 after block 65,535, as often as needed', () => {
    const driver = new Driver({ ...PLAIN, totalBytes: 140_000 * 8, blockBytes: 8 });
    driver.start();
    const wrong: number[] = [];
    for (let block = 1; block <= 140_000; block += 1) {
      const action = driver.ack(block % 65_536);
      if (action.do !== 'send' || action.from !== block + 1 || action.count !== 1) wrong.push(block);
    }
    expect(wrong).toEqual([]);
    expect(driver.ack(140_001 % 65_536)).toEqual({ do: 'finish', outcome: 'sent' });
  });
});

describe('in lock step', () => {
  test('a repeated ACK is never answered (the Sorcerer’s Apprentice)', () => {
    const driver = new Driver(PLAIN);
    driver.start();
    driver.ack(1);
    expect(driver.ack(1)).toEqual(wait);
    expect(driver.ack(1)).toEqual(wait);
    expect(driver.engine.deadlineMs).toBe(TRANSFER_TIMES.shortestTimeoutMs);
    expect(driver.ack(2)).toEqual(send(3, 1));
  });

  for (const [what, block] of [
    ['of a block that was not sent', 3],
    ['of a block from the past', 65_000],
    ['that answers an OACK nobody sent', 7],
  ] as const) {
    test(`an ACK ${what} is nothing`, () => {
      const driver = new Driver(PLAIN);
      driver.start();
      driver.ack(1);
      expect(driver.ack(block)).toEqual(wait);
    });
  }

  test('an ACK other than 0 does not answer the OACK', () => {
    const driver = new Driver({ ...PLAIN, begins: 'OACK' });
    driver.start();
    expect(driver.ack(1)).toEqual(wait);
    expect(driver.ack(0)).toEqual(send(1, 1));
  });
});

describe('in a window', () => {
  test('an ACK of a part sends what follows it, at once', () => {
    const driver = inWindow();
    driver.now += 1;
    expect(driver.ack(2)).toEqual(send(3, 4));
    expect(driver.engine.retransmissions).toBe(2);
  });

  test('EDK2’s repeated ACKs, one for every block out of order, roll back once', () => {
    const driver = inWindow();
    driver.now += 1;
    expect(driver.ack(1)).toEqual(send(2, 4)); // block 2 was lost: ACK 1 for block 3 ...
    expect(driver.ack(1)).toEqual(wait); //       ... and for block 4
    driver.now += 1;
    expect(driver.ack(5)).toEqual(send(6, 4));
    driver.now += 1;
    expect(driver.ack(9)).toEqual(send(10, 4));
    expect(driver.engine.retransmissions).toBe(3);
  });

  test('the loss of a window’s first block is repaired soon, not after a second', () => {
    const driver = inWindow();
    driver.now += 1;
    driver.ack(4);
    const sentMs = driver.now;
    driver.now += 1;
    expect(driver.ack(4)).toEqual(wait);
    expect(driver.ack(4)).toEqual(wait);
    expect(driver.engine.deadlineMs).toBe(sentMs + TRANSFER_TIMES.rollBackMs);
    expect(driver.ring()).toEqual(send(5, 4));
    driver.now += 1;
    expect(driver.ack(4)).toEqual(wait);
    expect(driver.engine.deadlineMs).toBe(driver.now + TRANSFER_TIMES.shortestTimeoutMs);
  });

  test('and again after the time was up', () => {
    const driver = inWindow();
    driver.ack(0);
    expect(driver.ring()).toEqual(send(1, 4));
    expect(driver.ack(0)).toEqual(wait);
    expect(driver.ring()).toEqual(send(1, 4));
    expect(driver.ack(0)).toEqual(wait);
    expect(driver.engine.deadlineMs).toBe(driver.now + TRANSFER_TIMES.rollBackMs);
  });

  test('the answer to a repeated ACK is put off for two round trips on a slow link', () => {
    const driver = new Driver(WINDOW);
    driver.start();
    driver.now = 300;
    driver.ack(0);
    driver.now = 600;
    driver.ack(4);
    driver.now = 610;
    driver.ack(4);
    expect(driver.engine.deadlineMs).toBe(600 + 2 * 300);
  });

  test('a client that acknowledges every block does not get a window for each', () => {
    const driver = new Driver({ ...WINDOW, windowBlocks: 16 });
    driver.start();
    driver.ack(0);
    const answers = Array.from({ length: 16 }, (_, index) => driver.ack(index + 1));
    expect(answers.slice(0, 3)).toEqual([send(2, 16), send(18, 1), send(19, 1)]);
    expect(driver.engine.retransmissions).toBe(15);
  });

  test('a client that has the repeated blocks already, and says so, gets no further copies', () => {
    const driver = inWindow();
    expect(driver.ack(0)).toEqual(wait); // block 1 was late, not lost
    expect(driver.ring()).toEqual(send(1, 4));
    expect(driver.ack(1)).toEqual(send(5, 1)); // it came the second time; blocks 2 to 4 are taken now
    expect(driver.ack(5)).toEqual(send(6, 4));
    expect(driver.engine.retransmissions).toBe(4);
  });

  test('at the end of the file a part is not filled up with nothing', () => {
    const driver = new Driver({ ...WINDOW, totalBytes: 4 * 512 - 1 });
    driver.start();
    driver.ack(0);
    expect(driver.ack(1)).toEqual(send(2, 3, 'last'));
    expect(driver.ack(2)).toEqual(wait);
    expect(driver.engine.deadlineMs).toBe(TRANSFER_TIMES.shortestTimeoutMs);
    expect(driver.ack(4)).toEqual({ do: 'finish', outcome: 'sent' });
  });

  test('block numbers wrap inside a window', () => {
    const driver = new Driver({ ...WINDOW, blockBytes: 8, totalBytes: 70_000 * 8 });
    driver.start();
    driver.ack(0);
    for (let block = 4; block <= 65_532; block += 4) driver.ack(block);
    expect(driver.ack(65_535)).toEqual(send(65_536, 4));
    driver.now += 10;
    expect(driver.ack(1)).toEqual(send(65_540, 2));
    driver.now += 10;
    expect(driver.ack(5)).toEqual(send(65_542, 4));
  });
});

describe('time', () => {
  test('doubles between repetitions up to its limit, and when its patience is over the client is gone', () => {
    const driver = new Driver(PLAIN);
    driver.start();
    const times: number[] = [];
    let action: TransferAction = wait;
    while (action.do !== 'abort') {
      action = driver.ring();
      times.push(driver.now);
      if (action.do !== 'abort') expect(action).toEqual(send(1, 1));
    }
    expect(times).toEqual([400, 1200, 2800, 6000, 12_400, 20_400, 28_400, 31_000]);
    expect(action).toEqual({
      do: 'abort',
      because: 'the client did not answer',
      error: { code: 0, message: 'The transfer timed out' },
    });
    expect(driver.engine.retransmissions).toBe(7);
    expect(driver.ack(1)).toEqual(wait);
  });

  test('follows the measured round trip: 3 times the first one, then its mean and how far it strays', () => {
    const driver = new Driver(PLAIN);
    driver.start();
    driver.now = 100;
    driver.ack(1);
    expect(driver.engine.deadlineMs).toBe(100 + 300);
    driver.now = 200;
    driver.ack(2);
    expect(driver.engine.deadlineMs).toBe(200 + 100 + 4 * 37.5);
    expect(driver.engine.roundTripMs).toBe(100);
  });

  test('is not measured on what was sent twice, and stays doubled until something is (Karn’s rule)', () => {
    const driver = new Driver(PLAIN);
    driver.start();
    driver.now = 100;
    driver.ack(1);
    driver.ring();
    driver.now += 1;
    driver.ack(2);
    expect(driver.engine.roundTripMs).toBe(100);
    expect(driver.engine.deadlineMs).toBe(driver.now + 600);
    driver.now += 100;
    driver.ack(3);
    expect(driver.engine.deadlineMs).toBe(driver.now + 100 + 4 * 37.5);
  });

  for (const [knownMs, firstMs] of [
    [1, TRANSFER_TIMES.shortestFirstTimeoutMs],
    [500, 1500],
    [undefined, TRANSFER_TIMES.firstTimeoutMs],
  ] as const) {
    test(`before the first answer is ${firstMs} ms when the client’s last transfer measured ${knownMs}`, () => {
      const engine = new ReadTransfer(PLAIN, 0, TRANSFER_TIMES, knownMs);
      engine.start();
      engine.sent(0);
      expect(engine.deadlineMs).toBe(firstMs);
    });
  }

  test('that the client asked for bounds the first wait, and is waited for six times', () => {
    const short = new Driver({ ...PLAIN, timeoutMs: 100, begins: 'OACK' });
    short.start();
    expect(short.ring()).toEqual(oack);
    expect(short.now).toBe(100);
    const long = new Driver({ ...PLAIN, timeoutMs: 10_000, begins: 'OACK' });
    long.start();
    let action: TransferAction = wait;
    while (action.do !== 'abort') action = long.ring();
    expect(long.now).toBe(60_000);
  });

  test('that is too early changes nothing', () => {
    const driver = new Driver(PLAIN);
    driver.start();
    expect(driver.engine.onTime(TRANSFER_TIMES.firstTimeoutMs - 1)).toEqual(wait);
  });

  test('stands still while an action waits for its bytes, up to the idle limit', () => {
    const engine = new ReadTransfer(PLAIN, 0);
    engine.start();
    expect(engine.deadlineMs).toBe(TRANSFER_TIMES.idleMs);
    expect(engine.onTime(5000)).toEqual(wait);
    expect(engine.onTime(TRANSFER_TIMES.idleMs)).toMatchObject({
      do: 'abort',
      because: 'the client did not answer',
    });
  });

  test('that is idle ends the transfer, whatever the client’s timeout is', () => {
    const driver = new Driver({ ...PLAIN, timeoutMs: 50_000 });
    driver.start();
    driver.now = 10;
    driver.ack(1);
    let action: TransferAction = wait;
    while (action.do !== 'abort') action = driver.ring();
    expect(driver.now).toBe(10 + TRANSFER_TIMES.idleMs);
  });

  test('never runs out because of repeated ACKs: they do not count as progress', () => {
    const driver = new Driver(WINDOW);
    driver.start();
    driver.ack(0);
    let action: TransferAction = wait;
    for (let ring = 0; ring < 50 && action.do !== 'abort'; ring += 1) {
      action = driver.ring();
      if (action.do === 'send') driver.ack(0);
    }
    expect(action).toMatchObject({ do: 'abort' });
  });
});

describe('the end', () => {
  test('a client that never acknowledges the last block has the file all the same', () => {
    const driver = new Driver({ ...PLAIN, totalBytes: 600 });
    driver.start();
    driver.ack(1);
    let action = driver.ring();
    while (action.do === 'send') action = driver.ring();
    expect(driver.now).toBe(TRANSFER_TIMES.lastPatienceMs);
    expect(action).toEqual({
      do: 'finish',
      outcome: 'sent',
      because: 'the client did not acknowledge the end of the file',
    });
  });

  test('but one that never said anything has not', () => {
    const driver = new Driver({ ...PLAIN, totalBytes: 10 });
    driver.start();
    let action = driver.ring();
    while (action.do === 'send') action = driver.ring();
    expect(action).toMatchObject({ do: 'abort', because: 'the client did not answer' });
    expect(driver.now).toBe(TRANSFER_TIMES.patienceMs);
  });
});

describe('windows', () => {
  test('are counted, and so is how often a part of one was wanted again', () => {
    const driver = inWindow();
    driver.now += 1;
    driver.ack(4);
    driver.now += 1;
    driver.ack(6);
    expect(driver.engine.windows).toEqual({ whole: 2, rolledBack: 1 });
  });
});

describe('an ERROR of the client', () => {
  const sized: TransferShape = { ...PLAIN, begins: 'OACK', sizeTold: true };
  for (const [what, shape, acks, code, message, expected] of [
    ['8 after the size was told is a probe (EDK2)', sized, [], 8, 'User aborted the transfer', 'probe'],
    ['0 after the size was told is a probe (Intel)', sized, [], 0, 'TFTP Aborted', 'probe'],
    ['8 without a size asked is a failure', { ...sized, sizeTold: false }, [], 8, '', 'abort'],
    ['1 after the size is a failure', sized, [], 1, 'what?', 'abort'],
    [
      '3 for want of room is a probe (shim asks again with a larger buffer)',
      sized,
      [0, 1],
      3,
      'User provided memory block is too small',
      'probe',
    ],
    ['0 in the middle is a failure', sized, [0, 1], 0, 'gone', 'abort'],
    [
      'that says "no error" in the middle is a probe (pxelinux)',
      sized,
      [0, 1],
      0,
      'No error, file close',
      'probe',
    ],
  ] as const) {
    test(what, () => {
      const driver = new Driver(shape);
      driver.start();
      for (const block of acks) driver.ack(block);
      const action = driver.engine.onError(code, message);
      expect(action.do === 'finish' ? action.outcome : action.do).toBe(expected);
      expect('because' in action && action.because).toContain(message === '' ? `ERROR ${code}` : message);
      expect(action).not.toHaveProperty('error');
      expect(driver.engine.onError(code, message)).toEqual(wait);
      expect(driver.ack(0)).toEqual(wait);
    });
  }
});

describe('the same request once more', () => {
  test('is answered with the OACK while nothing was heard', () => {
    const driver = new Driver(WINDOW);
    driver.start();
    driver.now = 400;
    expect(driver.again()).toEqual(oack);
    driver.ack(0);
    expect(driver.engine.retransmissions).toBe(1);
  });

  test('is answered with block 1 when there is no OACK', () => {
    const driver = new Driver(PLAIN);
    driver.start();
    expect(driver.again()).toEqual(send(1, 1));
  });

  test('is nothing while the first answer is being made', () => {
    const engine = new ReadTransfer(PLAIN, 0);
    engine.start();
    expect(engine.onRequestAgain(100)).toEqual(wait);
  });

  test('is a late copy when the client was heard a moment ago', () => {
    const driver = inWindow();
    driver.now += TRANSFER_TIMES.lateCopyMs;
    expect(driver.again()).toEqual(wait);
  });

  test('is a client that was reset when it was silent for longer', () => {
    const driver = inWindow();
    driver.ack(4);
    driver.now += TRANSFER_TIMES.lateCopyMs + 1;
    const because = 'the client made another request from the same port after block 4 of 100';
    expect(driver.again()).toEqual({ do: 'abort', because });
    expect(driver.again()).toEqual(wait);
  });
});

describe('another request from the same port', () => {
  for (const [what, shape, acks, expected] of [
    ['while the file is under way is a failure', PLAIN, [1], 'abort'],
    ['at the end is a client that has the file', { ...PLAIN, totalBytes: 600 }, [1], 'sent'],
    ['after the size was told is a probe', { ...WINDOW, sizeTold: true }, [], 'probe'],
    ['after an OACK without a size is a failure', WINDOW, [], 'abort'],
  ] as const) {
    test(what, () => {
      const driver = new Driver(shape);
      driver.start();
      for (const block of acks) driver.ack(block);
      const action = driver.engine.onReplaced();
      expect(action.do === 'finish' ? action.outcome : action.do).toBe(expected);
    });
  }
});
