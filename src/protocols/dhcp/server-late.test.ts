import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseIpv4, parseMac } from '../../lib/addresses.ts';
import type { DhcpReport } from './dhcp-interface.ts';
import { decodeMessage, type DhcpMessage, encodeMessage } from './message.ts';
import { Options } from './options.ts';
import { type DhcpServer, serveDhcp } from './server.ts';
import { requestOf } from './suite/packets.ts';

/**
 * A real server on loopback in simulated time, asked by a relay that wants its replies where it asked from: that
 * needs no rights.
 */
const LOCAL = parseIpv4('127.0.0.1');
const SOURCE_PORT = Uint8Array.of(19, 0);
const LOOPBACK = {
  interfaceName: 'lo',
  interfaceIndex: 1,
  localAddress: LOCAL,
  localNetwork: { address: parseIpv4('127.0.0.0'), prefixLength: 8 },
};
const LATE_BECAUSE = 'No answer was found within 10000 ms, so none is sent';

/** A message as it arrived, and the way to let its answer be found. */
interface Asked {
  readonly xid: number;
  readonly reply: () => void;
  readonly fail: (error: Error) => void;
}

let server: DhcpServer;
let relay: Socket;
let port: number;
let asked: Asked[];
let reports: DhcpReport[];
let somethingHappened: () => void;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  asked = [];
  reports = [];
  somethingHappened = () => undefined;
  port = await freePort();
  relay = createSocket('udp4');
  relay.bind(0, LOCAL);
  await once(relay, 'listening');
  server = await serveDhcp({
    interfaces: [LOOPBACK],
    port,
    libc: { unavailable: true, because: 'this test has no rights' },
    maxAnswersInFlight: 2,
    report: (report) => {
      reports.push(report);
      somethingHappened();
    },
    answer: (message) =>
      new Promise((resolve, reject) => {
        asked.push({ xid: message.xid, reply: () => resolve(replyTo(message)), fail: reject });
        somethingHappened();
      }),
  });
});

afterEach(async () => {
  for (const { reply } of asked) reply();
  await server.close();
  relay.close();
  vi.useRealTimers();
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, LOCAL);
  await once(socket, 'listening');
  const { port: free } = socket.address();
  await new Promise<void>((resolve) => void socket.close(resolve));
  return free;
}

function replyTo(message: DhcpMessage): DhcpMessage {
  return { ...message, op: 'BOOTREPLY' };
}

/** Sends it, and waits until the server looks for its answer or says that it does not. */
async function ask(xid: number, client = xid): Promise<void> {
  const message = requestOf('DHCPDISCOVER', {
    xid,
    giaddr: LOCAL,
    mac: parseMac(`52:54:00:00:00:0${client}`),
    options: (builder) => builder.set(Options.relayAgent, SOURCE_PORT),
  });
  const happened = new Promise<void>((resolve) => (somethingHappened = resolve));
  relay.send(encodeMessage(message), port, LOCAL);
  await happened;
}

function find(xid: number): Asked {
  const found = asked.find((each) => each.xid === xid);
  if (!found) throw new Error(`The server was not asked ${xid}`);
  return found;
}

/** The transaction of the next reply. Loopback keeps the order in which replies leave. */
async function nextReply(): Promise<number> {
  const [bytes] = (await once(relay, 'message')) as [Buffer];
  return decodeMessage(bytes).xid;
}

const failures = (): readonly unknown[] =>
  reports.flatMap((report) => (report.what === 'failed' ? [[report.doing, String(report.error)]] : []));

/** Lets time go by, and then all promises that were resolved by it. */
async function passTime(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

test('an answer that is not found within ten seconds is given up, and said to be', async () => {
  await ask(1);
  await passTime(9_999);
  expect(failures()).toEqual([]);
  expect(server.counts.failed).toBe(0);
  await passTime(2_000);
  expect(failures()).toEqual([['answer', `Error: ${LATE_BECAUSE}`]]);
  expect(server.counts).toMatchObject({ received: 1, answered: 0, failed: 1 });
  await passTime(60_000);
  expect(server.counts.failed).toBe(1);
});

test('an answer that is found in time is sent, however slowly', async () => {
  await ask(1);
  await passTime(9_500);
  const reply = nextReply();
  find(1).reply();
  expect(await reply).toBe(1);
  await passTime(60_000);
  expect(server.counts).toMatchObject({ received: 1, answered: 1, failed: 0 });
});

test('a reply that comes after that is not sent, and its error is not told', async () => {
  await ask(1);
  await ask(2);
  await passTime(11_000);
  const reply = nextReply();
  find(1).reply();
  find(2).fail(new Error('The disk is full'));
  await ask(3);
  find(3).reply();
  expect(await reply).toBe(3);
  await passTime(0);
  expect(server.counts).toMatchObject({ received: 3, answered: 1, failed: 2 });
  expect(failures()).toEqual([
    ['answer', `Error: ${LATE_BECAUSE}`],
    ['answer', `Error: ${LATE_BECAUSE}`],
  ]);
});

test('its place is free for others again', async () => {
  await ask(1);
  await ask(2);
  await ask(3);
  expect(reports.at(-1)).toMatchObject({
    what: 'dropped',
    because: '2 answers are being worked out already',
  });
  await passTime(11_000);
  await ask(4);
  await ask(5);
  expect(asked.map(({ xid }) => xid)).toEqual([1, 2, 4, 5]);
  expect(server.counts).toMatchObject({ overloaded: 1, failed: 2 });
});

test('only what is late is given up, and what the same client asked after it is answered then', async () => {
  await ask(1, 7);
  await passTime(5_000);
  await ask(2, 7);
  find(2).reply();
  await passTime(4_000);
  expect(server.counts).toMatchObject({ answered: 0, failed: 0 });
  const reply = nextReply();
  await passTime(2_000);
  expect(await reply).toBe(2);
  await passTime(0);
  expect(server.counts).toMatchObject({ answered: 1, failed: 1 });
});

test('the server stops though an answer is never found', async () => {
  await ask(1);
  const closed = server.close();
  await passTime(11_000);
  await closed;
  expect(server.counts.failed).toBe(1);
});
