import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseIpv4 } from '../lib/addresses.ts';
import { familyOf, portOf, ReceiveBatch, SendBatch } from './datagram-batch.ts';
import { PollSet } from './poll-set.ts';
import { systemLibc } from './suite/system-libc.ts';

const LOCAL = parseIpv4('127.0.0.1');
const LOCAL_NUMBER = 0x0100007f;
const EFAULT = 14;
const libc = systemLibc();

let from = -1;
let to = -1;
let unsent: { owner: string; errno: number }[] = [];
let sending: SendBatch<string>;
let receiving: ReceiveBatch;

beforeEach(() => {
  [from, to] = [libc.socket('udp'), libc.socket('udp')];
  libc.bindUdp(from, LOCAL, 0);
  libc.bindUdp(to, LOCAL, 0);
  unsent = [];
  sending = new SendBatch<string>(libc, {
    messages: 4,
    parts: 16,
    smallBytes: 64,
    unsent: (owner, errno) => unsent.push({ owner, errno }),
  });
  receiving = new ReceiveBatch(libc, { count: 8, bytesEach: 128 });
});

afterEach(() => {
  sending.free();
  receiving.free();
  libc.close(from);
  libc.close(to);
});

function peer() {
  return { family: familyOf(libc.udpPort(to)), address: LOCAL_NUMBER };
}

function small(text: string): void {
  sending.begin(from, 1, text.length);
  sending.small(Buffer.from(text));
  sending.end(peer(), text, 0);
}

function received(): string[] {
  const count = receiving.receive(to);
  return Array.from({ length: count }, (_, index) => receiving.characters(index));
}

test('datagrams go together and come together, each with who sent it', () => {
  small('one');
  small('two');
  sending.flush();
  expect(received()).toEqual(['one', 'two']);
  const sender = { family: receiving.family(1), address: receiving.address(1) };
  expect(sender.address).toBe(LOCAL_NUMBER);
  expect(portOf(sender)).toBe(libc.udpPort(from));
  expect(receiving.uint16(0, 1)).toBe(0x6e65);
  expect(receiving.receive(to)).toBe(0);
});

test('a full batch sends itself to make room', () => {
  for (const text of ['a', 'b', 'c', 'd', 'e']) small(text);
  expect(received()).toEqual(['a', 'b', 'c', 'd']);
  sending.flush();
  expect(received()).toEqual(['e']);
});

test('one piece is cut into datagrams by the kernel, the last one shorter', () => {
  sending.begin(from, 3, 10);
  for (const text of ['aaaa', 'bbbb', 'cc']) sending.small(Buffer.from(text));
  sending.end(peer(), 'window', 4);
  sending.flush();
  expect(received()).toEqual(['aaaa', 'bbbb', 'cc']);
  expect(unsent).toEqual([]);
});

test('what cannot be sent is told, and what is behind it goes', () => {
  small('before');
  sending.begin(from, 1, 2);
  sending.small(Buffer.from('no'));
  sending.end({ family: familyOf(0), address: LOCAL_NUMBER }, 'to port 0', 0);
  small('behind');
  sending.flush();
  expect(unsent).toEqual([{ owner: 'to port 0', errno: 22 }]);
  expect(received()).toEqual(['before', 'behind']);
});

test('a datagram that is longer than its room is cut off', () => {
  small('x'.repeat(60));
  sending.begin(from, 3, 64);
  for (let part = 0; part < 3; part += 1) sending.small(Buffer.from('y'.repeat(21)));
  sending.end(peer(), 'long', 0);
  sending.flush();
  expect(receiving.receive(to)).toBe(2);
  expect(receiving.length(1)).toBe(63);
});

describe('a mapped file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'muster-map-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is sent from where it lies; truncated meanwhile, it is EFAULT and not the end of the process', () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'x'.repeat(8192));
    const fd = openSync(path, 'r');
    const address = libc.mapFile(fd, 0, 8192);
    closeSync(fd);
    const send = (offset: number): void => {
      sending.begin(from, 1, 0);
      sending.part(address + offset, 100);
      sending.end(peer(), `from ${offset}`, 0);
      sending.flush();
    };
    send(4096);
    expect(received()).toEqual(['x'.repeat(100)]);
    truncateSync(path, 10);
    send(4096);
    expect(unsent).toEqual([{ owner: 'from 4096', errno: EFAULT }]);
    libc.unmap(address, 8192);
  });

  test('of no bytes cannot be mapped', () => {
    expect(() => libc.mapFile(0, 0, 0)).toThrow(RangeError);
  });
});

test('a signal wakes who waits, and is gone when it was taken back', () => {
  const eventFd = libc.eventDescriptor();
  const polled = new PollSet(libc, 2);
  polled.set(0, eventFd, 'read');
  expect(polled.wait(0)).toBe(0);
  libc.signal(eventFd);
  libc.signal(eventFd);
  expect(polled.wait(1000)).toBe(1);
  expect(polled.isReady(0)).toBe(true);
  libc.unsignal(eventFd);
  libc.unsignal(eventFd);
  expect(polled.wait(0)).toBe(0);
  expect(() => polled.set(2, eventFd, 'read')).toThrow(RangeError);
  polled.free();
  libc.close(eventFd);
});
