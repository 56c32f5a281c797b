import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { parseIp } from '../../lib/ipv6-address.ts';
import { EAGAIN, loadLibc } from '../libc.ts';

const libc = loadLibc();
const HERE = parseIpv4('127.0.0.1');
const ECONNREFUSED = 111;
const ECONNRESET = 104;

describe.skipIf('unavailable' in libc)('a connection that begins here', () => {
  if ('unavailable' in libc) return;
  let server: Server;
  let port = 0;
  let arrived: Promise<Socket>;

  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    arrived = new Promise((resolve) => server.once('connection', resolve));
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  afterEach(() => {
    server.close();
  });

  /** Until it says something else than that nothing came. */
  async function discarded(fd: number): Promise<number> {
    if ('unavailable' in libc) return 0;
    for (let count = 0; count < 1000; count += 1) {
      const came = libc.discard(fd, 1024);
      if (came !== -EAGAIN) return came;
      await sleep(5);
    }
    return -EAGAIN;
  }

  test('comes from the address it is told, and throws away what it is sent', async () => {
    const fd = libc.socket('tcp');
    libc.connectTcp(fd, HERE, port, { from: parseIpv4('127.0.0.5') });
    const socket = await arrived;
    expect(socket.remoteAddress).toBe('127.0.0.5');
    expect(libc.socketError(fd)).toBe(0);
    expect(libc.discard(fd, 1024)).toBe(-EAGAIN);
    socket.write(Buffer.alloc(1500));
    const first = await discarded(fd);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(1024);
    socket.end();
    let rest = first;
    for (let came = await discarded(fd); came > 0; came = await discarded(fd)) rest += came;
    expect(rest).toBe(1500);
    libc.close(fd);
  });

  test('has the congestion control that this computer is set to', async () => {
    const fd = libc.socket('tcp');
    libc.connectTcp(fd, HERE, port, {});
    await arrived;
    const set = readFileSync('/proc/sys/net/ipv4/tcp_congestion_control', 'latin1').trim();
    expect(libc.congestionControl(fd)).toBe(set);
    libc.close(fd);
    expect(() => libc.congestionControl(fd)).toThrow(/EBADF/);
  });

  test('that nobody takes says why, once', async () => {
    server.close();
    await once(server, 'close');
    const fd = libc.socket('tcp');
    // Over loopback the answer is there at once.
    libc.connectTcp(fd, HERE, port, {});
    expect(libc.socketError(fd)).toBe(ECONNREFUSED);
    expect(libc.socketError(fd)).toBe(0);
    libc.close(fd);
  });

  test('cannot come from an address of others', () => {
    const fd = libc.socket('tcp');
    expect(() => libc.connectTcp(fd, HERE, port, { from: parseIpv4('192.0.2.1') })).toThrow(/EADDRNOTAVAIL/);
    libc.close(fd);
    const six = libc.socket('tcp6');
    expect(() => libc.connectTcp(six, parseIp('::1'), port, { from: parseIp('2001:db8::1') })).toThrow(
      /Cannot/,
    );
    libc.close(six);
  });

  test('that is closed with a reset is no orderly end for the other one', async () => {
    const fd = libc.socket('tcp');
    libc.connectTcp(fd, HERE, port, {});
    const socket = await arrived;
    const failed = once(socket, 'error');
    socket.resume();
    libc.closeWithReset(fd);
    expect((await failed)[0]).toMatchObject({ errno: -ECONNRESET });
  });
});
