import { addressOf, type PeerName, portOf } from '../../os/datagram-batch.ts';
import type { Ipv4Address } from '../../lib/addresses.ts';
import type { Granted } from './plane-agreement.ts';
import type { PlaneTransfer } from './plane-transfers.ts';
import type { TransferReport } from './server-options.ts';

/**
 * Transfers that have ended, on their way to the main thread. Flat, since copying many small objects to another thread
 * costs more than sending a small file; and each text once, since most are those of the transfer before.
 */
export interface PackedReports {
  readonly texts: readonly string[];
  readonly granted: readonly Granted[];
  /** REPORT_NUMBERS for each, as `ReportPack.add` writes them. */
  readonly numbers: Float64Array;
}

/** Of one report. */
export const REPORT_NUMBERS = 10;
const OUTCOMES = ['sent', 'probe', 'failed'] as const;
/** Stands for a text that is not there. */
const NONE = -1;

export class ReportPack {
  #numbers: number[] = [];
  readonly #texts = new Map<string, number>();
  readonly #granted = new Map<Granted, number>();

  /** Reports in it. */
  get size(): number {
    return this.#numbers.length / REPORT_NUMBERS;
  }

  add(
    transfer: PlaneTransfer,
    outcome: TransferReport['outcome'],
    because: string | undefined,
    nowMs: number,
  ): void {
    const { door, peer, engine, begun } = transfer;
    this.#numbers.push(
      door.id,
      placeOf(this.#texts, begun.known.request.fileName),
      peer.family,
      peer.address,
      OUTCOMES.indexOf(outcome),
      because === undefined ? NONE : placeOf(this.#texts, because),
      engine.acknowledgedBytes,
      Math.round(nowMs - begun.startedMs),
      engine.retransmissions,
      placeOf(this.#granted, begun.agreement.granted),
    );
  }

  take(): PackedReports {
    const packed = {
      texts: [...this.#texts.keys()],
      granted: [...this.#granted.keys()],
      numbers: new Float64Array(this.#numbers),
    };
    this.#numbers = [];
    this.#texts.clear();
    this.#granted.clear();
    return packed;
  }
}

/** @param at where its numbers begin */
export function unpackReport(
  { texts, granted, numbers }: PackedReports,
  at: number,
  localAddress: Ipv4Address,
): TransferReport {
  const number = (field: number): number => numbers[at + field] ?? 0;
  const peer: PeerName = { family: number(2), address: number(3) };
  const { options, firmware, blockBytes, windowBlocks } = granted[number(9)] ?? NOTHING_GRANTED;
  return {
    name: texts[number(1)] ?? '',
    mode: 'octet',
    client: { address: addressOf(peer), port: portOf(peer) },
    localAddress,
    outcome: OUTCOMES[number(4)] ?? 'failed',
    because: texts[number(5)],
    bytes: number(6),
    milliseconds: number(7),
    retransmissions: number(8),
    options,
    firmware,
    blockBytes,
    windowBlocks,
  };
}

const NOTHING_GRANTED: Granted = { options: [], firmware: [], blockBytes: 0, windowBlocks: 0 };

function placeOf<Thing>(places: Map<Thing, number>, thing: Thing): number {
  const known = places.get(thing);
  if (known !== undefined) return known;
  const place = places.size;
  places.set(thing, place);
  return place;
}
