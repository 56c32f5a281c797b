import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AskedEngine, exportOf, PEER } from './suite/asked-engine.ts';
import { type FolderContent, MemoryTree } from './suite/memory-tree.ts';
import type { MessageReader } from './suite/rpc-messages.ts';

const READDIR = 16;
const READDIRPLUS = 17;
const NOTDIR = 20;
const BAD_COOKIE = 10003;
const TOOSMALL = 10005;

interface Page {
  readonly status: number;
  readonly names: readonly string[];
  readonly ids: readonly bigint[];
  readonly cookies: readonly bigint[];
  readonly isEnd: boolean;
  /** Behind the status. */
  readonly bytes: number;
}

function readPage(reply: MessageReader, form: 'plain' | 'plus'): Page {
  const status = reply.uint32();
  const bytes = reply.remaining;
  const [names, ids, cookies]: [string[], bigint[], bigint[]] = [[], [], []];
  expect(reply.maybeAttributes()).toBeDefined();
  if (status !== 0) return { status, names, ids, cookies, isEnd: false, bytes };
  expect(reply.uint64()).toBe(0n); // the verifier
  while (reply.uint32() === 1) {
    ids.push(reply.uint64());
    names.push(reply.text());
    cookies.push(reply.uint64());
    if (form === 'plain') continue;
    expect(reply.maybeAttributes()?.fileid).toBe(ids.at(-1));
    expect(reply.uint32()).toBe(1);
    expect(reply.opaque()).toHaveLength(32);
  }
  const isEnd = reply.uint32() === 1;
  expect(reply.remaining).toBe(0);
  return { status, names, ids, cookies, isEnd, bytes };
}

async function folderOf(content: FolderContent): Promise<{
  readonly page: (
    cookie: bigint,
    mostBytes: number,
    mostNameBytes?: number,
    verifier?: bigint,
  ) => Promise<Page>;
  readonly engine: AskedEngine;
  readonly handle: Uint8Array;
}> {
  const engine = new AskedEngine(exportOf(new MemoryTree({ folder: content, file: new Uint8Array(1) })));
  const handle = await engine.handle('folder');
  return {
    engine,
    handle,
    page: async (cookie, mostBytes, mostNameBytes, verifier = 0n) =>
      mostNameBytes === undefined
        ? readPage(await engine.nfs(READDIR, handle, cookie, verifier, mostBytes), 'plain')
        : readPage(await engine.nfs(READDIRPLUS, handle, cookie, verifier, mostNameBytes, mostBytes), 'plus'),
  };
}

const files = (...names: readonly string[]): FolderContent =>
  Object.fromEntries(names.map((name) => [name, new Uint8Array(1)]));

describe('READDIR', () => {
  test('has . and .. first, each with its own number', async () => {
    const { page } = await folderOf(files('a', 'b'));
    const read = await page(0n, 4096);
    expect(read.names).toEqual(['.', '..', 'a', 'b']);
    expect(read.ids).toEqual([2n, 1n, 3n, 4n]);
    expect(read.isEnd).toBe(true);
  });

  test('goes on behind any entry, with the same cookies each time', async () => {
    const { page } = await folderOf(files('a', 'b', 'c'));
    const whole = await page(0n, 4096);
    for (const [at, cookie] of whole.cookies.entries()) {
      const rest = await page(cookie, 4096);
      expect(rest.names).toEqual(whole.names.slice(at + 1));
      expect(rest.cookies).toEqual(whole.cookies.slice(at + 1));
      expect(rest.isEnd).toBe(true);
    }
  });

  test('of an empty folder has . and ..', async () =>
    expect((await (await folderOf({})).page(0n, 512)).names).toEqual(['.', '..']));

  for (const [what, cookie, names] of [
    ['between two entries', 6n, ['b']],
    ['behind the end', 1_000_000n, []],
    ['behind all numbers', 2n ** 64n - 1n, []],
  ] as const) {
    test(`a cookie that was made up, ${what}, does no harm`, async () => {
      const read = await (await folderOf(files('a', 'b'))).page(cookie, 4096);
      expect(read).toMatchObject({ status: 0, names, isEnd: true });
    });
  }

  test('a verifier of another server is BAD_COOKIE, but not at the beginning', async () => {
    const { page } = await folderOf(files('a'));
    expect((await page(1n, 4096, undefined, 5n)).status).toBe(BAD_COOKIE);
    expect((await page(0n, 4096, undefined, 5n)).status).toBe(0);
  });

  test('of a file is NOTDIR', async () => {
    const { engine } = await folderOf({});
    const read = readPage(await engine.nfs(READDIR, await engine.handle('file'), 0n, 0n, 4096), 'plain');
    expect(read.status).toBe(NOTDIR);
  });

  test('a name longer than 255 bytes is left out: Linux would end the listing there', async () => {
    const { page } = await folderOf(files('a', 'ü'.repeat(128), 'x'.repeat(255), 'z'));
    expect((await page(0n, 8192)).names).toEqual(['.', '..', 'a', 'x'.repeat(255), 'z']);
  });
});

describe('the sizes of pages', () => {
  // The folder's attributes, verifier, end of the list, end of the folder.
  const EMPTY = 88 + 8 + 4 + 4;
  const DOT = 4 + 8 + 8 + 8;
  const PLUS = 88 + 4 + 4 + 32;

  for (const [what, count, dircount, expected] of [
    ['no room for the frame', EMPTY - 1, undefined, TOOSMALL],
    ['room for the frame alone', EMPTY, undefined, TOOSMALL],
    ['one byte too few for an entry', EMPTY + DOT - 1, undefined, TOOSMALL],
    ['room for one entry', EMPTY + DOT, undefined, ['.']],
    ['one byte too few for two', EMPTY + 2 * DOT - 1, undefined, ['.']],
    ['room for two', EMPTY + 2 * DOT, undefined, ['.', '..']],
    ['READDIRPLUS: one byte too few for an entry', EMPTY + DOT + PLUS - 1, 4096, TOOSMALL],
    ['READDIRPLUS: room for one entry', EMPTY + DOT + PLUS, 4096, ['.']],
    ['READDIRPLUS: names for one entry', 65_536, DOT, ['.']],
    ['READDIRPLUS: names for two entries', 65_536, 2 * DOT, ['.', '..']],
    ['READDIRPLUS: names for none, so that the client gets on', 65_536, 0, ['.']],
  ] as const) {
    test(what, async () => {
      const read = await (await folderOf(files('a'))).page(0n, count, dircount);
      if (typeof expected === 'number') expect(read.status).toBe(expected);
      else expect(read).toMatchObject({ status: 0, names: expected, isEnd: false });
    });
  }

  for (const [transport, most] of [
    ['tcp', 65_536],
    ['udp', 8192],
  ] as const) {
    test(`over ${transport} a page has at most ${most} bytes, whatever is asked for`, async () => {
      const { engine, page } = await folderOf(
        files(...Array.from({ length: 3000 }, (_, at) => `file-${at}`)),
      );
      engine.peer = { ...PEER, transport };
      for (const dircount of [undefined, 0xffff_ffff]) {
        const read = await page(0n, 0xffff_ffff, dircount);
        expect(read.bytes).toBeLessThanOrEqual(most);
        expect(read.bytes).toBeGreaterThan(most - 300);
      }
    });
  }

  test('pages of any size hold together exactly the folder, and none is larger than it may be', async () => {
    const name = fc.string({ minLength: 1, maxLength: 60 }).filter((text) => !/[/\0]|^\.\.?$/.test(text));
    const sizes = fc.record({
      plus: fc.boolean(),
      mostBytes: fc.integer({ min: EMPTY + 20 + 4 + 240 + PLUS, max: 3000 }),
      dircount: fc.integer({ min: 0, max: 1000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { maxLength: 60 }), sizes, async (names, size) => {
        const { page } = await folderOf(files(...names));
        // An object has names that are numbers first, in their order.
        const expected = ['.', '..', ...Object.keys(files(...names))];
        const read: string[] = [];
        let cookie = 0n;
        for (let isEnd = false; !isEnd; ) {
          const next = await page(cookie, size.mostBytes, size.plus ? size.dircount : undefined);
          expect(next.status).toBe(0);
          expect(next.bytes).toBeLessThanOrEqual(size.mostBytes);
          expect(next.isEnd || next.names.length > 0).toBe(true);
          read.push(...next.names);
          cookie = next.cookies.at(-1) ?? cookie;
          isEnd = next.isEnd;
        }
        expect(read).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});
