import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, test, describe } from 'vitest';
import { type FtpPeer, receive } from './ftp-peer.ts';
import { BIG, type FtpWay, ftpWorld } from './ftp-world.ts';

/** What happens while something is sent. */
export function runningTransferContract(way: FtpWay): void {
  const world = ftpWorld(way);
  const { serve, logIn } = world;

  describe('a running transfer', () => {
    const IAC_IP_IAC_DM = Uint8Array.from([0xff, 0xf4, 0xff, 0xf2]);

    for (const [what, prefix] of [
      ['ABOR', new Uint8Array(0)],
      ['ABOR behind a Synch', IAC_IP_IAC_DM],
    ] as const) {
      test(`ends with ${what}`, async () => {
        const peer = await logIn(await serve());
        const data = await peer.openData();
        await peer.say('RETR endless');
        const received = receive(data);
        await once(data, 'data');
        peer.write(prefix);
        peer.write('ABOR\r\n');
        expect([await peer.reply(), await peer.reply()].map((reply) => reply.slice(0, 3))).toEqual([
          '426',
          '226',
        ]);
        await received;
        expect(world.ends).toMatchObject([{ outcome: 'failed', because: 'the client aborted it' }]);
        expect((await peer.fetch('RETR hello.txt')).bytes.length).toBe(12);
      });
    }

    test('that waits for its connection ends with ABOR', async () => {
      const peer = await logIn(await serve());
      await peer.passivePort();
      await peer.say('RETR hello.txt');
      peer.write('ABOR\r\n');
      expect([await peer.reply(), await peer.reply()].map((reply) => reply.slice(0, 3))).toEqual([
        '426',
        '226',
      ]);
    });

    test('lets other commands wait, however many', async () => {
      const peer = await logIn(await serve());
      const data = await peer.openData();
      await peer.say('RETR big');
      peer.write('NOOP\r\n'.repeat(2000));
      peer.write('STAT\r\nQUIT\r\n');
      const { bytes } = await receive(data);
      expect(bytes.length).toBe(BIG.length);
      expect(await peer.reply()).toMatch(/^226/);
      for (let at = 0; at < 2000; at += 1) expect(await peer.reply()).toMatch(/^200/);
      expect(await peer.reply()).toMatch(/^211/);
      expect(await peer.reply()).toMatch(/^221/);
      await peer.closed();
    });

    test('comes to its end when the client says QUIT, or nothing more', async () => {
      const server = await serve();
      for (const leave of [(peer: FtpPeer) => peer.write('QUIT\r\n'), (peer: FtpPeer) => peer.socket.end()]) {
        const peer = await logIn(server);
        const data = await peer.openData();
        await peer.say('RETR big');
        leave(peer);
        expect((await receive(data)).bytes.length).toBe(BIG.length);
        expect(await peer.reply()).toMatch(/^226/);
        await peer.closed();
      }
    });

    test('is followed by all that was sent before the client ended its side', async () => {
      const peer = await logIn(await serve());
      const data = await peer.openData();
      await peer.say('RETR big');
      peer.socket.end('NOOP\r\n'.repeat(500));
      expect((await receive(data)).bytes.length).toBe(BIG.length);
      expect(await peer.reply()).toMatch(/^226/);
      for (let at = 0; at < 500; at += 1) expect(await peer.reply()).toMatch(/^200/);
      await peer.closed();
    });

    test('whose client never closes its connection holds it for a moment only', async () => {
      const server = await serve({ limits: { lingerMs: 200 } });
      const peer = await logIn(server);
      const port = await peer.passivePort();
      const data = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      data.on('error', () => undefined).resume();
      await peer.say('RETR hello.txt');
      expect(await peer.reply()).toMatch(/^226/);
      await new Promise((resolve) => setTimeout(resolve, 400));
      // What is written now comes to nobody, and the system says so.
      const writing = setInterval(() => data.write('x'), 10);
      await expect(once(data, 'close')).rejects.toThrow(/EPIPE|ECONNRESET/);
      clearInterval(writing);
    });

    test('to a client that takes nothing keeps no memory, and ends', async () => {
      const server = await serve({ limits: { stalledMs: 400 } });
      const peer = await logIn(server);
      const data = await peer.openData();
      data.pause();
      const before = process.memoryUsage();
      await peer.say('RETR endless');
      await expect.poll(() => server.transfers).toBe(1);
      const { arrayBuffers } = process.memoryUsage();
      expect(arrayBuffers - before.arrayBuffers).toBeLessThan(16 * 1024 * 1024);
      expect(await peer.reply()).toMatch(/^426 The client took nothing/);
      data.destroy();
    });

    test('ends when the client dies', async () => {
      const server = await serve();
      const peer = await logIn(server);
      const data = await peer.openData();
      await peer.say('RETR endless');
      await once(data, 'data');
      peer.socket.resetAndDestroy();
      data.resetAndDestroy();
      await expect.poll(() => server.connections).toBe(0);
      await expect.poll(() => world.ends.length).toBe(1);
      expect(world.tree.closed).toBe(world.tree.opened);
    });
  });

  test('a client that leaves before its data connection is not waited for as long as others', async () => {
    const server = await serve();
    const peer = await logIn(server);
    await peer.passivePort();
    await peer.say('RETR hello.txt');
    peer.socket.end();
    await expect.poll(() => server.connections, { timeout: 5000 }).toBe(0);
    expect(world.ends).toMatchObject([{ because: 'no data connection came within 1 s' }]);
  });

  test('clients that die at any moment leave nothing open', async () => {
    const server = await serve();
    for (let round = 0; round < 30; round += 1) {
      const peer = await logIn(server);
      const port = await peer.passivePort();
      const data = connect({ port, host: '127.0.0.1' });
      data.on('error', () => undefined);
      if (round % 3 > 0) await once(data, 'connect');
      peer.write('RETR endless\r\n');
      if (round % 3 === 2) await peer.reply();
      data.resetAndDestroy();
      if (round % 2 === 0) peer.socket.resetAndDestroy();
      else peer.socket.end();
    }
    await expect.poll(() => server.connections, { timeout: 10_000 }).toBe(0);
    expect(server.transfers).toBe(0);
  });
}
