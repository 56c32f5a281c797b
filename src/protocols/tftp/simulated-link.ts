import { sourceOfBytes } from '../../lib/byte-source.ts';
import { PacketBuffer } from './packet-buffer.ts';
import { decodePacket, encodePacket } from './packet.ts';
import { ReadTransfer } from './read-transfer.ts';
import type { TransferAction } from './transfer-action.ts';

/**
 * For tests: the engine and a client over a simulated link that loses, doubles and delays packets, in simulated
 * time. The client follows RFC 1350 and 7440.
 */

export type Fault = 'lose' | 'double' | 'delay';
/** How a client answers a block that it did not expect: once per gap (RFC 7440), or each time (EDK2). */
export type Manner = 'once' | 'each time';

export interface Scene {
  readonly bytes: Uint8Array;
  readonly blockBytes: number;
  readonly windowBlocks: number;
  readonly begins: 'OACK' | 'data';
  readonly manner: Manner;
  readonly roundTripMs: number;
  /** What happens to a packet; `position` counts all packets of both sides from 0. */
  readonly fault: (position: number, server: number) => Fault | undefined;
}

export interface Result {
  readonly received: Uint8Array;
  readonly end: TransferAction;
  readonly dataPackets: number;
  readonly ackPackets: number;
  readonly faults: number;
  readonly retransmissions: number;
  readonly endMs: number;
}

/** More than any scene here may need; a storm between the two ends in an error and not in a hang. */
const MOST_EVENTS = 3_000_000;
export const CLIENT_TIMEOUT_MS = 1500;
const DELAY_MS = 7;

interface Appointment {
  readonly atMs: number;
  readonly act: () => void;
}

/** What happens at which time, in the order of its arrival when equal. A few hundred entries, mostly added at the end. */
class Agenda {
  #entries: Appointment[] = [];
  #first = 0;
  nowMs = 0;

  add(atMs: number, act: () => void): void {
    let at = this.#entries.length;
    while (at > this.#first && (this.#entries[at - 1]?.atMs ?? 0) > atMs) at -= 1;
    this.#entries.splice(at, 0, { atMs, act });
  }

  /** Goes to the next appointment; false when there is none. */
  next(): boolean {
    const entry = this.#entries[this.#first];
    if (!entry) return false;
    this.#first += 1;
    if (this.#first > 1000) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    this.nowMs = entry.atMs;
    entry.act();
    return true;
  }
}

/** A reader as the RFCs want it. After the end it answers a repeated last block, but not for ever. */
class Client {
  readonly #scene: Scene;
  readonly #send: (packet: Uint8Array) => void;
  readonly parts: Uint8Array[] = [];
  #expected = 1;
  #inWindow = 0;
  #gapTold = false;
  done = false;
  heard = false;

  constructor(scene: Scene, sendPacket: (packet: Uint8Array) => void) {
    this.#scene = scene;
    this.#send = sendPacket;
  }

  onPacket(datagram: Uint8Array): void {
    const packet = decodePacket(datagram);
    this.heard = true;
    if (packet.op === 'OACK' && this.#expected === 1) this.#ack(0);
    if (packet.op !== 'DATA') return;
    if (packet.block !== this.#expected % 65_536 || this.done) return this.#onUnexpected();
    this.#gapTold = false;
    this.parts.push(packet.bytes);
    this.done = packet.bytes.length < this.#scene.blockBytes;
    this.#expected += 1;
    this.#inWindow += 1;
    if (this.done || this.#inWindow === this.#scene.windowBlocks) this.#ack(this.#expected - 1);
  }

  onTimeout(): void {
    if (this.heard) this.#ack(this.#expected - 1);
  }

  #onUnexpected(): void {
    if (this.#gapTold && this.#scene.manner === 'once') return;
    this.#gapTold = true;
    this.#ack(this.#expected - 1);
  }

  #ack(block: number): void {
    this.#inWindow = 0;
    this.#send(encodePacket({ op: 'ACK', block: block % 65_536 }));
  }
}

/** Takes the scene to its end, and throws when the two sides never come to one. */
export async function play(scene: Scene): Promise<Result> {
  const game = new Game(scene);
  return game.play();
}

class Game {
  readonly #scene: Scene;
  readonly #agenda = new Agenda();
  readonly #engine: ReadTransfer;
  readonly #packets: PacketBuffer;
  readonly #client: Client;
  readonly #count = { all: 0, data: 0, ack: 0, faults: 0 };
  #end: TransferAction | undefined;
  #wanted: Extract<TransferAction, { do: 'send' }> | undefined;
  #clientSpokeMs = 0;
  #alarmMs = Infinity;

  constructor(scene: Scene) {
    const { blockBytes, windowBlocks, begins, bytes } = scene;
    const shape = { blockBytes, windowBlocks, begins, timeoutMs: undefined, sizeTold: false };
    this.#scene = scene;
    this.#engine = new ReadTransfer({ ...shape, totalBytes: bytes.length }, 0);
    this.#packets = new PacketBuffer(sourceOfBytes(bytes), shape);
    this.#client = new Client(scene, (datagram) => this.#toServer(datagram));
  }

  async play(): Promise<Result> {
    this.#carryOut(this.#engine.start());
    this.#clientClock();
    for (let event = 0; event < MOST_EVENTS; event += 1) {
      await this.#sendWanted();
      this.#setAlarm();
      if (!this.#agenda.next()) throw new Error('Nothing will ever happen again');
      if (this.#end) return this.#result(this.#end);
    }
    throw new Error('The two sides never come to an end');
  }

  #result(end: TransferAction): Result {
    return {
      received: Buffer.concat(this.#client.parts),
      end,
      dataPackets: this.#count.data,
      ackPackets: this.#count.ack,
      faults: this.#count.faults,
      retransmissions: this.#engine.retransmissions,
      endMs: this.#agenda.nowMs,
    };
  }

  #travel(arrive: () => void): void {
    const fault = this.#scene.fault(this.#count.all++, this.#engine.acknowledgedBytes);
    if (fault) this.#count.faults += 1;
    const atMs = this.#agenda.nowMs + this.#scene.roundTripMs / 2;
    if (fault !== 'lose') this.#agenda.add(fault === 'delay' ? atMs + DELAY_MS : atMs, arrive);
    if (fault === 'double') this.#agenda.add(atMs + 0.01, arrive);
  }

  #toClient(packet: Uint8Array): void {
    this.#travel(() => this.#client.onPacket(packet));
  }

  #toServer(datagram: Uint8Array): void {
    this.#count.ack += 1;
    this.#clientSpokeMs = this.#agenda.nowMs;
    this.#travel(() => {
      const packet = decodePacket(datagram);
      if (packet.op === 'ACK') this.#carryOut(this.#engine.onAck(packet.block, this.#agenda.nowMs));
    });
  }

  #carryOut(action: TransferAction): void {
    if (action.do === 'send') this.#wanted = action;
    if (action.do === 'finish' || action.do === 'abort') this.#end = action;
    if (action.do !== 'send OACK') return;
    this.#toClient(encodePacket({ op: 'OACK', options: [{ name: 'windowsize', value: '1' }] }));
    this.#engine.sent(this.#agenda.nowMs);
  }

  async #sendWanted(): Promise<void> {
    if (!this.#wanted) return;
    const { from, count } = this.#wanted;
    this.#wanted = undefined;
    if (!this.#packets.packet(from) || !this.#packets.packet(from + count - 1)) {
      await this.#packets.load(from, from + count - 1);
    }
    for (let block = from; block < from + count; block += 1) {
      const packet = this.#packets.packet(block);
      if (!packet) throw new Error(`Block ${block} is not there`);
      this.#toClient(packet);
    }
    this.#count.data += count;
    this.#engine.sent(this.#agenda.nowMs);
  }

  #setAlarm(): void {
    const { deadlineMs } = this.#engine;
    if (deadlineMs >= this.#alarmMs) return;
    this.#alarmMs = deadlineMs;
    this.#agenda.add(deadlineMs, () => {
      if (this.#alarmMs === deadlineMs) this.#alarmMs = Infinity;
      if (!this.#end) this.#carryOut(this.#engine.onTime(this.#agenda.nowMs));
    });
  }

  #clientClock(): void {
    if (this.#client.done || this.#end) return;
    if (this.#agenda.nowMs - this.#clientSpokeMs >= CLIENT_TIMEOUT_MS) this.#client.onTimeout();
    this.#agenda.add(this.#agenda.nowMs + CLIENT_TIMEOUT_MS / 3, () => this.#clientClock());
  }
}
