/**
 * The programs that `dhcp-socket.test.ts` runs in network namespaces. The only argument is a task as JSON; each line of
 * output is one JSON value.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { chooseInterfaces } from '../../src/core/network/choose-interfaces.ts';
import {
  ipv4FromNumber,
  ipv4ToNumber,
  LIMITED_BROADCAST,
  macToBytes,
  netmaskOf,
  parseIpv4,
  parseMac,
  UNSPECIFIED,
} from '../../src/lib/addresses.ts';
import { listInterfaces, type NetworkInterface } from '../../src/os/interfaces.ts';
import { loadLibc, type NoLibc } from '../../src/os/libc.ts';
import { openNotifier } from '../../src/os/notify.ts';
import { openPacketSocket } from '../../src/os/packet-socket.ts';
import { ETHERNET_BROADCAST } from '../../src/os/udp-frame.ts';
import { watchInterfaces } from '../../src/os/watch-interfaces.ts';
import type { DhcpInterface } from '../../src/protocols/dhcp/dhcp-interface.ts';
import { type DhcpMessage, encodeMessage } from '../../src/protocols/dhcp/message.ts';
import { DhcpOptionsBuilder, MessageType, Options } from '../../src/protocols/dhcp/options.ts';
import { probeForServers } from '../../src/protocols/dhcp/probe.ts';
import { serveDhcp } from '../../src/protocols/dhcp/server.ts';

export type Task =
  | ServeTask
  /** Sends what it is told on standard input: a SendTask on each line, told back when it is done. */
  | { readonly do: 'send' }
  | ProbeTask
  | { readonly do: 'notify'; readonly plain?: boolean };

export interface ServeTask {
  readonly do: 'serve';
  readonly interfaces: readonly string[];
  readonly plain?: boolean;
  /** Look for interfaces that come, go and change. */
  readonly watch?: boolean;
  /** How long the first answer takes; the others are there at once. */
  readonly firstAnswerMs?: number;
  readonly maxAnswersInFlight?: number;
  /** No answer is there before a line comes on standard input. */
  readonly untilTold?: boolean;
}

interface ProbeTask {
  readonly do: 'probe';
  readonly interfaces: readonly string[];
  readonly plain?: boolean;
  readonly waitMs: number;
}

export interface SendTask {
  readonly interfaceName: string;
  readonly mac: string;
  readonly xid: number;
  /** So many messages, with rising xid. */
  readonly count?: number;
  readonly broadcast?: boolean;
  readonly ciaddr?: string;
  readonly giaddr?: string;
  /** What the frames say of their sender, in place of 0.0.0.0. */
  readonly from?: string;
  /** A payload in hex, in place of a DHCPDISCOVER. */
  readonly payload?: string;
  readonly op?: DhcpMessage['op'];
}

const NO_LIBC: NoLibc = { unavailable: true, because: 'the test wants it so' };

function say(value: unknown): void {
  console.log(JSON.stringify(value, (_key, each: unknown) => (each instanceof Error ? each.message : each)));
}

function chosen(names: readonly string[]): readonly DhcpInterface[] {
  return chooseInterfaces<NetworkInterface>(listInterfaces(), names).serve.map((one) => ({
    interfaceName: one.interface.name,
    interfaceIndex: one.interface.index,
    ...(one.interface.mac === undefined ? {} : { mac: one.interface.mac }),
    localAddress: one.address,
    localNetwork: one.network,
  }));
}

/** DHCPOFFER for DHCPDISCOVER and DHCPACK for DHCPREQUEST: always host 100 of the network. */
function replyTo(request: DhcpMessage, on: DhcpInterface): DhcpMessage {
  const isDiscover = request.options.get(Options.messageType) === MessageType.DHCPDISCOVER;
  return {
    ...request,
    op: 'BOOTREPLY',
    yiaddr: ipv4FromNumber(ipv4ToNumber(on.localNetwork.address) + 100),
    siaddr: on.localAddress,
    options: new DhcpOptionsBuilder()
      .set(Options.messageType, isDiscover ? MessageType.DHCPOFFER : MessageType.DHCPACK)
      .set(Options.dhcpServerId, on.localAddress)
      .set(Options.addressTime, 600)
      .set(Options.subnetMask, netmaskOf(on.localNetwork))
      .build(),
  };
}

async function serve(task: ServeTask): Promise<void> {
  const told = task.untilTold ? once(process.stdin, 'data') : undefined;
  // Whatever else is left open keeps the process alive, so a clean exit shows that nothing is.
  process.stdin.unref();
  let waitMs = task.firstAnswerMs ?? 0;
  const server = await serveDhcp({
    interfaces: chosen(task.interfaces),
    ...(task.plain ? { libc: NO_LIBC } : {}),
    ...(task.maxAnswersInFlight === undefined ? {} : { maxAnswersInFlight: task.maxAnswersInFlight }),
    report: say,
    answer: async (message, arrival) => {
      say({ what: 'asked', xid: message.xid, ...arrival });
      const wait = waitMs;
      waitMs = 0;
      if (wait > 0) await sleep(wait);
      await told;
      const on = chosen(task.interfaces).find((each) => each.interfaceName === arrival.interfaceName);
      return on && replyTo(message, on);
    },
  });
  if (task.watch) {
    watchInterfaces({
      everyMs: 100,
      onChange: () => void server.setInterfaces(chosen(task.interfaces)),
    });
  }
  process.once('SIGTERM', () => {
    void server.close().then(() => say({ what: 'closed', ...server.counts }));
  });
  say({ what: 'ready', interfaces: server.interfaces });
}

async function sendAsTold(): Promise<void> {
  say({ what: 'ready' });
  for await (const line of createInterface({ input: process.stdin })) {
    const task = JSON.parse(line) as SendTask;
    await send(task);
    say({ what: 'sent', xid: task.xid });
  }
}

async function send(task: SendTask): Promise<void> {
  const sender = listInterfaces().find(({ name }) => name === task.interfaceName);
  const libc = loadLibc();
  if (sender?.mac === undefined || 'unavailable' in libc) throw new Error('cannot send frames');
  const packets = openPacketSocket({
    libc,
    interfaceIndex: sender.index,
    mac: sender.mac,
    firstIdentification: 0,
  });
  for (let number = 0; number < (task.count ?? 1); number++) {
    packets.send({
      destinationMac: ETHERNET_BROADCAST,
      sourceAddress: parseIpv4(task.from ?? UNSPECIFIED),
      destinationAddress: LIMITED_BROADCAST,
      sourcePort: task.giaddr ? 67 : 68,
      destinationPort: 67,
      payload: task.payload ? Buffer.from(task.payload, 'hex') : encodeMessage(discover(task, number)),
    });
    await sleep(0);
  }
  packets.close();
}

function discover(task: SendTask, number: number): DhcpMessage {
  return {
    op: task.op ?? 'BOOTREQUEST',
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: task.xid + number,
    secs: 0,
    broadcast: task.broadcast ?? false,
    ciaddr: parseIpv4(task.ciaddr ?? UNSPECIFIED),
    yiaddr: UNSPECIFIED,
    siaddr: UNSPECIFIED,
    giaddr: parseIpv4(task.giaddr ?? UNSPECIFIED),
    chaddr: macToBytes(parseMac(task.mac)),
    sname: '',
    file: '',
    options: new DhcpOptionsBuilder().set(Options.messageType, MessageType.DHCPDISCOVER).build(),
  };
}

/** All at once, as a server does that serves several interfaces; one line for each. */
async function probe({ interfaces, plain, waitMs }: ProbeTask): Promise<void> {
  const libc = plain ? { libc: NO_LIBC } : {};
  await Promise.all(
    chosen(interfaces).map(async (on) => {
      const found = await probeForServers({ ...on, ...libc, waitMs, random: randomBytes });
      say({ on: on.interfaceName, ...found });
    }),
  );
}

async function notify(plain: boolean): Promise<void> {
  const notifier = openNotifier({
    environment: process.env,
    report: say,
    ...(plain ? { libc: NO_LIBC } : {}),
  });
  await notifier.ready('serving\neth0');
  // systemd-notify waits for systemd each time, which is not there.
  if (plain) return;
  await notifier.watchdog();
  await notifier.stopping();
}

async function main(task: Task): Promise<void> {
  switch (task.do) {
    case 'serve':
      return serve(task);
    case 'send':
      return sendAsTold();
    case 'probe':
      return probe(task);
    case 'notify':
      return notify(task.plain ?? false);
    default:
      return task satisfies never;
  }
}

main(JSON.parse(process.argv[2] ?? '') as Task).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
