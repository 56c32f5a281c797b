import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, test, describe } from 'vitest';
import { FtpPeer, freePort, openClientPort, receive } from './ftp-peer.ts';
import { type FtpWay, ftpWorld } from './ftp-world.ts';

/** How data connections come to be, over real sockets. */
export function dataConnectionContract(way: FtpWay): void {
  const world = ftpWorld(way);
  const { serve, logIn } = world;

  describe('the data connection', () => {
    test('goes to the client with PORT and EPRT', async () => {
      const peer = await logIn(await serve());
      for (const command of [
        (port: number) => `PORT 127,0,0,1,${port >> 8},${port & 0xff}`,
        (port: number) => `EPRT |1|127.0.0.1|${port}|`,
      ]) {
        const { server, port } = await openClientPort();
        expect(await peer.say(command(port))).toMatch(/^200/);
        const arrival = once(server, 'connection');
        peer.write('RETR hello.txt\r\n');
        const [socket] = await arrival;
        expect((await receive(socket)).bytes.toString()).toBe('hello\nworld\n');
        expect([await peer.reply(), await peer.reply()].map((reply) => reply.slice(0, 3))).toEqual([
          '150',
          '226',
        ]);
        server.close();
      }
    });

    test('goes to nobody else', async () => {
      const { server: victim, port } = await openClientPort('127.0.0.2');
      let visits = 0;
      victim.on('connection', () => (visits += 1));
      const peer = await logIn(await serve());
      expect(await peer.say(`PORT 127,0,0,2,${port >> 8},${port & 0xff}`)).toMatch(/^501/);
      expect(await peer.say(`EPRT |1|127.0.0.2|${port}|`)).toMatch(/^501/);
      expect(await peer.say('RETR hello.txt')).toMatch(/^425/);
      victim.close();
      expect(visits).toBe(0);
      expect(world.refusals.map(({ verb, because }) => [verb, because])).toEqual([
        ['PORT', 'data goes to 127.0.0.1 only, where the commands come from, not to 127.0.0.2'],
        ['EPRT', 'data goes to 127.0.0.1 only, where the commands come from, not to 127.0.0.2'],
      ]);
    });

    test('that nobody takes is 425', async () => {
      const { server, port } = await openClientPort();
      server.close();
      const peer = await logIn(await serve());
      await peer.say(`EPRT |1|127.0.0.1|${port}|`);
      expect(
        [await peer.say('RETR hello.txt'), await peer.reply()].map((reply) => reply.slice(0, 3)),
      ).toEqual(['150', '425']);
      expect(world.ends).toMatchObject([{ outcome: 'failed', bytes: 0 }]);
    });

    test('that never comes is 425 after its time', async () => {
      const peer = await logIn(await serve({ limits: { dataWaitMs: 100 } }));
      await peer.passivePort();
      expect(await peer.say('RETR hello.txt')).toMatch(/^150/);
      expect(await peer.reply()).toMatch(/^425 No data connection came/);
      expect(await peer.say('NOOP')).toMatch(/^200/);
    });

    test('from another address is refused and told, and the right one still comes', async () => {
      const server = await serve();
      const peer = await logIn(server);
      const port = await peer.passivePort();
      const thief = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.3' });
      expect((await receive(thief)).bytes.length).toBe(0);
      await expect
        .poll(() => world.refusals)
        .toMatchObject([{ because: '127.0.0.3 came to the data port that was opened for 127.0.0.1' }]);
      peer.write('RETR hello.txt\r\n');
      const data = await FtpPeer.connect(port);
      data.socket.setEncoding('utf8');
      expect([await peer.reply(), await peer.reply()].map((reply) => reply.slice(0, 3))).toEqual([
        '150',
        '226',
      ]);
    });

    test('may come before the command or after it', async () => {
      const peer = await logIn(await serve());
      const port = await peer.passivePort();
      expect(await peer.say('RETR hello.txt')).toMatch(/^150/);
      const late = await FtpPeer.connect(port);
      expect(await peer.reply()).toMatch(/^226/);
      late.close();
    });

    test('may carry bytes of the client, which change nothing', async () => {
      const peer = await logIn(await serve());
      const data = await peer.openData();
      data.write(Buffer.alloc(1024 * 1024));
      const received = receive(data);
      await peer.say('RETR big');
      expect((await received).ended).toBe('FIN');
      expect(await peer.reply()).toMatch(/^226/);
    });

    test('of a port that was replaced is closed', async () => {
      const peer = await logIn(await serve());
      const first = await peer.openData();
      const closed = receive(first);
      expect((await peer.fetch('RETR hello.txt')).bytes.length).toBe(12);
      expect((await closed).bytes.length).toBe(0);
    });

    test('has a port of the range, and with none left the client hears it', async () => {
      const first = await freePort();
      const server = await serve({ passive: { range: { first, last: first } } });
      const one = await logIn(server);
      expect(await one.passivePort()).toBe(first);
      const other = await logIn(server);
      expect(await other.say('EPSV')).toMatch(/^425 No port/);
      one.close();
      await expect.poll(() => other.say('EPSV')).toMatch(/^229/);
    });
  });
}
