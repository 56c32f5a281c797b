import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import type { BootPlan } from '../boot/boot-plan.ts';
import { decideBoot } from '../boot/decide-boot.ts';
import { REPORTS } from '../boot/machine-urls.ts';
import type { Machine } from '../machines/machine.ts';
import { DEFAULT_POLICY } from '../policy/policy.ts';
import { applyEvent } from './apply-event.ts';
import { decideInterruption } from './decide-interruption.ts';
import { decideRetry, nextTry } from './decide-retry.ts';
import { decideTimeout } from './decide-timeout.ts';
import type { Install, Moment } from './install.ts';
import type { InstallEvent } from './life.ts';
import { type Fleet, takeWalk } from './suite/fleet-walk.ts';
import { type Report, walk } from './suite/walk-steps.ts';

const HOUR = 3_600_000;

/** The decisions alone, joined as the service joins them; each event is a whole, as the store sees to. */
class DecidedFleet implements Fleet {
  readonly machines = ['web01', 'web02'];
  readonly #attempts: number;
  readonly #installs: Install[] = [];
  #now: Moment = { wallMs: 1_790_000_000_000, steadyMs: 1_000 };
  #listeningSinceMs = 0;

  constructor(attempts: number) {
    this.#attempts = attempts;
  }

  async installs(name: string): Promise<readonly Install[]> {
    return this.#installs.filter(({ machineId }) => machineId === name);
  }

  async arm(name: string): Promise<void> {
    const newest = this.#newest(name);
    if (newest && ['requested', 'booting', 'installing'].includes(newest.state)) return;
    this.#installs.push({
      ...this.#ids(),
      machineId: name,
      profile: 'p',
      state: 'requested',
      requestedAtMs: 0,
      changedAtMs: 0,
      attempt: 1,
      attempts: this.#attempts,
      expiresSteadyMs: this.#now.steadyMs + 24 * HOUR,
    });
  }

  async plan(name: string): Promise<BootPlan> {
    return this.#plan(name);
  }

  async boot(name: string): Promise<string | undefined> {
    if (this.#plan(name).boot === 'local disk') {
      const interruption = decideInterruption(this.#newest(name), this.#now);
      if (interruption.interrupted) this.#happened(interruption.installId, 'bootedAgain');
    }
    const plan = this.#plan(name);
    if (plan.boot !== 'installer') return undefined;
    this.#happened(plan.installId, 'bootOffered');
    return this.#byId(plan.installId).token;
  }

  async serve({ id }: Install): Promise<boolean> {
    const { state } = this.#byId(id);
    if (state !== 'booting' && state !== 'installing') return false;
    this.#happened(id, 'answerServed');
    return true;
  }

  async report({ id }: Install, report: Report, percent: number): Promise<boolean> {
    return this.#happened(id, REPORTS[report], percent);
  }

  async cancel({ id }: Install): Promise<void> {
    this.#happened(id, 'cancelled');
  }

  /** A matter of the store. */
  async merge(): Promise<void> {}

  async wait(minutes: number): Promise<void> {
    const { wallMs, steadyMs } = this.#now;
    this.#now = { wallMs: wallMs + minutes * 60_000, steadyMs: steadyMs + minutes * 60_000 };
    for (const install of this.#installs.slice()) {
      const timeout = decideTimeout(install, DEFAULT_POLICY.installs, this.#now, {
        listeningSinceMs: this.#listeningSinceMs,
      });
      if (timeout) this.#happened(install.id, timeout.event);
    }
  }

  setClock(hours: number): void {
    this.#now = { ...this.#now, wallMs: this.#now.wallMs + hours * HOUR };
  }

  async restart(): Promise<void> {
    this.#listeningSinceMs = this.#now.steadyMs;
  }

  #happened(id: string, event: InstallEvent, said?: number): boolean {
    const install = this.#byId(id);
    const changed = applyEvent(install, event, this.#now);
    if (!changed) return false;
    const at = this.#installs.indexOf(install);
    const isWay = event === 'started' || event === 'progressed';
    const percent = isWay && said !== undefined ? Math.max(said, install.percent ?? 0) : said;
    this.#installs[at] = { ...changed, ...(percent === undefined ? {} : { percent }) };
    if (decideRetry(install, event)?.retry) this.#installs.push(nextTry(install, this.#ids(), this.#now));
    return true;
  }

  #ids(): { readonly id: string; readonly token: string } {
    return { id: `i-${this.#installs.length}`, token: `t-${this.#installs.length}` };
  }

  #byId(wanted: string): Install {
    return this.#installs.find(({ id }) => id === wanted)!;
  }

  #plan(name: string): BootPlan {
    return decideBoot(machineCalled(name), this.#newest(name), DEFAULT_POLICY);
  }

  #newest(name: string): Install | undefined {
    return this.#installs.findLast(({ machineId }) => machineId === name);
  }
}

function machineCalled(name: string): Machine {
  return {
    id: name,
    name,
    macs: [parseMac('52:54:00:00:00:01')],
    labels: {},
    variables: {},
    createdAtMs: 0,
  };
}

test('whatever happens in whatever order, no machine is told to install unarmed, and none twice for one install', async () => {
  await fc.assert(
    fc.asyncProperty(walk, fc.integer({ min: 1, max: 3 }), async (steps, attempts) => {
      await takeWalk(new DecidedFleet(attempts), steps, attempts);
    }),
    { numRuns: 500 },
  );
});

test('walks get as far as a second try that is cut off as well', async () => {
  const fleet = new DecidedFleet(2);
  await fleet.arm('web01');
  for (const _ of [1, 2]) {
    await fleet.boot('web01');
    const [newest] = (await fleet.installs('web01')).toReversed();
    expect(await fleet.serve(newest!)).toBe(true);
    await fleet.report(newest!, 'progress', 40);
  }
  await fleet.boot('web01');
  expect(await fleet.plan('web01')).toMatchObject({ boot: 'local disk' });
  expect(await fleet.installs('web01')).toMatchObject([
    { state: 'failed', cause: 'bootedAgain', attempt: 1 },
    { state: 'failed', cause: 'bootedAgain', attempt: 2, retryOf: 'i-0' },
  ]);
});
