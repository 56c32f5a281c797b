import { decideTimeout, type Timeout } from '../../core/install/decide-timeout.ts';
import { decideToolEnd, timesOf, type ToolEnd } from '../../core/tools/decide-tool-end.ts';
import type { Install, Moment } from '../../core/install/install.ts';
import type { InstallPolicy } from '../../core/install/install-policy.ts';
import type { PolicyStore } from '../../core/policy/policy-store.ts';
import type { InstallService } from './install-service.ts';
import type { SteadyClock } from '../steady-clock.ts';

export interface InstallWatchNeeds {
  readonly installs: Pick<InstallService, 'listOpen' | 'happenedIf' | 'heardSteadyMs' | 'now'>;
  readonly policy: Pick<PolicyStore, 'get'>;
  readonly steadyClock: Pick<SteadyClock, 'nowMs' | 'keep'>;
  /** A look that went wrong, by a fault of ours or of the disk; the next one may go well. */
  readonly failed: (error: unknown) => void;
}

/** Between two looks at open installs. */
const LOOK_EVERY_MS = 5_000;
/** Between two times the clock is kept. */
const KEEP_EVERY_MS = 60_000;

/**
 * Ends installs whose time is up: those that nobody booted, that did not come to their installer, or of which nothing
 * was heard. All is computed from what is stored, so that nothing is lost with the process.
 */
export class InstallWatch {
  readonly #needs: InstallWatchNeeds;
  #listeningSinceMs = 0;
  #keptAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(needs: InstallWatchNeeds) {
    this.#needs = needs;
  }

  /** Before any machine can ask: what expired while Muster did not run must not be booted. */
  async start(): Promise<void> {
    this.#listeningSinceMs = this.#needs.steadyClock.nowMs();
    this.#keptAtMs = this.#listeningSinceMs;
    await this.look();
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.#needs.steadyClock.keep();
  }

  /** One at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  #timeoutOf(install: Install, limits: InstallPolicy, now: Moment): Timeout | ToolEnd | undefined {
    const times = timesOf(install.profile, limits);
    const heardMs = this.#needs.installs.heardSteadyMs(install.id);
    const heard = { listeningSinceMs: this.#listeningSinceMs, heardMs };
    return decideToolEnd(install, now) ?? decideTimeout(install, times, now, heard);
  }

  async #look(): Promise<void> {
    try {
      const { installs, policy, steadyClock } = this.#needs;
      const { installs: limits } = await policy.get();
      const open = await installs.listOpen();
      const now = installs.now();
      for (const install of open) {
        if (!this.#timeoutOf(install, limits, now)) continue;
        // It may have gone on meanwhile, so it is asked once more of what is stored then.
        await installs.happenedIf(install.id, (stored, at) => {
          const timeout = this.#timeoutOf(stored, limits, at);
          return timeout && { event: timeout.event, details: { message: timeout.because } };
        });
      }
      if (now.steadyMs - this.#keptAtMs < KEEP_EVERY_MS) return;
      await steadyClock.keep();
      this.#keptAtMs = now.steadyMs;
    } catch (error) {
      this.#needs.failed(error);
    }
  }
}
