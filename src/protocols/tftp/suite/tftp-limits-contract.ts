import { describe, expect, test } from 'vitest';
import { sourceOfText } from '../../../lib/byte-source.ts';
import type { OpenedFile } from '../server-options.ts';
import { data, Peer, serve, until } from './tftp-peer.ts';

/** What every way of serving TFTP grants and refuses one client; servers are started as `serveBy` was told. */
export function tftpLimitsContract(): void {
  describe('what one client gets', () => {
    test('the report says block and window size', async () => {
      const setting = await serve({ a: 'x' });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a', [
        { name: 'blksize', value: '64' },
        { name: 'windowsize', value: '4' },
      ]);
      await peer.next();
      peer.ack(0);
      await peer.next();
      peer.ack(1);
      await until(() => setting.ends.length === 1);
      expect(setting.ends[0]).toMatchObject({ blockBytes: 64, windowBlocks: 4 });
    });

    test('too many requests of one address get silence, are told, and are counted', async () => {
      const limits = { requestsPerSecond: 2, pauseMs: 60_000 };
      const setting = await serve({ a: 'x' }, { limits });
      for (let index = 0; index < 4; index += 1) {
        const peer = await Peer.open();
        peer.ask(setting.server, 'a');
        await until(() => setting.asked.length + setting.refusals.length === index + 1);
      }
      expect(setting.asked.length).toBe(2);
      await until(() => setting.server.overRate === 2);
      expect(setting.refusals[0]).toMatchObject({ code: undefined });
      expect(setting.refusals[0]?.because).toContain('more than 2 requests a second');
    });

    test('a request that is repeated by a client with a transfer costs nothing of its rate', async () => {
      const setting = await serve({ a: 'x' }, { limits: { requestsPerSecond: 1, pauseMs: 60_000 } });
      const peer = await Peer.open();
      for (let index = 0; index < 3; index += 1) {
        peer.ask(setting.server, 'a');
        expect(await peer.next()).toEqual(data(1, 'x'));
      }
      expect(setting.server.overRate).toBe(0);
    });

    test('what is known of the firmware lowers what it gets, and is told', async () => {
      const traits = { vendorClass: 'PXEClient:Arch:00007:UNDI:003000' };
      const open = (): Promise<OpenedFile> =>
        Promise.resolve({ open: true, source: sourceOfText('x'), traits });
      const setting = await serve({ a: open });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a', [{ name: 'windowsize', value: '64' }]);
      expect(await peer.next()).toEqual({ op: 'OACK', options: [{ name: 'windowsize', value: '16' }] });
      peer.ack(0);
      await peer.next();
      peer.ack(1);
      await until(() => setting.ends.length === 1);
      expect(setting.ends[0]?.firmware).toEqual(['UEFI firmware']);
    });
  });
}
