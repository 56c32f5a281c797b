/**
 * `tsx lease-load-child.ts RELAY SERVER MACHINES`: machines behind a relay agent that ask for leases and renew them
 * without an end, and write down what they are told. Commands on standard input: `go`; `pause FILE`, which lets what
 * is under way come to its end and writes a `LoadReport`. Prints `offers N acks N` twice a second.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Ipv4Address, macFromBytes, type MacAddress, parseIpv4 } from '../../src/lib/addresses.ts';
import { decodeMessage, type DhcpMessage, encodeMessage } from '../../src/protocols/dhcp/message.ts';
import { MessageType, Options } from '../../src/protocols/dhcp/options.ts';
import { requestOf } from '../../src/protocols/dhcp/suite/packets.ts';
import type { Acknowledged, LoadReport } from './acknowledged.ts';

const SERVER_PORT = 67;
/** Machines that ask at the same time. */
const AT_ONCE = 64;
/** A question is asked again after this, in milliseconds. */
const RETRY_MS = 500;
const TICK_MS = 50;
/** Then a machine gives up and begins anew, as a ROM does. */
const MAX_TRIES = 4;
/** What is under way when a pause begins. */
const STRAGGLERS_MS = 300;

interface Asking {
  readonly xid: number;
  readonly message: DhcpMessage;
  readonly is: 'DISCOVER' | 'REQUEST';
  readonly firstAskedAtMs: number;
  askedAtMs: number;
  tries: number;
}

class LeaseLoad {
  readonly #socket: Socket;
  readonly #server: string;
  readonly #relay: Ipv4Address;
  readonly #machines: number;
  readonly #asking = new Map<MacAddress, Asking>();
  readonly #told = new Map<MacAddress, Acknowledged>();
  readonly #holders = new Map<string, MacAddress>();
  readonly #doubled: string[] = [];
  #next = 0;
  #xid = 1;
  #goes = false;
  offers = 0;
  acks = 0;

  constructor(socket: Socket, relay: Ipv4Address, server: string, machines: number) {
    this.#socket = socket;
    this.#relay = relay;
    this.#server = server;
    this.#machines = machines;
    socket.on('message', (bytes) => this.#arrived(decodeMessage(bytes)));
    setInterval(() => this.#tick(), TICK_MS);
  }

  go(): void {
    this.#goes = true;
    this.#tick();
  }

  pause(file: string): void {
    this.#goes = false;
    setTimeout(() => {
      for (const mac of this.#asking.keys()) this.#giveUp(mac);
      const report: LoadReport = { acknowledged: [...this.#told.values()], doubled: this.#doubled };
      writeFileSync(file, JSON.stringify(report));
      process.stdout.write(`paused ${file}\n`);
    }, STRAGGLERS_MS);
  }

  /** Nobody knows whether a last request was heard. */
  #giveUp(mac: MacAddress): void {
    const told = this.#told.get(mac);
    if (told) this.#told.set(mac, { ...told, asksAgain: true });
    this.#asking.delete(mac);
  }

  /** Asks again where no answer came, and lets others begin. */
  #tick(): void {
    if (!this.#goes) return;
    const nowMs = Date.now();
    for (const [mac, asking] of this.#asking) {
      if (nowMs - asking.askedAtMs < RETRY_MS) continue;
      if (asking.tries < MAX_TRIES) this.#send(asking, nowMs);
      else this.#giveUp(mac);
    }
    for (let looked = 0; looked < this.#machines && this.#asking.size < AT_ONCE; looked += 1) this.#begin();
  }

  /** The machines take turns: whoever has a lease renews it. */
  #begin(): void {
    const number = this.#next;
    this.#next = (this.#next + 1) % this.#machines;
    const mac = macFromBytes(
      Uint8Array.of(0x52, 0x54, 0, number >>> 16, (number >>> 8) & 0xff, number & 0xff),
    );
    if (this.#asking.has(mac)) return;
    const told = this.#told.get(mac);
    if (told) this.#ask(mac, 'REQUEST', { ciaddr: parseIpv4(told.address) });
    else this.#ask(mac, 'DISCOVER', {});
  }

  #ask(
    mac: MacAddress,
    is: Asking['is'],
    change: Pick<NonNullable<Parameters<typeof requestOf>[1]>, 'options'> & { ciaddr?: Ipv4Address },
  ): void {
    this.#xid += 1;
    const common = { mac, xid: this.#xid, giaddr: this.#relay, hops: 1 };
    const message = requestOf(is === 'DISCOVER' ? 'DHCPDISCOVER' : 'DHCPREQUEST', { ...common, ...change });
    const nowMs = Date.now();
    const asking: Asking = { xid: this.#xid, message, is, firstAskedAtMs: nowMs, askedAtMs: nowMs, tries: 0 };
    this.#asking.set(mac, asking);
    this.#send(asking, nowMs);
  }

  #send(asking: Asking, nowMs: number): void {
    asking.askedAtMs = nowMs;
    asking.tries += 1;
    this.#socket.send(encodeMessage(asking.message), SERVER_PORT, this.#server);
  }

  #arrived(reply: DhcpMessage): void {
    const mac = macFromBytes(reply.chaddr);
    const asking = this.#asking.get(mac);
    if (asking?.xid !== reply.xid) return;
    const type = reply.options.get(Options.messageType);
    if (type === MessageType.DHCPOFFER && asking.is === 'DISCOVER') this.#offered(mac, reply);
    if (type === MessageType.DHCPACK && asking.is === 'REQUEST') this.#acknowledged(mac, reply, asking);
    if (type === MessageType.DHCPNAK) this.#asking.delete(mac);
  }

  #offered(mac: MacAddress, { yiaddr, options }: DhcpMessage): void {
    this.offers += 1;
    const serverId = options.get(Options.dhcpServerId) ?? yiaddr;
    this.#ask(mac, 'REQUEST', {
      options: (builder) => builder.set(Options.addressRequest, yiaddr).set(Options.dhcpServerId, serverId),
    });
  }

  #acknowledged(mac: MacAddress, { yiaddr, options }: DhcpMessage, asking: Asking): void {
    this.acks += 1;
    this.#asking.delete(mac);
    const holder = this.#holders.get(yiaddr);
    if (holder !== undefined && holder !== mac) this.#doubled.push(yiaddr);
    this.#holders.set(yiaddr, mac);
    this.#told.set(mac, {
      mac,
      address: yiaddr,
      leaseSeconds: options.get(Options.addressTime) ?? 0,
      askedAtMs: asking.firstAskedAtMs,
      toldAtMs: Date.now(),
      // Each copy of a request is granted anew, and only the first answer is heard here.
      asksAgain: asking.tries > 1,
    });
    if (this.#goes) this.#begin();
  }
}

const [relay = '', server = '', machines = ''] = process.argv.slice(2);
const socket = createSocket('udp4');
const listening = once(socket, 'listening');
socket.bind({ address: relay, port: SERVER_PORT });
await listening;
const load = new LeaseLoad(socket, parseIpv4(relay), server, Number(machines));
createInterface(process.stdin).on('line', (line) => {
  const [command, file = ''] = line.split(' ');
  if (command === 'go') load.go();
  if (command === 'pause') load.pause(file);
});
setInterval(() => process.stdout.write(`offers ${load.offers} acks ${load.acks}\n`), 500);
process.stdout.write('ready\n');
