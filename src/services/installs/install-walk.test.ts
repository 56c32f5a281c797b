import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BootPlan } from '../../core/boot/boot-plan.ts';
import type { Install } from '../../core/install/install.ts';
import { type Door, type Fleet, type Report, takeWalk, walk } from '../../core/install/suite/fleet-walk.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import type { Ipv4Address } from '../../lib/addresses.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';
import type { BootFiles } from '../boot/boot-files.ts';
import { BootService } from '../boot/boot-service.ts';
import { InstallWatch } from './install-watch.ts';

const HOUR = 3_600_000;
/** More than one machine has in a walk. */
const ALL = 1_000;

/** The real doors, services and database; only the clocks are ours. */
class ServedFleet implements Fleet {
  readonly machines: readonly string[];
  readonly #world: MachineWorld;
  readonly #known: ReadonlyMap<string, { readonly machine: Machine; readonly address: Ipv4Address }>;
  readonly #plans: BootService;
  #bootFiles: BootFiles;
  #watch: InstallWatch;

  private constructor(world: MachineWorld, machines: readonly Machine[]) {
    this.#world = world;
    const [one, other] = machines;
    this.#known = new Map([
      [one!.name, { machine: one!, address: WEB01 }],
      [other!.name, { machine: other!, address: WEB02 }],
    ]);
    this.machines = [...this.#known.keys()];
    this.#plans = new BootService(world.stores);
    this.#bootFiles = world.bootFilesWith({});
    this.#watch = this.#newWatch();
  }

  static async open(attempts: number): Promise<ServedFleet> {
    const world = await makeMachineWorld();
    const installs = { ...DEFAULT_POLICY.installs, attempts };
    await world.stores.policy.put({ ...DEFAULT_POLICY, installs });
    const fleet = new ServedFleet(world, await world.stores.machines.list());
    await fleet.#watch.start();
    return fleet;
  }

  async close(): Promise<void> {
    await this.#watch.close();
    await this.#world.events.settled();
    await this.#world.close();
  }

  async arm(name: string): Promise<void> {
    await this.#world.installs.arm(this.#of(name).machine, 'server', { confirmErase: true });
  }

  async installs(name: string): Promise<readonly Install[]> {
    const filter = { machineId: this.#of(name).machine.id, limit: ALL };
    return (await this.#world.stores.installs.list(filter)).toReversed();
  }

  plan(name: string): Promise<BootPlan> {
    return this.#plans.planFor(this.#of(name).machine);
  }

  async boot(name: string, door: Door): Promise<void> {
    const { machine, address } = this.#of(name);
    await this.#world.lease(address, machine.macs[0]!);
    const request = { clientAddress: address, localAddress: SERVER };
    const own = `01-${machine.macs[0]!.replaceAll(':', '-')}`;
    const answer =
      door === 'TFTP'
        ? await this.#bootFiles.openTftp({ ...request, name: `pxelinux.cfg/${own}` })
        : await this.#bootFiles.openBoot({ ...request, name: 'boot.ipxe' });
    if (!answer.found) return expect.fail(answer.because);
    const text = new TextDecoder().decode(await answer.source.read(0, answer.source.size));
    await answer.source.close();
    const plan = await this.plan(name);
    const [newest] = (await this.installs(name)).toReversed();
    expect(/\/installs\/[\da-f]{32}\//.test(text), 'it is told what was decided').toBe(
      plan.boot === 'installer',
    );
    if (newest && plan.boot === 'installer') expect(text).toContain(newest.token);
  }

  async serve(install: Install): Promise<boolean> {
    const { machine, address } = this.#ofId(install.machineId);
    await this.#world.lease(address, machine.macs[0]!);
    const answer = await this.#world.installFiles.openAnswer({
      token: install.token,
      file: 'preseed.cfg',
      clientAddress: address,
      localAddress: SERVER,
      purpose: 'fetch',
    });
    return answer.found;
  }

  async report({ token, machineId }: Install, report: Report, percent: number): Promise<void> {
    await this.#world.installFiles.report(token, report, { percent }, this.#ofId(machineId).address);
  }

  async cancel({ id }: Install): Promise<void> {
    await this.#world.installs.cancel(id);
  }

  async wait(minutes: number): Promise<void> {
    this.#world.pass(minutes * 60_000);
    await this.#watch.look();
  }

  setClock(hours: number): void {
    this.#world.setClock(hours * HOUR);
  }

  async restart(): Promise<void> {
    await this.#watch.close();
    this.#bootFiles = this.#world.bootFilesWith({});
    this.#watch = this.#newWatch();
    await this.#watch.start();
  }

  #newWatch(): InstallWatch {
    return new InstallWatch({
      ...this.#world,
      policy: this.#world.stores.policy,
      steadyClock: { ...this.#world.steadyClock, keep: async () => undefined },
      failed: (error) => {
        throw error;
      },
    });
  }

  #of(name: string): { readonly machine: Machine; readonly address: Ipv4Address } {
    return this.#known.get(name)!;
  }

  #ofId(id: string): { readonly machine: Machine; readonly address: Ipv4Address } {
    return [...this.#known.values()].find(({ machine }) => machine.id === id)!;
  }
}

test('through real doors and a real database no machine is told to install unarmed, and none twice', async () => {
  await fc.assert(
    fc.asyncProperty(walk, fc.integer({ min: 1, max: 3 }), async (steps, attempts) => {
      const fleet = await ServedFleet.open(attempts);
      try {
        await takeWalk(fleet, steps, attempts);
      } finally {
        await fleet.close();
      }
    }),
    { numRuns: 40 },
  );
});
