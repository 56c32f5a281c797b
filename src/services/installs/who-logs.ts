import type { Install } from '../../core/install/install.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import { BoundedCache } from '../../lib/bounded-cache.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import type { WhoAsks } from '../boot/who-asks.ts';

/**
 * An installer goes on talking after it reported its end: until it restarts, its lines belong to the install that is
 * over. In milliseconds.
 */
export const LAST_WORDS_MS = 10 * 60_000;
/** What was found out about an address holds for so long, in milliseconds: a line costs no look into the store then. */
const FOUND_MS = 2_000;
const MAX_ADDRESSES = 4_096;

export interface WhoLogsNeeds {
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly installs: Pick<InstallStore, 'list'>;
  readonly clock: Clock;
}

interface Found {
  readonly install: Promise<Install | undefined>;
  readonly untilMs: number;
}

/** Whose install the lines of an address belong to. */
export class WhoLogs {
  readonly #needs: WhoLogsNeeds;
  readonly #found = new BoundedCache<IpAddress, Found>(MAX_ADDRESSES, () => 1);

  constructor(needs: WhoLogsNeeds) {
    this.#needs = needs;
  }

  /** The install that the machine with this address runs, or has just ended; undefined where there is none. */
  byAddress(address: IpAddress): Promise<Install | undefined> {
    const nowMs = this.#needs.clock.nowMs();
    const known = this.#found.get(address);
    if (known && nowMs < known.untilMs && nowMs >= known.untilMs - FOUND_MS) return known.install;
    const install = this.#lookUp(address);
    this.#found.set(address, { install, untilMs: nowMs + FOUND_MS });
    return install;
  }

  async #lookUp(address: IpAddress): Promise<Install | undefined> {
    const { machine } = await this.#needs.whoAsks.byAddress(address);
    if (!machine) return undefined;
    // Where the next try is armed already, the installer of the last one still talks until it restarts.
    const newest = await this.#needs.installs.list({ machineId: machine.id, limit: 2 });
    return newest.find((install) => takesLines(install, this.#needs.clock.nowMs()));
  }
}

/** Before its installer was offered, a machine runs what was on it before: those lines are of no install. */
export function takesLines({ state, changedAtMs }: Install, nowMs: number): boolean {
  if (state === 'booting' || state === 'installing') return true;
  return (state === 'installed' || state === 'failed') && nowMs - changedAtMs <= LAST_WORDS_MS;
}
