import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemLibc } from '../../os/suite/system-libc.ts';
import { open } from 'node:fs/promises';
import type { OpenedFile } from './server-options.ts';
import { type PlaneRestart, TftpPlane } from './plane.ts';
import { serveTftp } from './server.ts';
import { closeAll, data, Peer, serve, serveBy, until } from './suite/tftp-peer.ts';

let folder = '';
let plane: TftpPlane;
let restarts: PlaneRestart[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-plane-'));
  restarts = [];
  plane = new TftpPlane({
    libc: systemLibc(),
    threads: 1,
    dataPort: 'shared',
    report: () => undefined,
    restarted: (restart) => restarts.push(restart),
  });
  serveBy((options) => plane.serve(options));
});

afterEach(async () => {
  await closeAll();
  await plane.close();
  serveBy(serveTftp);
  rmSync(folder, { recursive: true });
});

/** Smaller files are handed over as they are, and not mapped. */
const LARGE = 200_000;
const ENOUGH = { op: 'ERROR', code: 0, message: 'enough' } as const;

/** A file of the folder as a door opens it. */
async function opened(name: string): Promise<OpenedFile> {
  const handle = await open(join(folder, name));
  const { size, mtimeMs, ino } = await handle.stat();
  const file = { descriptor: handle.fd, identity: `${ino} ${size} ${mtimeMs}` };
  const read = (): never => {
    throw new Error('The plane reads no file');
  };
  return { open: true, source: { size, file, read, close: () => handle.close() }, holdsFor: 'everyone' };
}

function mappingsOf(name: string): number {
  return readFileSync('/proc/self/maps', 'utf8').split(join(folder, name)).length - 1;
}

test('one mapping serves all transfers of a file, and is gone a while after the last', async () => {
  writeFileSync(join(folder, 'a'), 'x'.repeat(LARGE));
  const setting = await serve({ a: () => opened('a') });
  const peers = await Promise.all([Peer.open(), Peer.open(), Peer.open()]);
  for (const peer of peers) peer.ask(setting.server, 'a');
  for (const peer of peers) expect(await peer.next()).toEqual(data(1, 'x'.repeat(512)));
  expect(mappingsOf('a')).toBe(1);
  expect(setting.asked).toEqual(['a']);
  for (const peer of peers) peer.send(ENOUGH);
  await until(() => setting.ends.length === 3);
  await until(() => mappingsOf('a') === 0);
  expect(plane.mappings).toBe(0);
});

test('a file that was replaced is noticed within a second or so', async () => {
  writeFileSync(join(folder, 'a'), 'o'.repeat(LARGE));
  const setting = await serve({ a: () => opened('a') });
  const peer = await Peer.open();
  peer.ask(setting.server, 'a');
  expect(await peer.next()).toEqual(data(1, 'o'.repeat(512)));
  peer.send(ENOUGH);
  writeFileSync(join(folder, 'a'), 'n'.repeat(LARGE));
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const next = await Peer.open();
  next.ask(setting.server, 'a');
  expect(await next.next()).toEqual(data(1, 'n'.repeat(512)));
});

test('a thread that dies is replaced by one that serves what waited, and leaves nothing behind', async () => {
  writeFileSync(join(folder, 'a'), 'x'.repeat(LARGE));
  const setting = await serve({ a: () => opened('a') }, { times: { firstTimeoutMs: 5000 } });
  const first = await Peer.open();
  first.ask(setting.server, 'a');
  await first.next();
  const descriptors = readdirSync('/proc/self/fd').length;
  for (let kill = 1; kill <= 3; kill += 1) {
    await plane.killThread(0);
    const peer = await Peer.open();
    peer.ask(setting.server, 'a');
    expect(await peer.next()).toEqual(data(1, 'x'.repeat(512)));
    expect(restarts.length).toBe(kill);
    expect(plane.mappings).toBe(1);
    expect(mappingsOf('a')).toBe(1);
    peer.send(ENOUGH);
    await until(() => setting.ends.length === kill);
  }
  // Each peer of the test has one of its own.
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(descriptors + 3);
  expect(restarts[0]!.transfersLost).toBe(1);
});
