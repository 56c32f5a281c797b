import { describe, expect, test } from 'vitest';
import { sourceOfText } from '../../../lib/byte-source.ts';
import type { OpenedFile } from '../server-options.ts';
import { data, LOCAL, pause, Peer, serve, until } from './tftp-peer.ts';

/** What a client hears that does not get a file, and when it hears nothing. */
export function tftpRefusalsContract(): void {
  const tsize = { name: 'tsize', value: '0' };

  describe('a refusal', () => {
    test('for a missing file is ERROR 1 at once', async () => {
      const setting = await serve({});
      const peer = await Peer.open();
      peer.ask(setting.server, 'pxelinux.cfg/default', [tsize]);
      expect(await peer.next()).toEqual({
        op: 'ERROR',
        code: 1,
        message: 'There is no pxelinux.cfg/default',
      });
      await until(() => setting.refusals.length === 1);
      expect(setting.refusals).toMatchObject([
        { op: 'RRQ', name: 'pxelinux.cfg/default', code: 1, localAddress: LOCAL },
      ]);
      expect(setting.ends).toEqual([]);
      expect(setting.server.transfers).toBe(0);
    });

    test('of an upload is ERROR 2 and does not ask for a file', async () => {
      const setting = await serve({ a: 'x' });
      const peer = await Peer.open();
      peer.send({ op: 'WRQ', fileName: 'a', mode: 'octet', options: [] }, setting.server.port);
      expect(await peer.next()).toEqual({
        op: 'ERROR',
        code: 2,
        message: 'Uploads are switched off on this server',
      });
      expect(setting.refusals).toMatchObject([{ op: 'WRQ', name: 'a', code: 2 }]);
      expect(setting.asked).toEqual([]);
    });

    test('of mail is ERROR 4', async () => {
      const setting = await serve({ a: 'x' });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a', [], 'mail');
      expect(await peer.next()).toMatchObject({ op: 'ERROR', code: 4 });
    });

    test('of a large file in netascii names octet', async () => {
      const setting = await serve({ a: 'x'.repeat(101) }, { limits: { netasciiBytes: 100 } });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a', [], 'netascii');
      const packet = await peer.next();
      expect(packet).toMatchObject({ op: 'ERROR', code: 0 });
      expect(packet.op === 'ERROR' && packet.message).toContain('octet has no such limit');
      expect(setting.open).toBe(0);
    });

    test('is what a failing open becomes', async () => {
      const setting = await serve({ a: () => Promise.reject(new Error('the store is closed')) });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a');
      expect(await peer.next()).toEqual({
        op: 'ERROR',
        code: 0,
        message: 'The server could not open the file',
      });
      expect(setting.faults).toMatchObject([{ what: 'failed', error: { message: 'the store is closed' } }]);
    });

    test('is what an endless open becomes, and its source is closed when it comes', async () => {
      let closed = 0;
      const late = async (): Promise<OpenedFile> => {
        await pause(120);
        return {
          open: true,
          source: { ...sourceOfText('x'), close: () => Promise.resolve(void (closed += 1)) },
        };
      };
      const setting = await serve({ a: late }, { limits: { openMs: 30 } });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a');
      expect(await peer.next()).toEqual({
        op: 'ERROR',
        code: 0,
        message: 'The file could not be opened in time',
      });
      await until(() => setting.server.transfers === 0);
      await until(() => closed === 1);
      expect(setting.ends).toEqual([]);
    });

    test('because of a limit is silence, since the client asks again by itself', async () => {
      const setting = await serve({ a: 'x', b: 'y' }, { limits: { transfersPerClient: 1 } });
      const [first, second] = [await Peer.open(), await Peer.open()];
      first.ask(setting.server, 'a');
      await first.next();
      second.ask(setting.server, 'b');
      await until(() => setting.refusals.length === 1);
      expect(setting.refusals[0]).toMatchObject({ name: 'b', code: undefined });
      first.ack(1);
      await until(() => setting.ends.length === 1);
      second.ask(setting.server, 'b');
      expect(await second.next()).toEqual(data(1, 'y'));
      expect(second.waiting).toBe(0);
    });
  });
}
