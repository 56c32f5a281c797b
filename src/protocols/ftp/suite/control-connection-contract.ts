import { randomFillSync } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { parseIp } from '../../../lib/ipv6-address.ts';
import { once } from 'node:events';
import { expect, test, describe } from 'vitest';
import { FtpPeer, openClientPort, receive } from './ftp-peer.ts';
import { BIG, type FtpWay, ftpWorld } from './ftp-world.ts';

/** Control connections, and what is left of them. */
export function controlConnectionContract(way: FtpWay): void {
  const world = ftpWorld(way);
  const { serve, logIn } = world;

  describe('a control connection', () => {
    test('that asks for nothing ends with 421', async () => {
      const peer = await logIn(await serve({ limits: { idleMs: 100 } }));
      expect(await peer.reply()).toMatch(/^421/);
      await peer.closed();
    });

    test('that takes no reply is not answered without end', async () => {
      const server = await serve({ limits: { idleMs: 300, lingerMs: 100 } });
      const peer = await logIn(server);
      peer.socket.pause();
      const line = 'HELP\r\n'.repeat(10_000);
      const before = process.memoryUsage().external;
      let sent = 0;
      const timer = setInterval(() => {
        if (peer.socket.writableLength < 1024 * 1024) sent += peer.socket.write(line) ? 1 : 1;
      }, 5);
      await expect.poll(() => server.connections, { timeout: 10_000 }).toBe(0);
      clearInterval(timer);
      expect(sent).toBeGreaterThan(1);
      expect(process.memoryUsage().external - before).toBeLessThan(32 * 1024 * 1024);
    });

    test('too many of one client, and of all, hear why', async () => {
      const server = await serve({ limits: { connections: 3, connectionsPerClient: 2 } });
      await logIn(server);
      await logIn(server);
      const third = await FtpPeer.connect(server.port);
      expect(await third.reply()).toBe('421 127.0.0.1 has 2 connections open, the most allowed');
      await third.closed();
      await logIn(server, '127.0.0.2');
      const fifth = await FtpPeer.connect(server.port, '127.0.0.1', '127.0.0.3');
      expect(await fifth.reply()).toMatch(/^421 3 connections are open/);
      expect(world.refusals.map(({ code }) => code)).toEqual([421, 421]);
      world.peers[0]?.close();
      await expect.poll(() => server.connections).toBe(2);
      await logIn(server);
    });

    test('is closed by a server that stops, but what is being sent is sent', async () => {
      const server = await serve();
      const idle = await logIn(server);
      const busy = await logIn(server);
      const data = await busy.openData();
      await busy.say('RETR big');
      const closing = server.close({ drainMs: 10_000 });
      expect(await idle.reply()).toMatch(/^421 The server is stopping/);
      expect((await receive(data)).bytes.length).toBe(BIG.length);
      expect([await busy.reply(), await busy.reply()].map((reply) => reply.slice(0, 3))).toEqual([
        '226',
        '421',
      ]);
      idle.close();
      busy.close();
      await closing;
    });

    test('is cut off when the time of a server that stops is over', async () => {
      const server = await serve();
      const peer = await logIn(server);
      const data = await peer.openData();
      await peer.say('RETR endless');
      await once(data, 'data');
      await server.close({ drainMs: 50 });
      expect(server.connections).toBe(0);
      data.destroy();
    });

    test('with random bytes neither ends the server nor is answered without end', async () => {
      const server = await serve();
      for (let round = 0; round < 20; round += 1) {
        const peer = await FtpPeer.connect(server.port);
        world.peers.push(peer);
        let answered = 0;
        peer.socket.on('data', (text: string) => (answered += text.length));
        const noise = randomFillSync(Buffer.alloc(200_000));
        peer.socket.end(noise);
        await peer.closed();
        expect(answered).toBeLessThan(noise.length);
      }
      expect(world.faults).toEqual([]);
      await logIn(server);
    });
  });

  test('over IPv6 there is EPSV, and EPRT to the client', async () => {
    const server = await serve({ address: parseIp('::1') });
    const peer = await logIn(server);
    expect(await peer.say('PASV')).toMatch(/^522/);
    expect((await peer.fetch('RETR hello.txt')).bytes.length).toBe(12);
    const { server: own, port } = await openClientPort('::1');
    expect(await peer.say(`EPRT |2|::1|${port}|`)).toMatch(/^200/);
    const arrival = once(own, 'connection');
    peer.write('RETR hello.txt\r\n');
    const [socket] = await arrival;
    expect((await receive(socket)).bytes.length).toBe(12);
    own.close();
  });

  test('on an address of both families, IPv4 clients are known by their own address', async () => {
    const server = await serve({ address: parseIp('::') });
    const peer = await FtpPeer.loggedIn(server.port, '127.0.0.1');
    world.peers.push(peer);
    expect(await peer.say('PASV')).toMatch(/^227 .*\(127,0,0,1,/);
    expect((await peer.fetch('RETR hello.txt')).bytes.length).toBe(12);
  });

  test('a port that is taken is an error of the system', async () => {
    const { port } = await serve();
    await expect(serve({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('nothing stays open', async () => {
    const server = await serve();
    const open = (): number => readdirSync('/proc/self/fd').length;
    await (await logIn(server)).fetch('RETR hello.txt');
    world.peers[0]?.close();
    await expect.poll(() => server.connections).toBe(0);
    const before = open();
    for (let round = 0; round < 20; round += 1) {
      const peer = await logIn(server);
      await peer.passivePort();
      await peer.fetch('RETR hello.txt');
      await peer.openData();
      await peer.passivePort();
      peer.close();
    }
    await expect.poll(() => server.connections).toBe(0);
    await expect.poll(open).toBeLessThanOrEqual(before + 1);
  });
}
