import { afterEach, expect, test } from 'vitest';
import { sourceOfText } from '../../lib/byte-source.ts';
import type { OpenedFile } from './server-options.ts';
import { closeAll, data, Peer, serve, until } from './suite/tftp-peer.ts';

afterEach(closeAll);

const TIMES = { firstTimeoutMs: 5000 };
const TWO_BLOCKS = 'a'.repeat(512);

test('with one port every answer comes from the port that was asked, and clients are told apart', async () => {
  const setting = await serve(
    { a: `${TWO_BLOCKS}A`, b: `${TWO_BLOCKS}B` },
    { dataPort: 'same', times: TIMES },
  );
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

test('with one port what belongs to no transfer is dropped without an answer', async () => {
  const setting = await serve({ a: 'x' }, { dataPort: 'same' });
  const peer = await Peer.open();
  peer.transferPort = setting.server.port;
  peer.ack(1);
  await until(() => setting.faults.length === 1);
  expect(setting.faults[0]).toMatchObject({ what: 'dropped' });
  expect(peer.waiting).toBe(0);
});

test('with one port another request of the same client port replaces the first', async () => {
  const setting = await serve({ a: TWO_BLOCKS, b: 'x' }, { dataPort: 'same', times: TIMES });
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
  expect(setting.server.overRate).toBe(2);
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
  const open = (): Promise<OpenedFile> => Promise.resolve({ open: true, source: sourceOfText('x'), traits });
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
