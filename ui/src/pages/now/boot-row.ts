import type { WireEvent } from '../../../../src/contract/events.ts';
import { isBootRequest, isOfDhcp } from '../../data/boot-request.ts';
import { type Going, isEndedBadly, isLater, isSmallFile, type Phase, type Step, stepOf } from './phases.ts';

/** A machine on its way, as the page shows it. */
export interface BootRow {
  readonly key: string;
  /** Its name, or its MAC address while it has none. */
  readonly name: string;
  readonly isKnown: boolean;
  readonly mac?: string;
  readonly address?: string;
  readonly phase: Phase;
  readonly going: Going;
  /** The last sentence about it. */
  readonly says: string;
  readonly because?: string;
  readonly installId?: string;
  /** It was told to boot an installer. */
  readonly isDecided: boolean;
  /** The installer's word, and how much of the whole way is done. */
  readonly step?: string;
  readonly percent?: number;
  readonly sentBytes: number;
  readonly bytesPerSecond?: number;
  readonly rateAtMs?: number;
  readonly beganAtMs: number;
  readonly changedAtMs: number;
  /** When its installer began to tell percents. */
  readonly measuredFromMs?: number;
  readonly measuredFromPercent?: number;
}

/** Kinds that begin a row; the others only change one that is there. A running system's DHCP begins none. */
const BEGINNING = /^(?:boot\.|tftp\.|http\.sent|install\.(?!requested|expired|cancelled))/;

/** The row after an event, or `undefined` where there is none and the event begins none. */
export function rowAfter(row: BootRow | undefined, event: WireEvent, key: string): BootRow | undefined {
  const atMs = Date.parse(event.at);
  const asks = isBootRequest(event);
  if (row && !asks && isOfDhcp(event)) return row;
  if (!row || (asks && isNewBoot(row))) {
    if (!asks && !BEGINNING.test(event.kind)) return row;
    return moved(beginning(row, event, key, atMs), event, atMs);
  }
  return moved(row, event, atMs);
}

/** A machine that asks what to boot after it fetched a kernel, or after its end, began anew. */
function isNewBoot({ phase, going }: BootRow): boolean {
  return isLater(phase, 'loader') || going === 'failed' || going === 'done';
}

function beginning(before: BootRow | undefined, event: WireEvent, key: string, atMs: number): BootRow {
  return {
    key,
    name: event.machine ?? before?.name ?? event.mac ?? key,
    isKnown: event.machine !== undefined,
    phase: 'dhcp',
    going: 'moving',
    says: event.text,
    isDecided: false,
    sentBytes: 0,
    beganAtMs: atMs,
    changedAtMs: atMs,
    ...(before?.installId === undefined ? {} : { installId: before.installId }),
  };
}

function moved(row: BootRow, event: WireEvent, atMs: number): BootRow {
  const { data = {}, because, installId, machine, mac } = event;
  const step = stepAfter(row, event);
  const phase = step && !isLater(row.phase, step.phase) ? step.phase : row.phase;
  // What is of an earlier phase, as a file for a machine whose installer runs, says nothing of its way.
  const tells = step !== undefined && !isLater(row.phase, step.phase);
  const { because: _, ...rest } = row;
  return {
    ...rest,
    ...(machine === undefined ? {} : { name: machine, isKnown: true }),
    ...(mac === undefined ? {} : { mac }),
    ...(typeof data['address'] === 'string' ? { address: data['address'] } : {}),
    ...(installId === undefined ? {} : { installId }),
    phase,
    going: tells ? step.going : row.going,
    says: tells ? event.text : row.says,
    ...becauseOf(row, tells, because),
    isDecided: row.isDecided || data['boot'] === 'installer' || event.kind === 'install.bootOffered',
    ...progressOf(row, event, atMs),
    ...amountOf(row, event, atMs),
    changedAtMs: atMs,
  };
}

function stepAfter(row: BootRow, event: WireEvent): Step | undefined {
  if (isEndedBadly(event)) return { phase: row.phase, going: 'failed' };
  // Told to wait, or nothing: that it was sent the sentence changes nothing of it.
  const isTold = row.phase === 'loader' && (row.going === 'waiting' || row.going === 'failed');
  return isTold && isSmallFile(event) ? undefined : stepOf(event, row.isDecided);
}

function becauseOf(row: BootRow, tells: boolean, because: string | undefined): { readonly because?: string } {
  const shown = tells ? because : row.because;
  return shown === undefined ? {} : { because: shown };
}

function progressOf(row: BootRow, { data = {} }: WireEvent, atMs: number): Partial<BootRow> {
  const { step, percent } = data;
  return {
    ...(typeof step === 'string' ? { step } : {}),
    ...(typeof percent === 'number' ? { percent } : {}),
    ...(typeof percent === 'number' && row.measuredFromMs === undefined
      ? { measuredFromMs: atMs, measuredFromPercent: percent }
      : {}),
  };
}

function amountOf(row: BootRow, { kind, data = {} }: WireEvent, atMs: number): Partial<BootRow> {
  const { bytes, bytesPerSecond } = data;
  if (typeof bytes !== 'number' || !/\.(?:sent|tree)$/.test(kind)) return {};
  return {
    sentBytes: row.sentBytes + bytes,
    ...(typeof bytesPerSecond === 'number' ? { bytesPerSecond, rateAtMs: atMs } : {}),
  };
}

/** A rate that is older says nothing of now. */
const RATE_HOLDS_MS = 12_000;
/** Before so much of the way is done, or so much time has passed, a guess would jump about. */
const GUESS_FROM_PERCENT = 5;
const GUESS_FROM_MS = 20_000;

export function rateOf({ bytesPerSecond, rateAtMs }: BootRow, nowMs: number): number | undefined {
  return rateAtMs !== undefined && nowMs - rateAtMs < RATE_HOLDS_MS ? bytesPerSecond : undefined;
}

/** How long it takes yet, if the rest goes as what was measured; `undefined` before that can be said. */
export function leftMs(row: BootRow, nowMs: number): number | undefined {
  const { percent, measuredFromMs, measuredFromPercent = 0 } = row;
  if (percent === undefined || measuredFromMs === undefined || row.going !== 'moving') return undefined;
  const [done, tookMs] = [percent - measuredFromPercent, nowMs - measuredFromMs];
  if (done < GUESS_FROM_PERCENT || tookMs < GUESS_FROM_MS) return undefined;
  return (tookMs / done) * (100 - percent);
}
