import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { serveSyslog, type SyslogDrop, type SyslogLimits, type SyslogServer } from './server.ts';

const LOOPBACK = parseIpv4('127.0.0.1');
const WAIT = { timeout: 5_000, interval: 10 } as const;

let server: SyslogServer;
let texts: string[] = [];
let drops: SyslogDrop[] = [];
let sockets: Socket[] = [];

async function start(limits: Partial<SyslogLimits> = {}): Promise<void> {
  texts = [];
  drops = [];
  sockets = [];
  server = await serveSyslog({
    address: LOOPBACK,
    port: 0,
    take: ({ text }, from, { isCut }) => void texts.push(`${from} ${text}${isCut ? '…' : ''}`),
    dropped: (what) => void drops.push(what),
    failed: (error) => {
      throw error;
    },
    nowMs: () => 0,
    limits,
  });
}

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

async function open(from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: from });
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

test('UDP and TCP are taken on one port, and what a connection ends with is a message too', async () => {
  await start();
  const udp = createSocket('udp4');
  udp.send('<13>by UDP', server.port, '127.0.0.1');
  await expect.poll(() => texts, WAIT).toEqual(['127.0.0.1 by UDP']);
  udp.close();
  const socket = await open('127.0.0.2');
  socket.end('<13>on a line\n16 <13>counted byte<13>without an end');
  await expect
    .poll(() => texts.slice(1), WAIT)
    .toEqual(['127.0.0.2 on a line', '127.0.0.2 counted byte', '127.0.0.2 without an end']);
  await expect.poll(() => server.connections, WAIT).toBe(0);
});

test('a message that is longer than is kept is cut, over UDP and TCP', async () => {
  await start({ messageBytes: 8 });
  const udp = createSocket('udp4');
  udp.send('<13>123456', server.port, '127.0.0.1');
  await expect.poll(() => texts, WAIT).toEqual(['127.0.0.1 1234…']);
  udp.close();
  (await open()).end('<13>123456\n<13>12\n');
  await expect.poll(() => texts.slice(1), WAIT).toEqual(['127.0.0.1 1234…', '127.0.0.1 12']);
});

test('one address has its number of connections, and all together have theirs', async () => {
  await start({ connections: 3, connectionsPerAddress: 2 });
  await open('127.0.0.2');
  await open('127.0.0.2');
  const third = await open('127.0.0.2');
  await once(third, 'close');
  await open('127.0.0.3');
  const fifth = await open('127.0.0.4');
  await once(fifth, 'close');
  expect([server.connections, drops]).toEqual([3, ['connection refused', 'connection refused']]);
});

test('a sender that is too fast is not taken, and others are', async () => {
  await start({ rate: { perSecond: 1, burst: 2 } });
  (await open('127.0.0.2')).end('<13>1\n<13>2\n<13>3\n<13>4\n');
  await expect.poll(() => drops, WAIT).toEqual(['too fast', 'too fast']);
  (await open('127.0.0.3')).end('<13>other\n');
  await expect.poll(() => texts, WAIT).toEqual(['127.0.0.2 1', '127.0.0.2 2', '127.0.0.3 other']);
});

test('what is no message is counted; a length that is none ends the connection', async () => {
  await start();
  const socket = await open();
  socket.write('   \n12x <13>y');
  await once(socket, 'close');
  expect(drops).toEqual(['not a message', 'not a message']);
});

test('a connection that says nothing is closed after a while', async () => {
  await start({ silentMs: 50 });
  const socket = await open();
  await once(socket, 'close');
  await expect.poll(() => server.connections, WAIT).toBe(0);
});

test('a port that another has is refused as the system does', async () => {
  await start();
  const taken = serveSyslog({
    address: LOOPBACK,
    port: server.port,
    take: () => undefined,
    dropped: () => undefined,
    failed: () => undefined,
    nowMs: () => 0,
  });
  await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
