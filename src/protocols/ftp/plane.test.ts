import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { EAGAIN, type Libc, loadLibc } from '../../os/libc.ts';
import { moreThan, openDescriptors } from '../../os/suite/open-descriptors.ts';
import { FtpPeer, receive } from './suite/ftp-peer.ts';
import { BIG, ftpWorld } from './suite/ftp-world.ts';

/** What is of the threads alone; all else is in plane-server.test.ts. */

const WAIT = { timeout: 10_000 };
const ECONNRESET = 104;
const world = ftpWorld('plane');
const { serve, logIn } = world;

function libcOf(): Libc {
  const libc = loadLibc();
  if ('unavailable' in libc) throw new Error(libc.because);
  return libc;
}

test('a file that ends too early is broken off with a reset', async () => {
  const libc = libcOf();
  const peer = await logIn(await serve());
  const fd = libc.socket('tcp');
  try {
    libc.connectTcp(fd, parseIpv4('127.0.0.1'), await peer.passivePort(), {});
    expect(await peer.say('RETR broken')).toMatch(/^150/);
    expect(await peer.reply()).toMatch(/^451/);
    let came = libc.discard(fd, 1024 * 1024);
    for (let count = 0; count < 1000 && (came > 0 || came === -EAGAIN); count += 1) {
      await sleep(1);
      came = libc.discard(fd, 1024 * 1024);
    }
    expect(came).toBe(-ECONNRESET);
  } finally {
    libc.close(fd);
  }
});

test('STAT tells how far a file is', async () => {
  const peer = await logIn(await serve());
  const data = await peer.openData();
  data.pause();
  await peer.say('RETR endless');
  await expect.poll(() => peer.say('STAT'), WAIT).toMatch(/Sending \/endless, [1-9]\d+ bytes so far/);
  data.destroy();
  expect(await peer.reply()).toMatch(/^426/);
});

test('a thread that dies breaks off what it sends, and another takes its place', async () => {
  const server = await serve();
  await (await logIn(server)).fetch('RETR hello.txt');
  const before = openDescriptors();
  const sending = await logIn(server);
  const waiting = await logIn(server);
  const data = await sending.openData();
  data.pause();
  await sending.say('RETR endless');
  const port = await waiting.passivePort();
  await world.plane?.killThread(0);
  expect(await sending.reply()).toBe('426 The part of the server that sends files died');
  expect(world.restarts).toMatchObject([{ restarts: 1, transfersLost: 1 }]);
  expect(await waiting.say('RETR hello.txt')).toMatch(/^150/);
  expect(await waiting.reply()).toBe('425 The data connection was given up');
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow(/ECONNREFUSED/);
  data.destroy();
  for (const peer of [sending, waiting]) {
    // By the main thread, as long as there is no other.
    expect(Buffer.compare((await peer.fetch('RETR big')).bytes, BIG)).toBe(0);
    peer.close();
  }
  await expect.poll(() => server.connections, WAIT).toBe(1);
  await expect.poll(() => moreThan(before), WAIT).toEqual({});
  expect(world.tree.closed).toBe(world.tree.opened);
});

test('a listing that waits for its connection hears of a thread that dies', async () => {
  const peer = await logIn(await serve());
  await peer.passivePort();
  expect(await peer.say('LIST')).toMatch(/^150/);
  await world.plane?.killThread(0);
  expect(await peer.reply()).toBe('425 The data connection was given up');
});

test('many files at once come whole, and leave nothing behind', async () => {
  const server = await serve();
  const peers = await Promise.all(Array.from({ length: 8 }, () => logIn(server)));
  await Promise.all(
    peers.map(async (peer) => {
      for (let round = 0; round < 3; round += 1)
        expect(Buffer.compare((await peer.fetch('RETR big')).bytes, BIG)).toBe(0);
      expect((await peer.fetch('RETR hello.txt')).bytes.toString()).toBe('hello\nworld\n');
    }),
  );
  expect(world.ends).toHaveLength(8 * 4);
  expect(world.ends.every(({ outcome }) => outcome === 'sent')).toBe(true);
  expect(world.plane?.links).toBe(0);
});

test('a client that has gone before its command is sent nothing, and told', async () => {
  const peer = await logIn(await serve());
  for (const name of ['big', 'empty']) {
    const data = await peer.openData();
    data.resetAndDestroy();
    await once(data, 'close');
    expect(await peer.say(`RETR ${name}`)).toMatch(/^150/);
    // Of an empty file everything is with the system, whoever is there.
    expect(await peer.reply()).toMatch(name === 'big' ? /^426/ : /^226/);
  }
});

test('a port that is not used any more is closed with its session', async () => {
  const peer = await logIn(await serve());
  const port = await peer.passivePort();
  peer.close();
  await expect.poll(() => world.plane?.links, WAIT).toBe(0);
  await expect
    .poll(async () => {
      const late = connect(port, '127.0.0.1');
      return (await receive(late)).bytes.length === 0 && late.destroyed;
    }, WAIT)
    .toBe(true);
  await expect(FtpPeer.connect(port)).rejects.toThrow(/ECONNREFUSED/);
});
