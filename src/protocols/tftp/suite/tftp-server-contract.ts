import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../../lib/addresses.ts';
import { sourceOfBytes, sourceOfText } from '../../../lib/byte-source.ts';
import type { OpenedFile } from '../server-options.ts';
import { serveTftp } from '../server.ts';
import { tftpLimitsContract } from './tftp-limits-contract.ts';
import { tftpRefusalsContract } from './tftp-refusals-contract.ts';
import { tftpUnexpectedContract } from './tftp-unexpected-contract.ts';
import { closeAll, data, LOCAL, pause, Peer, serve, until, serveBy, type ServeWay } from './tftp-peer.ts';

/** What every way of serving TFTP must do. `way` is how a server is started. */
export function tftpServerContract(name: string, way: ServeWay): void {
  describe(name, () => {
    beforeAll(() => serveBy(way));
    afterAll(() => serveBy(serveTftp));
    afterEach(closeAll);

    tftpLimitsContract();
    tftpRefusalsContract();
    tftpUnexpectedContract();

    const blksize = { name: 'blksize', value: '8' };
    const tsize = { name: 'tsize', value: '0' };

    describe('a file', () => {
      test('comes from a port of its own, and its transfer is told', async () => {
        const setting = await serve({ 'pxelinux.0': 'hello' }, { times: { firstTimeoutMs: 5000 } });
        const peer = await Peer.open();
        peer.ask(setting.server, 'pxelinux.0');
        expect(await peer.next()).toEqual(data(1, 'hello'));
        expect(peer.transferPort).not.toBe(setting.server.port);
        expect(setting.server.transfers).toBe(1);
        peer.ack(1);
        await until(() => setting.ends.length === 1);
        expect(setting.ends[0]).toMatchObject({
          name: 'pxelinux.0',
          mode: 'octet',
          client: { address: LOCAL },
          localAddress: LOCAL,
          outcome: 'sent',
          bytes: 5,
          retransmissions: 0,
          options: [],
        });
        await until(() => setting.open === 0);
        expect(setting.server.transfers).toBe(0);
      });

      test('with options begins with what was granted', async () => {
        const setting = await serve({ a: '0123456789' });
        const peer = await Peer.open();
        peer.ask(setting.server, 'a', [
          tsize,
          blksize,
          { name: 'windowsize', value: '4' },
          { name: 'x', value: '1' },
        ]);
        const granted = [
          { name: 'tsize', value: '10' },
          { name: 'blksize', value: '8' },
          { name: 'windowsize', value: '4' },
        ];
        expect(await peer.next()).toEqual({ op: 'OACK', options: granted });
        peer.ack(0);
        expect(await peer.next()).toEqual(data(1, '01234567'));
        expect(await peer.next()).toEqual(data(2, '89'));
        peer.ack(2);
        await until(() => setting.ends.length === 1);
        expect(setting.ends[0]).toMatchObject({ outcome: 'sent', bytes: 10, options: granted });
      });

      test('in netascii has the line ends of the wire', async () => {
        const setting = await serve({ motd: 'one\ntwo\n' });
        const peer = await Peer.open();
        peer.ask(setting.server, 'motd', [tsize], 'NETASCII');
        expect(await peer.next()).toEqual(data(1, 'one\r\ntwo\r\n'));
        peer.ack(1);
        await until(() => setting.ends.length === 1);
        expect(setting.ends[0]).toMatchObject({ mode: 'netascii', bytes: 10, options: [] });
        await until(() => setting.server.transfers === 0);
        expect(setting.open).toBe(0);
      });

      test('is sent again when nothing comes back, and then it failed', async () => {
        // Waits of 60 ms, then 120.
        const times = { firstTimeoutMs: 60, longestTimeoutMs: 120, patienceMs: 600 };
        const setting = await serve({ a: 'x' }, { times });
        const peer = await Peer.open();
        peer.ask(setting.server, 'a');
        let copies = 0;
        let packet = await peer.next();
        for (; packet.op === 'DATA'; packet = await peer.next()) copies += 1;
        expect(packet).toEqual({ op: 'ERROR', code: 0, message: 'The transfer timed out' });
        // A busy machine may be late for some of them.
        expect(copies).toBeGreaterThan(3);
        expect(copies).toBeLessThan(7);
        await until(() => setting.ends.length === 1);
        expect(setting.ends).toMatchObject([
          {
            outcome: 'failed',
            because: 'the client did not answer',
            bytes: 0,
            retransmissions: copies - 1,
          },
        ]);
        await until(() => setting.open === 0);
      });

      test('whose size was all that was wanted is a probe', async () => {
        const setting = await serve({ a: 'x' });
        const peer = await Peer.open();
        peer.ask(setting.server, 'a', [tsize, blksize]);
        await peer.next();
        peer.send({ op: 'ERROR', code: 8, message: 'User aborted the transfer' });
        await until(() => setting.ends.length === 1);
        expect(setting.ends[0]).toMatchObject({ outcome: 'probe', bytes: 0 });
        expect(setting.ends[0]!.because).toContain('User aborted the transfer');
      });

      test('that can no longer be read ends with an error for the client', async () => {
        const broken = {
          ...sourceOfBytes(new Uint8Array(200_000)),
          read: () => Promise.reject(new Error('EIO: read')),
        };
        const setting = await serve({ a: broken });
        const peer = await Peer.open();
        peer.ask(setting.server, 'a', [tsize]);
        await peer.next();
        peer.ack(0);
        expect(await peer.next()).toEqual({ op: 'ERROR', code: 0, message: 'The file could not be read' });
        expect(setting.ends).toMatchObject([
          { outcome: 'failed', because: 'the file could not be read: EIO: read' },
        ]);
        expect(setting.faults.map(({ what }) => what)).toEqual(['failed']);
        await until(() => setting.open === 0);
      });
    });

    test('a small file that cannot be read is an error for the client, and is closed', async () => {
      const broken = {
        ...sourceOfBytes(new Uint8Array(1000)),
        read: () => Promise.reject(new Error('EIO: read')),
      };
      const setting = await serve({ a: broken });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a');
      expect(await peer.next()).toMatchObject({ op: 'ERROR', code: 0 });
      await until(() => setting.faults.length === 1);
      expect(setting.faults).toMatchObject([{ what: 'failed', error: { message: 'EIO: read' } }]);
      await until(() => setting.open === 0);
    });

    describe('the port', () => {
      test('that is taken is the system’s own error', async () => {
        const { server } = await serve({});
        await expect(serve({}, { port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
      });

      test('of an address that is not ours is too', async () => {
        await expect(serve({}, { address: parseIpv4('192.0.2.1') })).rejects.toMatchObject({
          code: 'EADDRNOTAVAIL',
        });
      });
    });

    describe('close', () => {
      test('lets a transfer end, answers no new request, and gives the port back', async () => {
        const setting = await serve({ a: 'x'.repeat(513), b: 'y' }, { times: { firstTimeoutMs: 5000 } });
        const [peer, other] = [await Peer.open(), await Peer.open()];
        peer.ask(setting.server, 'a');
        await peer.next();
        const { port } = setting.server;
        const closed = setting.server.close({ drainMs: 5000 });
        other.ask(setting.server, 'b');
        await until(() => setting.refusals.length === 1);
        expect(setting.refusals[0]).toMatchObject({
          name: 'b',
          code: undefined,
          because: 'the server is stopping',
        });
        peer.ack(1);
        await peer.next();
        peer.ack(2);
        await closed;
        expect(setting.ends).toMatchObject([{ name: 'a', outcome: 'sent' }]);
        expect(other.waiting).toBe(0);
        await serve({}, { port });
      });

      test('ends what lasts longer, with a word to the client', async () => {
        const setting = await serve({ a: 'x' }, { times: { firstTimeoutMs: 5000 } });
        const peer = await Peer.open();
        peer.ask(setting.server, 'a');
        await peer.next();
        await setting.server.close({ drainMs: 20 });
        expect(await peer.next()).toEqual({ op: 'ERROR', code: 0, message: 'The server is stopping' });
        expect(setting.ends).toMatchObject([{ outcome: 'failed', because: 'the server was stopped' }]);
        await until(() => setting.open === 0);
      });

      test('does not begin what is still looked for, and is done when nobody looks any more', async () => {
        let isFound = false;
        const slow = async (): Promise<OpenedFile> => {
          await pause(80);
          isFound = true;
          return { open: true, source: sourceOfText('x') };
        };
        const setting = await serve({ a: slow });
        const peer = await Peer.open();
        peer.ask(setting.server, 'a');
        await until(() => setting.asked.length === 1);
        await setting.server.close({ drainMs: 0 });
        expect(isFound).toBe(true);
        await until(() => setting.ends.length + setting.refusals.length === 1);
        expect([...setting.ends, ...setting.refusals]).toMatchObject([{ because: 'the server was stopped' }]);
        expect(peer.waiting).toBe(0);
      });

      test('of an idle server is immediate, and may be said twice', async () => {
        const { server } = await serve({});
        const started = performance.now();
        await Promise.all([server.close({ drainMs: 5000 }), server.close({ drainMs: 5000 })]);
        expect(performance.now() - started).toBeLessThan(1000);
      });
    });
  });
}
