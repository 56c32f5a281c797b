import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseIp } from '../lib/ipv6-address.ts';
import { EventPoll } from './event-poll.ts';
import { EAGAIN, type Libc, loadLibc, type NativeMemory } from './libc.ts';

function libcHere(): Libc {
  const loaded = loadLibc();
  if ('unavailable' in loaded) throw new Error(loaded.because);
  return loaded;
}

const libc = libcHere();
const WAIT_MS = 5_000;

let memory: NativeMemory;
let poll: EventPoll;
let listener = -1;
let open: number[] = [];
let clients: Socket[] = [];

beforeEach(() => {
  memory = libc.allocate(65_536);
  poll = new EventPoll(libc, 8);
  open = [];
  clients = [];
});
afterEach(() => {
  for (const client of clients) client.destroy();
  for (const fd of open) libc.close(fd);
  poll.free();
  memory.free();
});

function listen(address: string): number {
  listener = libc.socket(address.includes(':') ? 'tcp6' : 'tcp');
  open.push(listener);
  libc.listenTcp(listener, parseIp(address), 0, { backlog: 16 });
  poll.add(listener, 'a connection');
  return libc.tcpPort(listener);
}

/** How many are ready; the clients are in this thread too, and go on meanwhile. */
async function soon(): Promise<number> {
  const deadlineMs = performance.now() + WAIT_MS;
  for (;;) {
    const ready = poll.wait(0);
    if (ready > 0 || performance.now() > deadlineMs) return ready;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The connection of a client, accepted. */
async function connected(
  address = '127.0.0.1',
): Promise<{ client: Socket; fd: number; from: string | undefined }> {
  const port = listen(address);
  const client = connect({ host: address, port });
  clients.push(client);
  await once(client, 'connect');
  expect(await soon()).toBe(1);
  expect([poll.descriptor(0), poll.canRead(0)]).toEqual([listener, true]);
  const accepted = libc.accept(listener);
  expect(libc.accept(listener)).toBeUndefined();
  open.push(accepted!.fd);
  return { client, fd: accepted!.fd, from: accepted!.address };
}

describe('connections', () => {
  test.each(['127.0.0.1', '::1'])('come with the address they are from: %s', async (address) => {
    expect((await connected(address)).from).toBe(address);
  });

  test('are read, and told of until they are', async () => {
    const { client, fd } = await connected();
    poll.add(fd, 'read');
    expect(libc.receiveInto(fd, memory, 100)).toBe(-EAGAIN);
    client.write('GET');
    for (const _ of [1, 2]) {
      expect(await soon()).toBe(1);
      expect(poll.descriptor(0)).toBe(fd);
    }
    expect(libc.receiveInto(fd, memory, 100)).toBe(3);
    expect(Buffer.from(memory.buffer, 0, 3).toString()).toBe('GET');
    expect(poll.wait(0)).toBe(0);
    client.end();
    expect(await soon()).toBe(1);
    expect(libc.receiveInto(fd, memory, 100)).toBe(0);
  });

  test('that are waited for no more are not told of', async () => {
    const { client, fd } = await connected();
    poll.add(fd, 'read');
    poll.change(fd, 'nothing');
    client.write('x');
    expect(poll.wait(50)).toBe(0);
    poll.remove(fd);
    expect(() => poll.remove(fd)).toThrow(/ENOENT/);
  });

  test('get bytes, then a file from any place of it, and the end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-send-'));
    const content = randomBytes(300_000);
    writeFileSync(join(folder, 'file'), content);
    const file = openSync(join(folder, 'file'), 'r');
    try {
      const { client, fd } = await connected();
      const received: Buffer[] = [];
      client.on('data', (bytes: Buffer) => received.push(bytes));
      Buffer.from(memory.buffer).write('head;', 7);
      expect(libc.sendFrom(fd, memory, 7, 5, 'more follows')).toBe(5);
      for (let at = 1_000; at < content.length; ) {
        const sent = libc.sendFile(fd, file, at, content.length - at);
        if (sent === -EAGAIN) await new Promise((resolve) => setTimeout(resolve, 1));
        else at += sent;
      }
      expect(libc.sendFile(fd, file, content.length, 10)).toBe(0);
      libc.endOutput(fd);
      await once(client, 'end');
      expect(
        Buffer.concat(received).equals(Buffer.concat([Buffer.from('head;'), content.subarray(1_000)])),
      ).toBe(true);
    } finally {
      closeSync(file);
      rmSync(folder, { recursive: true });
    }
  });

  test('whose other end does not read take no more, and can be written when it does', async () => {
    const { client, fd } = await connected();
    client.pause();
    let taken = 0;
    for (;;) {
      const sent = libc.sendFrom(fd, memory, 0, 65_536, 'the end');
      if (sent < 0) {
        expect(sent).toBe(-EAGAIN);
        break;
      }
      taken += sent;
    }
    poll.add(fd, 'write');
    expect(poll.wait(0)).toBe(0);
    client.resume();
    expect(await soon()).toBe(1);
    expect(poll.canWrite(0)).toBe(true);
    expect(taken).toBeGreaterThan(0);
  });

  test('that were reset say so, and the process lives', async () => {
    const { client, fd } = await connected();
    client.resetAndDestroy();
    poll.add(fd, 'read');
    expect(await soon()).toBe(1);
    expect(libc.receiveInto(fd, memory, 10)).toBeLessThan(0);
    expect(libc.sendFrom(fd, memory, 0, 10, 'the end')).toBeLessThan(0);
    libc.endOutput(fd);
  });
});

test('a port that is taken is refused with its name', () => {
  const port = listen('127.0.0.1');
  const other = libc.socket('tcp');
  open.push(other);
  expect(() => libc.listenTcp(other, parseIp('127.0.0.1'), port, { backlog: 1 })).toThrow(
    `Cannot bind 127.0.0.1 TCP port ${port}: EADDRINUSE`,
  );
});

test('memory is not left', () => {
  expect(() => libc.sendFrom(1, memory, 65_530, 7, 'the end')).toThrow(RangeError);
  expect(() => libc.receiveInto(1, memory, 65_537)).toThrow(RangeError);
});
