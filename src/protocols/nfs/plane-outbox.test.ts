import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EAGAIN, type Libc } from '../../os/libc.ts';
import { type FilePart, heldFile } from './plane-files.ts';
import { PlaneOutbox } from './plane-outbox.ts';

/** The file has byte `offset % 251` at each place. */
const SIZE = 5_000;
const file = heldFile({
  number: 1,
  descriptor: 9,
  extents: [
    { offset: 100, length: 2_000 },
    { offset: 50_000, length: 3_000 },
  ],
  size: SIZE,
  attributes: new Uint8Array(88),
});
const byteAt = (at: number): number => (at < 2_000 ? 100 + at : 50_000 + at - 2_000) % 251;
const part = (at: number, length: number): FilePart => ({ file, at, length, heldBytes: 1, machineName: '' });

/** A connection that takes as many bytes in each call as it is told; 0 is "not now". */
class FakeConnection {
  readonly got: number[] = [];
  readonly scratch = new Uint8Array(64);
  readonly #takes: number[];
  #last = 'the end';

  constructor(takes: readonly number[]) {
    this.#takes = [...takes];
  }

  readonly libc = {
    sendFrom: (_fd: number, _memory: unknown, at: number, length: number, more: string) => {
      this.#last = more;
      const taken = this.#take(length);
      if (taken > 0) this.got.push(...this.scratch.subarray(at, at + taken));
      return taken;
    },
    sendFile: (_fd: number, _file: number, offset: number, length: number) => {
      this.#last = 'the end';
      const taken = this.#take(length);
      for (let at = 0; at < taken; at += 1) this.got.push((offset + at) % 251);
      return taken;
    },
  } as unknown as Libc;

  /** What the last call said of what follows. */
  get last(): string {
    return this.#last;
  }

  #take(length: number): number {
    if (length === 0) return 0;
    const taken = this.#takes.length === 0 ? length : Math.min(length, this.#takes.shift() ?? 0);
    return taken === 0 ? -EAGAIN : taken;
  }
}

const pieces = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.nat(SIZE - 1), fc.integer({ min: 1, max: SIZE }))
      .map(([at, length]) => part(at, Math.min(length, SIZE - at))),
  ),
  { minLength: 1, maxLength: 5 },
);

test('what was put in comes out, in order, whatever the connection takes at a time', () => {
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 5 }),
      fc.array(fc.nat(700), { maxLength: 60 }),
      (replies, takes) => {
        const over: FilePart[] = [];
        const taken: number[] = [];
        const outbox = new PlaneOutbox((one, how) => how === 'sent' && over.push(one));
        const connection = new FakeConnection(takes);
        for (const [number, reply] of replies.entries()) outbox.add(reply, () => taken.push(number));
        const memory = undefined as never;
        for (let turns = 0; turns <= takes.length && !outbox.isEmpty; turns += 1)
          outbox.send(connection.libc, 5, { memory, bytes: connection.scratch });
        const wanted = replies
          .flat()
          .flatMap((piece) =>
            piece instanceof Uint8Array
              ? [...piece]
              : Array.from({ length: piece.length }, (_, at) => byteAt(piece.at + at)),
          );
        expect(connection.got).toEqual(wanted);
        expect(taken).toEqual(replies.map((_, number) => number));
        expect(over).toEqual(replies.flat().filter((piece) => !(piece instanceof Uint8Array)));
        expect(connection.last).toBe('the end');
      },
    ),
  );
});

test('what is left when a connection ends is told, and nothing more is sent', () => {
  const over: string[] = [];
  const outbox = new PlaneOutbox((one, how) => over.push(`${one.length} ${how}`));
  const connection = new FakeConnection([4, 10, 0]);
  outbox.add([new Uint8Array(4), part(0, 10), part(10, 20)], () => over.push('taken'));
  outbox.add([part(0, 30)], () => over.push('taken'));
  const memory = undefined as never;
  expect(outbox.send(connection.libc, 5, { memory, bytes: connection.scratch })).toBe('later');
  outbox.close();
  expect([over, outbox.isEmpty]).toEqual([['10 sent', '20 left out', '30 left out'], true]);
});

test('a file that ends early, and a connection that is gone, are told apart', () => {
  const outbox = new PlaneOutbox(() => undefined);
  outbox.add([part(0, 10)], () => undefined);
  const scratch = { memory: undefined as never, bytes: new Uint8Array(64) };
  const libcThat = (result: number): Libc =>
    ({ sendFile: () => result, sendFrom: () => result }) as unknown as Libc;
  expect(outbox.send(libcThat(0), 5, scratch)).toBe('too short');
  expect(outbox.send(libcThat(-104), 5, scratch)).toBe('broken');
  expect(outbox.file).toBe(file);
});
