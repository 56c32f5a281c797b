/** `tsx bench/dhcp/storm-load.ts LOAD`: many PXE ROMs behind one relay. LOAD is a `StormLoad` as JSON; so is the report. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  macFromBytes,
  type MacAddress,
  macToBytes,
  parseIpv4,
  UNSPECIFIED,
} from '../../src/lib/addresses.ts';
import { decodeMessage, type DhcpMessage, encodeMessage } from '../../src/protocols/dhcp/message.ts';
import { DhcpOptionsBuilder, MessageType, Options } from '../../src/protocols/dhcp/options.ts';
import { SeededRandom } from '../seeded-random.ts';
import { quantile } from '../statistics.ts';
import { BootingClient, type BootingStep } from './booting-client.ts';
import type { StormLoad, StormReport } from './storm-report.ts';

const SERVER_PORT = 67;
const TICK_MS = 5;
/** Else the kernel would lose answers while this program writes questions. */
const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;
/** What a PXE ROM asks for (PXE 2.1 table 2-3). */
const WANTED_OPTIONS = [
  1, 2, 3, 4, 5, 6, 11, 12, 13, 15, 16, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67,
  97, 128, 129, 130, 131, 132, 133, 134, 135,
];

interface Machine {
  readonly mac: MacAddress;
  readonly xid: number;
  readonly client: BootingClient;
  boundMs: number | undefined;
  address: string;
}

class Storm {
  readonly #load: StormLoad;
  readonly #socket: Socket;
  readonly #byMac = new Map<string, Machine>();
  #bound = 0;
  #over: () => void = () => {};

  constructor(load: StormLoad, socket: Socket) {
    this.#load = load;
    this.#socket = socket;
  }

  async run(): Promise<StormReport> {
    const cpuBefore = process.cpuUsage();
    const startedMs = performance.now();
    this.#makeMachines(startedMs);
    const over = new Promise<void>((resolve) => {
      this.#over = resolve;
    });
    this.#socket.on('message', (bytes) => this.#arrived(bytes));
    const ticks = setInterval(() => this.#tick(performance.now()), TICK_MS);
    const limit = setTimeout(() => this.#over(), this.#load.limitSeconds * 1000);
    await over;
    clearInterval(ticks);
    clearTimeout(limit);
    const { user, system } = process.cpuUsage(cpuBefore);
    return this.#report(startedMs, (user + system) / 1e6);
  }

  #makeMachines(nowMs: number): void {
    const random = new SeededRandom(this.#load.seed);
    for (let number = 0; number < this.#load.machines; number += 1) {
      const mac = macFromBytes(
        Uint8Array.of(0x52, 0x54, this.#load.seed, number >>> 16, (number >>> 8) & 0xff, number & 0xff),
      );
      const startsMs = nowMs + (random.below(1_000_000) / 1_000_000) * this.#load.startSeconds * 1000;
      const client = new BootingClient(startsMs);
      this.#byMac.set(mac, { mac, xid: random.uint32(), client, boundMs: undefined, address: '' });
    }
  }

  #tick(nowMs: number): void {
    for (const machine of this.#byMac.values())
      if (nowMs >= machine.client.deadlineMs) this.#act(machine, machine.client.onTime(nowMs), nowMs);
  }

  #arrived(bytes: Uint8Array): void {
    const reply = decodeMessage(bytes);
    const machine = reply.hlen === 6 ? this.#byMac.get(macFromBytes(reply.chaddr)) : undefined;
    if (machine === undefined || reply.xid !== machine.xid) return;
    const nowMs = performance.now();
    this.#act(machine, machine.client.onReply(reply, nowMs), nowMs);
  }

  #act(machine: Machine, step: BootingStep, nowMs: number): void {
    switch (step.do) {
      case 'discover':
        return this.#send(machine, 'DHCPDISCOVER', (options) => options, nowMs);
      case 'request':
        return this.#send(
          machine,
          'DHCPREQUEST',
          (options) =>
            options.set(Options.addressRequest, step.address).set(Options.dhcpServerId, step.serverId),
          nowMs,
        );
      case 'bound':
        machine.boundMs = nowMs;
        machine.address = step.address;
        this.#bound += 1;
        if (this.#bound === this.#load.machines) this.#over();
        return;
      case 'give up':
      case 'wait':
        return;
      default:
        step satisfies never;
    }
  }

  #send(
    { mac, xid, client }: Machine,
    type: 'DHCPDISCOVER' | 'DHCPREQUEST',
    more: (options: DhcpOptionsBuilder) => DhcpOptionsBuilder,
    nowMs: number,
  ): void {
    const options = new DhcpOptionsBuilder()
      .set(Options.messageType, MessageType[type])
      .set(Options.parameterList, WANTED_OPTIONS)
      .set(Options.maxMessageSize, 1260)
      .set(Options.clientSystem, [7])
      .set(Options.clientNdi, Uint8Array.of(1, 3, 0))
      .set(Options.uuid, Uint8Array.of(0, ...macToBytes(mac), ...macToBytes(mac), 1, 2, 3, 4))
      .set(Options.classId, 'PXEClient:Arch:00007:UNDI:003000');
    const message: DhcpMessage = {
      op: 'BOOTREQUEST',
      htype: 1,
      hlen: 6,
      hops: 1,
      xid,
      secs: Math.round((nowMs - client.startsMs) / 1000),
      broadcast: true,
      ciaddr: UNSPECIFIED,
      yiaddr: UNSPECIFIED,
      siaddr: UNSPECIFIED,
      giaddr: parseIpv4(this.#load.relay),
      chaddr: macToBytes(mac),
      sname: '',
      file: '',
      options: more(options).build(),
    };
    this.#socket.send(encodeMessage(message), SERVER_PORT, this.#load.server);
  }

  #report(startedMs: number, clientCpuSeconds: number): StormReport {
    const machines = [...this.#byMac.values()];
    const bound = machines.filter((machine) => machine.boundMs !== undefined);
    const times = bound.map(({ boundMs = 0, client }) => boundMs - client.startsMs);
    const at = (share: number): number => quantile(times, share);
    return {
      bound: bound.map(({ mac, address }) => [mac, address]),
      ...(times.length === 0 ? {} : { leaseMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) } }),
      seconds: (Math.max(startedMs, ...bound.map(({ boundMs = 0 }) => boundMs)) - startedMs) / 1000,
      repetitions: machines.reduce((sum, { client }) => sum + client.repetitions, 0),
      clientCpuSeconds,
    };
  }
}

const load = JSON.parse(process.argv[2] ?? '') as StormLoad;
const socket = createSocket('udp4');
const listening = once(socket, 'listening');
socket.bind({ address: load.relay, port: SERVER_PORT });
await listening;
try {
  socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
} catch {
  // The system allows less; then it is as large as it is.
}
const report = await new Storm(load, socket).run();
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
