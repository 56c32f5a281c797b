import type { BootPlan } from '../core/boot/boot-plan.ts';
import { type DhcpBootStep, firmwareName, nextStep } from '../core/boot/next-step.ts';
import type { EventKind } from '../core/events/event-kinds.ts';
import type { TimelineEvent } from '../core/events/timeline-event.ts';
import type { Install } from '../core/install/install.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { Lease } from '../core/network/lease.ts';
import type { LeaseStore } from '../core/network/lease-store.ts';
import type { Subnet } from '../core/network/subnet.ts';
import type { SubnetStore } from '../core/network/subnet-store.ts';
import type { MacAddress } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import type { BootService } from './boot-service.ts';
import type { EventLog } from './event-log.ts';
import type { LoaderFinding, LoaderService } from './loader-service.ts';

/** What is asked about: a machine that is known, or a MAC address that is not. */
export type Explained =
  | { readonly machine: Machine; readonly macs: readonly MacAddress[] }
  | { readonly machine?: undefined; readonly macs: readonly MacAddress[] };

/** What its firmware would be told over DHCP. */
export interface FirmwareAnswer {
  /** IANA "Processor Architecture Types" (option 93). */
  readonly architecture: number;
  readonly name: string;
  /** Whether it said so itself, or has not asked yet and is taken for a BIOS. */
  readonly from: 'seen' | 'assumed';
  readonly step: DhcpBootStep;
}

export interface Explanation {
  readonly machine?: Machine;
  readonly plan: BootPlan;
  readonly firmware: FirmwareAnswer;
  /** The boot file, where it is one of the loaders Muster looks for; else it is a file of the user's own. */
  readonly loader?: LoaderFinding;
  readonly lease?: Lease;
  readonly install?: Install;
  /** Oldest first. */
  readonly decisions: readonly TimelineEvent[];
}

export interface ExplainServiceNeeds {
  readonly boot: Pick<BootService, 'planFor'>;
  readonly installs: Pick<InstallStore, 'list'>;
  readonly leases: Pick<LeaseStore, 'ofMac'>;
  readonly subnets: Pick<SubnetStore, 'list'>;
  readonly events: Pick<EventLog, 'list'>;
  readonly loaders: Pick<LoaderService, 'find'>;
  readonly clock: Clock;
}

/** Events looked through for the last decisions and the last firmware that asked. */
const EVENTS_READ = 200;
/** Decisions that are told. */
const DECISIONS_TOLD = 10;

/** The kinds that say why the machine was answered as it was. */
const DECISIONS: ReadonlySet<EventKind> = new Set<EventKind>([
  'dhcp.offered',
  'dhcp.acknowledged',
  'dhcp.refused',
  'dhcp.silent',
  'tftp.refused',
  'http.refused',
  'boot.decided',
  'install.requested',
  'install.bootOffered',
  'install.finished',
  'install.failed',
  'install.cancelled',
]);

/** Tells what a machine would boot now, and because. Asking changes nothing. */
export class ExplainService {
  readonly #needs: ExplainServiceNeeds;

  constructor(needs: ExplainServiceNeeds) {
    this.#needs = needs;
  }

  async explain({ machine, macs }: Explained): Promise<Explanation> {
    const { boot, installs, events } = this.#needs;
    const plan = await boot.planFor(machine);
    const [install] = machine ? await installs.list({ machineId: machine.id, limit: 1 }) : [];
    const lease = await this.#newestLease(macs);
    const filter = machine ? { machineId: machine.id, macs } : { macs };
    const past = await events.list(filter, EVENTS_READ);
    const subnet = subnetOf(await this.#needs.subnets.list(), lease, macs);
    const firmware = firmwareAnswer(plan, lastArchitecture(past), subnet?.bootFile);
    const loader = await this.#loaderOf(firmware.step);
    return {
      ...(machine ? { machine } : {}),
      plan,
      firmware,
      ...(loader ? { loader } : {}),
      ...(lease ? { lease } : {}),
      ...(install ? { install } : {}),
      decisions: past.filter((event) => DECISIONS.has(event.kind)).slice(-DECISIONS_TOLD),
    };
  }

  async #loaderOf(step: DhcpBootStep): Promise<LoaderFinding | undefined> {
    if (step.give !== 'boot file') return undefined;
    return (await this.#needs.loaders.find()).find(({ name }) => name === step.file);
  }

  async #newestLease(macs: readonly MacAddress[]): Promise<Lease | undefined> {
    const now = this.#needs.clock.nowMs();
    let newest: Lease | undefined;
    for (const mac of macs) {
      const lease = await this.#needs.leases.ofMac(mac, now);
      if (lease && (!newest || lease.startedAtMs > newest.startedAtMs)) newest = lease;
    }
    return newest;
  }
}

function firmwareAnswer(
  plan: BootPlan,
  seen: number | undefined,
  subnetBootFile: string | undefined,
): FirmwareAnswer {
  // As nextStep does for a ROM that does not tell.
  const architecture = seen ?? 0;
  return {
    architecture,
    name: firmwareName(architecture),
    from: seen === undefined ? 'assumed' : 'seen',
    step: nextStep(plan, { stage: 'firmware', architecture }, subnetBootFile),
  };
}

/** From the newest event that carries one: the DHCP door notes it with what it answered. */
export function lastArchitecture(events: readonly TimelineEvent[]): number | undefined {
  const said = events.map((event) => event.data?.['architecture']);
  return said.findLast((value): value is number => typeof value === 'number');
}

/** The subnet it has a lease in, else the one that keeps an address for it, else the only one there is. */
export function subnetOf(
  subnets: readonly Subnet[],
  lease: Lease | undefined,
  macs: readonly MacAddress[],
): Subnet | undefined {
  if (lease) return subnets.find((subnet) => subnet.name === lease.subnet);
  const reserving = subnets.find((subnet) => subnet.reservations.some(({ mac }) => macs.includes(mac)));
  return reserving ?? (subnets.length === 1 ? subnets[0] : undefined);
}
