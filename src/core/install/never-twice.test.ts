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
import { type Fleet, type Report, takeWalk, walk } from './suite/fleet-walk.ts';

const HOUR = 3_600_000;

/** The decisions alone, joined as the service joins them. */
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
    const newest = await this.#newest(name);
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
    return decideBoot(machineCalled(name), await this.#newest(name), DEFAULT_POLICY);
  }

  async boot(name: string): Promise<void> {
    if ((await this.plan(name)).boot === 'local disk') {
      const interruption = decideInterruption(await this.#newest(name), this.#now);
      if (interruption.interrupted) this.#happened(interruption.installId, 'bootedAgain');
    }
    const plan = await this.plan(name);
    if (plan.boot === 'installer') this.#happened(plan.installId, 'bootOffered');
  }

  async serve({ id }: Install): Promise<boolean> {
    const { state } = this.#byId(id);
    if (state !== 'booting' && state !== 'installing') return false;
    this.#happened(id, 'answerServed');
    return true;
  }

  async report({ id }: Install, report: Report, percent: number): Promise<void> {
    this.#happened(id, REPORTS[report], percent);
  }

  async cancel({ id }: Install): Promise<void> {
    this.#happened(id, 'cancelled');
  }

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

  #happened(id: string, event: InstallEvent, percent?: number): void {
    const install = this.#byId(id);
    const changed = applyEvent(install, event, this.#now);
    if (!changed) return;
    const at = this.#installs.indexOf(install);
    this.#installs[at] = { ...changed, ...(percent === undefined ? {} : { percent }) };
    if (decideRetry(install, event)?.retry) this.#installs.push(nextTry(install, this.#ids(), this.#now));
  }

  #ids(): { readonly id: string; readonly token: string } {
    return { id: `i-${this.#installs.length}`, token: `t-${this.#installs.length}` };
  }

  #byId(wanted: string): Install {
    return this.#installs.find(({ id }) => id === wanted)!;
  }

  async #newest(name: string): Promise<Install | undefined> {
    return (await this.installs(name)).at(-1);
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
