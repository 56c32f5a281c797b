import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BootPlan } from '../../core/boot/boot-plan.ts';
import type { Install } from '../../core/install/install.ts';
import { type Fleet, takeWalk } from '../../core/install/suite/fleet-walk.ts';
import { type Door, type Report, walk } from '../../core/install/suite/walk-steps.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import type { Stores } from '../../core/stores.ts';
import { type Ipv4Address, type MacAddress, parseIpv4, parseMac } from '../../lib/addresses.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';
import { BootService } from '../boot/boot-service.ts';
import { MachineChanges } from '../machines/machine-changes.ts';
import { InstallWatch } from './install-watch.ts';

const HOUR = 3_600_000;
/** More than one machine has in a walk. */
const ALL = 1_000;

/** Records of other machines that turn out to be one of the fleet, in one walk. */
const MOST_MERGED = 5;
const SOME = { labels: {}, variables: {}, createdAtMs: 0 };

interface Nic {
  readonly mac: MacAddress;
  readonly address: Ipv4Address;
}

type Served = Pick<MachineWorld, 'installs' | 'installFiles' | 'bootFiles' | 'events'>;

const lateness = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 30 });

/** Each look into what is kept of installs is late by so many turns of the loop, before and after it. */
function lateStores(stores: Stores, turns: readonly number[]): Stores {
  let at = 0;
  const pause = async (): Promise<void> => {
    at += 1;
    for (let left = turns[at % turns.length] ?? 0; left > 0; left -= 1) await turn();
  };
  const late = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    await pause();
    const answer = await call();
    await pause();
    return answer;
  };
  const { installs } = stores;
  return {
    ...stores,
    close: () => stores.close(),
    installs: {
      ...installs,
      byId: (id) => late(() => installs.byId(id)),
      byToken: (token) => late(() => installs.byToken(token)),
      list: (filter) => late(() => installs.list(filter)),
      openOf: (machineId) => late(() => installs.openOf(machineId)),
      advance: (from, changed, event) => late(() => installs.advance(from, changed, event)),
      advanceAndCreate: (from, changed, next) => late(() => installs.advanceAndCreate(from, changed, next)),
    },
  };
}

/** The real doors, services and database; only the clocks are ours. */
class ServedFleet implements Fleet {
  readonly machines: readonly string[];
  readonly #world: MachineWorld;
  /** The cards of each machine, with the address that each is given. */
  readonly #nics: ReadonlyMap<string, Nic[]>;
  #served: Served;
  #plans: BootService;
  #watch: InstallWatch;
  #merged = 0;
  #cards = 0;

  private constructor(world: MachineWorld, machines: readonly Machine[]) {
    this.#world = world;
    this.machines = machines.map(({ name }) => name);
    const addresses = [WEB01, WEB02];
    this.#nics = new Map(
      machines.map(({ name, macs }, at) => [name, [{ mac: macs[0]!, address: addresses[at]! }]]),
    );
    this.#served = world;
    this.#plans = new BootService(world.stores);
    this.#watch = this.#newWatch();
  }

  /** @param turns by how much each look into the database is late, so that others come between. */
  static async open(attempts: number, turns: readonly number[]): Promise<ServedFleet> {
    const world = await makeMachineWorld(undefined, (stores) => lateStores(stores, turns));
    const installs = { ...DEFAULT_POLICY.installs, attempts };
    await world.stores.policy.put({ ...DEFAULT_POLICY, installs });
    const fleet = new ServedFleet(world, await world.stores.machines.list());
    for (const name of fleet.machines) await fleet.#giveNic(name);
    await fleet.#watch.start();
    return fleet;
  }

  async close(): Promise<void> {
    await this.#watch.close();
    await this.#served.events.settled();
    await this.#world.close();
  }

  async arm(name: string): Promise<void> {
    await this.#served.installs.arm(await this.#machine(name), 'server', { confirmErase: true });
  }

  async installs(name: string): Promise<readonly Install[]> {
    const filter = { machineId: (await this.#machine(name)).id, limit: ALL };
    return (await this.#world.stores.installs.list(filter)).toReversed();
  }

  async plan(name: string): Promise<BootPlan> {
    return await this.#plans.planFor(await this.#machine(name));
  }

  async boot(name: string, door: Door, nic: number): Promise<string | undefined> {
    const { mac, address } = await this.#lease(name, nic);
    const request = { clientAddress: address, localAddress: SERVER };
    const { bootFiles } = this.#served;
    const answer =
      door === 'TFTP'
        ? await bootFiles.openTftp({ ...request, name: `pxelinux.cfg/01-${mac.replaceAll(':', '-')}` })
        : await bootFiles.openBoot({ ...request, name: 'boot.ipxe' });
    // Who had no lease any more since somebody set the clock is told so.
    if (!answer.found) return undefined;
    const text = new TextDecoder().decode(await answer.source.read(0, answer.source.size));
    await answer.source.close();
    return /\/installs\/([\da-f]{32})\//.exec(text)?.[1];
  }

  async serve(install: Install, nic: number): Promise<boolean> {
    const { address } = await this.#lease(await this.#nameOf(install), nic);
    const answer = await this.#served.installFiles.openAnswer({
      token: install.token,
      file: 'preseed.cfg',
      clientAddress: address,
      localAddress: SERVER,
      purpose: 'fetch',
    });
    return answer.found;
  }

  async report(install: Install, report: Report, percent: number, nic: number): Promise<boolean> {
    const { address } = this.#nic(await this.#nameOf(install), nic);
    const { installFiles } = this.#served;
    return (await installFiles.report(install.token, report, { percent }, address)).reported;
  }

  async cancel({ id }: Install): Promise<void> {
    await this.#served.installs.cancel(id);
  }

  async merge(name: string): Promise<void> {
    if (this.#merged === MOST_MERGED) return;
    this.#merged += 1;
    await this.#giveNic(name, async (stray) => {
      await this.#served.installs.arm(stray, 'server');
      const open = await this.#world.stores.installs.openOf(stray.id);
      await this.#served.installs.cancel(open!.id);
    });
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
    await this.#served.events.settled();
    this.#served = this.#world.servedAnew();
    this.#plans = new BootService(this.#world.stores);
    this.#watch = this.#newWatch();
    await this.#watch.start();
  }

  /** Another record turns out to be this machine: it has one card more. */
  async #giveNic(
    name: string,
    before: (stray: Machine) => Promise<void> = async () => undefined,
  ): Promise<void> {
    this.#cards += 1;
    const number = 10 + this.#cards;
    const nic = { mac: parseMac(`52:54:00:00:01:${number}`), address: parseIpv4(`192.168.122.1${number}`) };
    const { mac } = nic;
    const stray = { ...SOME, id: `m-0000000000${number}`, name: `stray${number}`, macs: [mac] };
    const { machines } = this.#world.stores;
    await machines.put(stray);
    await before(stray);
    // It may ask while the two become one.
    this.#nics.get(name)!.push(nic);
    const { events } = this.#served;
    const found = { find: (wanted: string) => machines.byName(wanted) };
    const { clock, facts: seenFacts } = this.#world;
    const changes = new MachineChanges({ machines, found, events, seenFacts, clock, randomHex: () => '' });
    const merged = await changes.merge(name, stray.name);
    expect(merged).toMatchObject({ done: true });
  }

  #newWatch(): InstallWatch {
    return new InstallWatch({
      installs: this.#served.installs,
      policy: this.#world.stores.policy,
      steadyClock: { ...this.#world.steadyClock, keep: async () => undefined },
      failed: (error) => {
        throw error;
      },
    });
  }

  async #lease(name: string, at: number): Promise<Nic> {
    const nic = this.#nic(name, at);
    await this.#world.lease(nic.address, nic.mac);
    return nic;
  }

  #nic(name: string, at: number): Nic {
    // The newest cards are those that were merged into it.
    return this.#nics.get(name)!.at(-1 - at)!;
  }

  async #machine(name: string): Promise<Machine> {
    return (await this.#world.stores.machines.byName(name))!;
  }

  async #nameOf({ machineId }: Install): Promise<string> {
    return (await this.#world.stores.machines.byId(machineId))!.name;
  }
}

test('through real doors and a real database no machine is told to install unarmed, and none twice', async () => {
  await fc.assert(
    fc.asyncProperty(walk, fc.integer({ min: 1, max: 3 }), lateness, async (steps, attempts, turns) => {
      const fleet = await ServedFleet.open(attempts, turns);
      try {
        await takeWalk(fleet, steps, attempts);
      } finally {
        await fleet.close();
      }
    }),
    { numRuns: 40 },
  );
});
