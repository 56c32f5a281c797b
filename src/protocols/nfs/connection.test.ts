import { describe, expect, test } from 'vitest';
import type { PreparedCall } from './answer-calls.ts';
import { ReplyMemory, RpcConnection } from './connection.ts';
import { PEER } from './suite/asked-engine.ts';
import { marked, words } from './suite/rpc-messages.ts';

/** A call here is one number: the bytes that its reply is thought to take. Its reply has as many, or `actual`. */
class FakeClient {
  readonly sent: { readonly bytes: number; readonly taken: () => void }[] = [];
  readonly memory: ReplyMemory;
  readonly connection: RpcConnection;
  readonly dropped: unknown[] = [];
  readonly answers: (() => void)[] = [];
  given = 0;
  isPaused = false;
  isDestroyed = false;
  nowMs = 0;

  constructor({
    memory = new ReplyMemory(1_000_000),
    actual,
    answers = 'later',
  }: { memory?: ReplyMemory; actual?: number; answers?: 'at once' | 'later' } = {}) {
    this.memory = memory;
    const prepare = (message: Uint8Array): PreparedCall => {
      const replyBytes = Buffer.from(message).readUInt32BE(0);
      const sent = (): void => {
        this.given += 1;
      };
      return {
        replyBytes,
        answer: (reply) => {
          const go = (): void => reply({ pieces: [new Uint8Array((actual ?? replyBytes) - 4)], sent });
          if (answers === 'at once') go();
          else this.answers.push(go);
        },
      };
    };
    this.connection = new RpcConnection({
      peer: PEER,
      memory,
      desk: { prepare },
      limits: { callBytes: 1000, callsAtOnce: 4, replyBytes: 10_000 },
      now: () => this.nowMs,
      dropped: (error) => this.dropped.push(error),
      wire: {
        send: (pieces, taken) =>
          this.sent.push({ bytes: pieces.reduce((sum, piece) => sum + piece.length, 0), taken }),
        pause: () => {
          this.isPaused = true;
        },
        resume: () => {
          this.isPaused = false;
        },
        destroy: () => {
          this.isDestroyed = true;
        },
      },
    });
  }

  ask(...replyBytes: readonly number[]): void {
    this.connection.onBytes(Buffer.concat(replyBytes.map((bytes) => marked(words(bytes)))));
  }

  /** Lets all answers under way be worked out. */
  async work(): Promise<void> {
    for (const go of this.answers.splice(0)) go();
    await new Promise((resolve) => setImmediate(resolve));
  }

  take(): void {
    this.sent.shift()?.taken();
  }
}

describe('a connection', () => {
  test('answers calls that came together, each as soon as it can', async () => {
    const client = new FakeClient();
    client.ask(100, 200, 300);
    expect(client.answers).toHaveLength(3);
    await client.work();
    expect(client.sent.map(({ bytes }) => bytes)).toEqual([100, 200, 300]);
    expect(client.isPaused).toBe(false);
  });

  test('answers a thousand calls that need no work, one after another as they are taken', () => {
    const client = new FakeClient({ answers: 'at once' });
    for (let calls = 0; calls < 1000; calls += 1) client.ask(3000);
    expect([client.sent.length, client.isPaused]).toEqual([3, true]);
    for (let taken = 0; taken < 1000; taken += 1) client.take();
    expect([client.sent.length, client.memory.usedBytes, client.isPaused]).toEqual([0, 0, false]);
    expect(client.given).toBe(1000);
  });

  test('reads no more while as many are answered as may be, and goes on after', async () => {
    const client = new FakeClient();
    client.ask(10, 20, 30, 40, 50, 60);
    expect([client.answers.length, client.isPaused]).toEqual([4, true]);
    await client.work();
    expect([client.answers.length, client.isPaused]).toEqual([2, false]);
  });

  test('that takes nothing costs no more than its limit, however much it asks for', async () => {
    const client = new FakeClient();
    for (let calls = 0; calls < 100; calls += 1) client.ask(3000);
    for (let turns = 0; turns < 10; turns += 1) await client.work();
    expect(client.sent).toHaveLength(3);
    expect([client.memory.usedBytes, client.isPaused]).toEqual([9000, true]);
    client.take();
    await client.work();
    expect(client.sent).toHaveLength(3);
  });

  test('gets an answer that is larger than its limit when it has no other', async () => {
    const client = new FakeClient();
    client.ask(50_000, 10);
    expect(client.answers).toHaveLength(1);
    await client.work();
    client.take();
    await client.work();
    expect(client.sent).toHaveLength(1);
  });

  test('holds what its answers really take, not what was thought', async () => {
    const client = new FakeClient({ actual: 40 });
    client.ask(9000);
    expect(client.memory.usedBytes).toBe(9000);
    await client.work();
    expect(client.memory.usedBytes).toBe(40);
    client.take();
    expect([client.memory.usedBytes, client.given]).toEqual([0, 1]);
  });

  test('waits for memory that another one holds, and gets it when that one has ended', async () => {
    const memory = new ReplyMemory(10_000);
    const [first, second] = [new FakeClient({ memory }), new FakeClient({ memory })];
    first.ask(9000);
    second.ask(2000);
    expect([second.answers.length, second.isPaused, memory.isWanted]).toEqual([0, true, true]);
    first.connection.end();
    expect(first.isDestroyed).toBe(true);
    expect([second.answers.length, second.isPaused, memory.isWanted]).toEqual([1, false, false]);
    await Promise.all([first.work(), second.work()]);
    expect(first.sent).toEqual([]);
    // What was worked out for nobody is used again.
    expect(first.given).toBe(1);
    second.take();
    expect(memory.usedBytes).toBe(0);
  });

  test('that ends while it waits for memory gets none', () => {
    const memory = new ReplyMemory(10_000);
    const [first, second] = [new FakeClient({ memory }), new FakeClient({ memory })];
    first.ask(9000);
    second.ask(2000);
    second.connection.onEnd();
    first.connection.onEnd();
    expect([second.answers.length, memory.usedBytes]).toEqual([0, 0]);
  });

  test('that breaks the rules of records is ended', () => {
    const client = new FakeClient();
    client.connection.onBytes(words(0xffff_ffff));
    expect([client.isDestroyed, client.dropped.length]).toEqual([true, 1]);
    client.ask(1);
    expect(client.answers).toEqual([]);
  });

  test('is stalled while nothing of what waits for it is taken, and idle while nothing does', async () => {
    const client = new FakeClient();
    client.nowMs = 50;
    expect([client.connection.stalledMs(100), client.connection.idleMs(100)]).toEqual([0, 100]);
    client.ask(10, 10);
    client.nowMs = 200;
    expect(client.connection.idleMs(300)).toBe(0);
    await client.work();
    expect(client.connection.stalledMs(260)).toBe(60);
    client.nowMs = 300;
    client.take();
    expect(client.connection.stalledMs(310)).toBe(10);
    client.take();
    expect([client.connection.stalledMs(900), client.connection.idleMs(900)]).toEqual([0, 600]);
  });
});
