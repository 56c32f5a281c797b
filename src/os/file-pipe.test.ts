import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseIpv4 } from '../lib/addresses.ts';
import { FilePipe } from './file-pipe.ts';
import { EAGAIN, loadLibc } from './libc.ts';
import { SystemCallError } from './system-call-error.ts';
import { makeMemoryFolder } from './suite/memory-folder.ts';
import { ThreadDescriptors } from './thread-descriptors.ts';

const libc = loadLibc();
const MIB = 1024 * 1024;
const FILE_BYTES = 9 * MIB + 1234;
const EBADF = 9;
const EPIPE = 32;
const EMFILE = 24;

describe.skipIf('unavailable' in libc)('a pipe for files', () => {
  if ('unavailable' in libc) return;
  const bytes = randomBytes(FILE_BYTES);
  const folder = makeMemoryFolder('muster-file-pipe-');
  const path = join(folder, 'file');
  let file = -1;
  let server: Server;
  let fd = -1;
  let other: Socket;
  let descriptors: ThreadDescriptors;
  let pipe: FilePipe;

  beforeEach(async () => {
    writeFileSync(path, bytes);
    file = openSync(path, 'r');
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const arrived = once(server, 'connection');
    fd = libc.socket('tcp');
    connect(fd);
    [other] = (await arrived) as [Socket];
    descriptors = new ThreadDescriptors();
    pipe = new FilePipe(libc, descriptors);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => {
    pipe.free();
    expect(descriptors.takeAll()).toEqual([]);
    libc.close(fd);
    other.destroy();
    server.close();
    closeSync(file);
  });

  function connect(from: number): void {
    const address = server.address();
    if ('unavailable' in libc || address === null || typeof address === 'string') return;
    libc.connectTcp(from, parseIpv4('127.0.0.1'), address.port, {});
  }

  /** Sends until all of it is with the system. @returns how often the connection took less than it was given. */
  async function sendAll(at: number, length: number): Promise<number> {
    if ('unavailable' in libc) return 0;
    let shortened = 0;
    for (let sent = 0; sent < length; ) {
      const taken = pipe.sendFile(fd, file, at + sent, length - sent);
      if (taken < 0) expect(taken).toBe(-EAGAIN);
      else sent += taken;
      if (sent < length) {
        shortened += 1;
        await sleep(1);
      }
    }
    libc.endOutput(fd);
    return shortened;
  }

  async function received(socket: Socket): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of socket) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  }

  for (const [what, at, length] of [
    ['all of a file', 0, FILE_BYTES],
    ['what begins in the middle of a page', 777, 5 * MIB + 1],
    ['less than sendfile takes at once', 4096, 1000],
    ['just more than that', MIB - 1, 64 * 1024 + 1],
  ] as const)
    test(`sends ${what}, as often as the connection is full`, async () => {
      const came = received(other);
      const shortened = await sendAll(at, length);
      const got = await came;
      expect(got.length).toBe(length);
      expect(digest(got)).toBe(digest(bytes.subarray(at, at + length)));
      if (length > 4 * MIB) expect(shortened).toBeGreaterThan(0);
    });

  test('keeps nothing of one file for the next', async () => {
    other.pause();
    for (let count = 0; count < 1000; count += 1)
      if (pipe.sendFile(fd, file, 0, FILE_BYTES) === -EAGAIN) break;
    expect(pipe.sendFile(fd, file, 0, FILE_BYTES)).toBe(-EAGAIN);
    const arrived = once(server, 'connection');
    const second = libc.socket('tcp');
    connect(second);
    const [socket] = (await arrived) as [Socket];
    expect(pipe.sendFile(second, file, 5 * MIB, 100_000)).toBe(100_000);
    libc.close(second);
    expect(digest(await received(socket))).toBe(digest(bytes.subarray(5 * MIB, 5 * MIB + 100_000)));
  });

  test('sends what there is of a file that was cut, then nothing', () => {
    truncateSync(path, 100_000);
    expect(pipe.sendFile(fd, file, 0, 200_000)).toBe(100_000);
    expect(pipe.sendFile(fd, file, 100_000, 100_000)).toBe(0);
  });

  test('says what is wrong, as sendfile does', async () => {
    const closed = openSync(path, 'r');
    closeSync(closed);
    expect(pipe.sendFile(fd, closed, 0, MIB)).toBe(-EBADF);
    libc.endOutput(fd);
    expect(pipe.sendFile(fd, file, 0, MIB)).toBe(-EPIPE);
  });

  test('is done without where no pipe is to be had', async () => {
    const poor = new FilePipe(
      {
        ...libc,
        openPipe() {
          throw new SystemCallError('pipe2', 'open a pipe', EMFILE);
        },
      },
      descriptors,
    );
    expect(poor.sendFile(fd, file, 0, 100_000)).toBe(100_000);
    expect(descriptors.takeAll()).toEqual([]);
  });
});

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
