import { describe, expect, test } from 'vitest';
import { sourceOfText } from '../../../lib/byte-source.ts';
import type { OpenedFile } from '../server-options.ts';
import { data, pause, Peer, serve, until } from './tftp-peer.ts';

/** What a server does with a packet that is no part of a transfer's normal course: a request again, a stranger, noise. */
export function tftpUnexpectedContract(): void {
  const tsize = { name: 'tsize', value: '0' };

  describe('a request that comes again from its port', () => {
    test('is answered by the transfer there is', async () => {
      const setting = await serve({ a: 'x' }, { times: { firstTimeoutMs: 5000 } });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a', [tsize]);
      const first = await peer.next();
      const port = peer.transferPort;
      peer.ask(setting.server, 'a', [tsize]);
      expect(await peer.next()).toEqual(first);
      expect(peer.transferPort).toBe(port);
      expect(setting.asked).toEqual(['a']);
      expect(setting.server.transfers).toBe(1);
    });

    test('while the file is looked for is not asked twice', async () => {
      const slow = async (): Promise<OpenedFile> => {
        await pause(60);
        return { open: true, source: sourceOfText('x') };
      };
      const setting = await serve({ a: slow }, { times: { firstTimeoutMs: 5000 } });
      const peer = await Peer.open();
      for (let copy = 0; copy < 5; copy += 1) peer.ask(setting.server, 'a');
      expect(await peer.next()).toEqual(data(1, 'x'));
      await pause(30);
      expect(peer.waiting).toBe(0);
      expect(setting.asked).toEqual(['a']);
    });

    test('with another name replaces it', async () => {
      const setting = await serve({ a: 'x'.repeat(600), b: 'y' }, { times: { firstTimeoutMs: 5000 } });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a');
      await peer.next();
      peer.ask(setting.server, 'b');
      expect(await peer.next()).toEqual(data(1, 'y'));
      peer.ack(1);
      await until(() => setting.ends.length === 2);
      expect(setting.ends).toMatchObject([
        {
          name: 'a',
          outcome: 'failed',
          because: 'the client made another request from the same port after block 0 of 2',
        },
        { name: 'b', outcome: 'sent' },
      ]);
    });

    test('with another name while the first is looked for silences the first', async () => {
      let lookedLongEnough = false;
      const refusing = async (): Promise<OpenedFile> => {
        await until(() => lookedLongEnough);
        return { open: false, code: 1, message: 'there is no a' };
      };
      const setting = await serve({ a: refusing, b: 'y' }, { times: { firstTimeoutMs: 5000 } });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a');
      peer.ask(setting.server, 'b');
      expect(await peer.next()).toEqual(data(1, 'y'));
      lookedLongEnough = true;
      await until(() => setting.refusals.length === 1);
      expect(setting.refusals[0]).toMatchObject({
        name: 'a',
        code: undefined,
        because: 'the client asked for something else from the same port',
      });
      await pause(10);
      expect(peer.waiting).toBe(0);
    });
  });

  describe('what does not belong', () => {
    test('a foreign port gets ERROR 5, and the transfer goes on', async () => {
      const setting = await serve({ a: 'x'.repeat(513) }, { times: { firstTimeoutMs: 5000 } });
      const [peer, stranger] = [await Peer.open(), await Peer.open()];
      peer.ask(setting.server, 'a');
      await peer.next();
      stranger.send({ op: 'ACK', block: 1 }, peer.transferPort);
      expect(await stranger.next()).toEqual({ op: 'ERROR', code: 5, message: 'Unknown transfer' });
      expect(peer.waiting).toBe(0);
      peer.ack(1);
      expect(await peer.next()).toEqual(data(2, 'x'));
    });

    test('an ERROR from a foreign port is not answered, and a stranger who goes on is not either', async () => {
      const setting = await serve({ a: 'x' }, { times: { firstTimeoutMs: 5000 } });
      const [peer, stranger] = [await Peer.open(), await Peer.open()];
      peer.ask(setting.server, 'a');
      await peer.next();
      stranger.send({ op: 'ERROR', code: 0, message: '' }, peer.transferPort);
      for (let copy = 0; copy < 50; copy += 1) stranger.send({ op: 'ACK', block: 1 }, peer.transferPort);
      await until(() => setting.faults.length === 51);
      expect(setting.faults.every(({ what }) => what === 'dropped')).toBe(true);
      await until(() => stranger.waiting >= 16);
      expect(stranger.waiting).toBe(16);
      expect(setting.ends).toEqual([]);
    });

    for (const [what, datagram] of [
      ['nothing', new Uint8Array(0)],
      ['an unknown opcode', Uint8Array.of(0, 9, 1, 2)],
      ['an ACK', Uint8Array.of(0, 4, 0, 1)],
      ['data', Uint8Array.of(0, 3, 0, 1, 1)],
      ['an ERROR', Uint8Array.of(0, 5, 0, 1, 0)],
      ['half a request', Uint8Array.of(0, 1, 0x61)],
    ] as const) {
      test(`${what} on the port for requests is dropped and not answered`, async () => {
        const setting = await serve({});
        const peer = await Peer.open();
        peer.send(datagram, setting.server.port);
        await until(() => setting.faults.length === 1);
        expect(setting.faults[0]).toMatchObject({ what: 'dropped' });
        expect(peer.waiting).toBe(0);
      });
    }

    test('data from the client of a transfer is dropped', async () => {
      const setting = await serve({ a: 'x' }, { times: { firstTimeoutMs: 5000 } });
      const peer = await Peer.open();
      peer.ask(setting.server, 'a');
      await peer.next();
      peer.send(data(1, 'x'));
      peer.send(Uint8Array.of(0));
      await until(() => setting.faults.length === 2);
      peer.ack(1);
      await until(() => setting.ends.length === 1);
      expect(setting.ends[0]!.outcome).toBe('sent');
    });
  });
}
