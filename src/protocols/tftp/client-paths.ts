import { Lately } from './lately.ts';

/** What transfers found out about the way to a client, for its next one. */
export interface ClientPath {
  readonly roundTripMs: number | undefined;
  /** Larger windows lost too much; undefined when none did. */
  readonly mostWindowBlocks: number | undefined;
}

/** Clients that are remembered at most; the one that was heard longest ago is forgotten. */
const MAX_CLIENTS = 4096;
/** A path is another one after this: machines move, and networks are mended. */
const KEEP_MS = 10 * 60_000;
/** A window of which a part is wanted again more often than this overruns its client: its receive ring is too small. */
const TOLERATED_ROLL_BACKS = 0.02;
/** Windows that must have been seen before anything is concluded. */
const WINDOWS_TO_JUDGE = 50;
/** EDK2 asks for this many; the rings of all firmware hold them. */
const SMALLEST_CAP = 4;

const UNKNOWN: ClientPath = { roundTripMs: undefined, mostWindowBlocks: undefined };

export interface TransferLessons {
  readonly roundTripMs: number | undefined;
  readonly windowBlocks: number;
  readonly windows: { readonly whole: number; readonly rolledBack: number };
}

/** By client address, in whatever form the caller has it. */
export class ClientPaths<Address> {
  readonly #paths = new Lately<Address, ClientPath>({ keepMs: KEEP_MS, keys: MAX_CLIENTS });

  of(client: Address, nowMs: number): ClientPath {
    return this.#paths.of(client, nowMs) ?? UNKNOWN;
  }

  /** A transfer has ended. */
  learn(client: Address, lessons: TransferLessons, nowMs: number): void {
    const before = this.of(client, nowMs);
    const roundTripMs = lessons.roundTripMs ?? before.roundTripMs;
    const mostWindowBlocks = nextCap(before.mostWindowBlocks, lessons);
    this.#paths.set(client, { roundTripMs, mostWindowBlocks }, nowMs);
  }
}

function nextCap(cap: number | undefined, { windowBlocks, windows }: TransferLessons): number | undefined {
  const sent = windows.whole + windows.rolledBack;
  if (windowBlocks <= SMALLEST_CAP || sent < WINDOWS_TO_JUDGE) return cap;
  if (windows.rolledBack <= TOLERATED_ROLL_BACKS * sent) return cap;
  return Math.max(SMALLEST_CAP, windowBlocks >> 1);
}
