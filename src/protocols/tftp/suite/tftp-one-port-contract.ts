import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serveTftp } from '../server.ts';
import { closeAll, data, Peer, serve, serveBy, type ServeWay, until } from './tftp-peer.ts';

const TIMES = { firstTimeoutMs: 5000 };
const TWO_BLOCKS = 'a'.repeat(512);

/** What every way of serving TFTP must do when all its answers come from the port that was asked. */
export function tftpOnePortContract(name: string, way: ServeWay): void {
  describe(`${name} with one port`, () => {
    beforeAll(() => serveBy(way));
    afterAll(() => serveBy(serveTftp));
    afterEach(closeAll);

    test('every answer comes from the port that was asked, and clients are told apart', async () => {
      const setting = await serve({ a: `${TWO_BLOCKS}A`, b: `${TWO_BLOCKS}B` }, { times: TIMES });
      const [one, other] = [await Peer.open(), await Peer.open()];
      one.ask(setting.server, 'a');
      other.ask(setting.server, 'b');
      await one.next();
      await other.next();
      expect([one.transferPort, other.transferPort]).toEqual([setting.server.port, setting.server.port]);
      other.ack(1);
      expect(await other.next()).toEqual(data(2, 'B'));
      expect(one.waiting).toBe(0);
      one.ack(1);
      expect(await one.next()).toEqual(data(2, 'A'));
      one.ack(2);
      other.ack(2);
      await until(() => setting.ends.length === 2);
      expect(setting.ends.map(({ outcome }) => outcome)).toEqual(['sent', 'sent']);
    });

    test('what belongs to no transfer is dropped without an answer', async () => {
      const setting = await serve({ a: 'x' });
      const peer = await Peer.open();
      peer.transferPort = setting.server.port;
      peer.ack(1);
      await until(() => setting.faults.length === 1);
      expect(setting.faults[0]).toMatchObject({ what: 'dropped' });
      expect(peer.waiting).toBe(0);
    });

    test('another request of the same client port replaces the first', async () => {
      const setting = await serve({ a: TWO_BLOCKS, b: 'x' }, { times: TIMES });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a');
      await peer.next();
      peer.ask(setting.server, 'b');
      expect(await peer.next()).toEqual(data(1, 'x'));
      peer.ack(1);
      await until(() => setting.ends.length === 2);
      expect(setting.ends).toMatchObject([
        { name: 'a', outcome: 'failed' },
        { name: 'b', outcome: 'sent' },
      ]);
    });
  });
}
