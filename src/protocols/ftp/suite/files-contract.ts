import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '../../../lib/byte-source.ts';
import { expect, test, describe } from 'vitest';
import { BIG, type FtpWay, ftpWorld, GONE, MIDDLE } from './ftp-world.ts';

/** What is sent, over real sockets. */
export function filesContract(way: FtpWay): void {
  const world = ftpWorld(way);
  const { serve, logIn } = world;

  describe('a file', () => {
    test('arrives whole, with an orderly end, and is told', async () => {
      const peer = await logIn(await serve());
      const { bytes, ended, replies } = await peer.fetch('RETR big');
      expect(Buffer.compare(bytes, BIG)).toBe(0);
      expect(ended).toBe('FIN');
      expect(replies.map((reply) => reply.slice(0, 4))).toEqual(['150 ', '226 ']);
      expect(world.ends).toMatchObject([
        {
          kind: 'file',
          path: '/big',
          outcome: 'sent',
          bytes: BIG.length,
          offset: 0,
          client: { address: '127.0.0.1' },
        },
      ]);
      expect(world.faults).toEqual([]);
    });

    test('is sent from the middle on, and from its very end', async () => {
      const peer = await logIn(await serve());
      await peer.say(`REST ${BIG.length - 5}`);
      expect((await peer.fetch('RETR big')).bytes).toEqual(Buffer.from(BIG.subarray(-5)));
      await peer.say(`REST ${BIG.length}`);
      const { bytes, replies } = await peer.fetch('RETR big');
      expect(bytes.length).toBe(0);
      expect(replies.at(-1)).toMatch(/^226/);
    });

    test('may be in parts', async () => {
      const peer = await logIn(await serve());
      const whole = Buffer.concat([BIG.subarray(MIDDLE), BIG.subarray(0, MIDDLE)]);
      for (const from of [0, BIG.length - MIDDLE - 3, BIG.length - MIDDLE]) {
        await peer.say(`REST ${from}`);
        expect(Buffer.compare((await peer.fetch('RETR in-parts')).bytes, whole.subarray(from))).toBe(0);
      }
    });

    test('may be empty', async () => {
      const peer = await logIn(await serve());
      expect(await peer.fetch('RETR empty')).toMatchObject({ ended: 'FIN', bytes: Buffer.alloc(0) });
    });

    test('has the line ends of the network in TYPE A', async () => {
      const peer = await logIn(await serve());
      await peer.say('TYPE A');
      expect((await peer.fetch('RETR hello.txt')).bytes.toString()).toBe('hello\r\nworld\r\n');
    });

    test('of a disk is read into the same memory again and again', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'muster-ftp-'));
      try {
        writeFileSync(join(folder, 'big'), BIG);
        const descriptor = openSync(join(folder, 'big'), 'r');
        const onDisk: ByteSource = {
          size: BIG.length,
          readInto: async (offset, into) => readSync(descriptor, into, 0, into.length, offset),
          read: () => Promise.reject(new Error('not into memory of the server')),
          close: () => Promise.resolve(closeSync(descriptor)),
        };
        const open = world.tree.open.bind(world.tree);
        world.tree.open = async (node) => {
          await (await open(node)).close();
          return onDisk;
        };
        const peer = await logIn(await serve());
        await peer.say('REST 7');
        expect(Buffer.compare((await peer.fetch('RETR big')).bytes, BIG.subarray(7))).toBe(0);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test('that cannot be read to its end is broken off, not ended', async () => {
      const peer = await logIn(await serve());
      const { ended, replies } = await peer.fetch('RETR broken');
      // Where the reset comes right behind the bytes, Node shows an end (libuv, POLLHUP); plane.test.ts looks closer.
      if (way === 'plain') expect(ended).toBe('reset');
      expect(replies.at(-1)).toMatch(/^451/);
      expect(world.ends).toMatchObject([
        { outcome: 'failed', because: 'the file or folder cannot be read to its end' },
      ]);
      expect(world.faults).toMatchObject([{ message: GONE[way] }]);
      expect(await peer.say('NOOP')).toMatch(/^200/);
    });

    test('that cannot be opened is 550', async () => {
      world.tree.open = () => Promise.reject(new Error('no'));
      const peer = await logIn(await serve());
      expect((await peer.fetch('RETR big')).replies).toEqual([expect.stringMatching(/^550/)]);
      expect(world.faults).toHaveLength(1);
    });
  });

  test('a tree that fails is 451, and the session lives on', async () => {
    world.tree.child = () => Promise.reject(new Error('no'));
    const peer = await logIn(await serve());
    expect(await peer.say('CWD folder')).toMatch(/^451/);
    expect(await peer.say('STAT hello.txt')).toMatch(/^451/);
    expect(await peer.say('NOOP')).toMatch(/^200/);
    expect(world.faults).toHaveLength(2);
  });

  test('a tree that does not answer is 451 after its time, and what it opens later is closed', async () => {
    const peer = await logIn(await serve({ limits: { readMs: 100 } }));
    const { child, open } = {
      child: world.tree.child.bind(world.tree),
      open: world.tree.open.bind(world.tree),
    };
    world.tree.child = () => new Promise(() => undefined);
    expect(await peer.say('CWD folder')).toMatch(/^451/);
    world.tree.child = child;
    let later = (): void => undefined;
    world.tree.open = async (node) => {
      await new Promise<void>((resolve) => (later = resolve));
      return open(node);
    };
    expect((await peer.fetch('RETR hello.txt')).replies).toEqual([expect.stringMatching(/^550/)]);
    later();
    await expect.poll(() => world.tree.closed).toBe(1);
    world.tree.open = (node) =>
      open(node).then((source) => ({
        size: source.size,
        read: () => new Promise(() => undefined),
        close: () => source.close(),
      }));
    expect((await peer.fetch('RETR hello.txt')).replies.at(-1)).toMatch(/^451/);
    expect(world.faults).toHaveLength(3);
  });

  test('a large folder is listed whole', async () => {
    const peer = await logIn(await serve());
    const { bytes, ended } = await peer.fetch('NLST folder');
    expect(bytes.toString().trimEnd().split('\r\n')).toEqual(
      Array.from({ length: 3000 }, (_, at) => `folder/file-${at}`),
    );
    expect(ended).toBe('FIN');
    expect(world.ends).toMatchObject([{ kind: 'listing', path: '/folder', outcome: 'sent' }]);
    expect(await peer.say('STAT folder')).toMatch(/^212-.*\r\n(?: -rw.*\r\n){256}212 End$/);
  });
}
