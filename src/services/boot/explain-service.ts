import type { BootPlan } from '../../core/boot/boot-plan.ts';
import { chainWish } from '../../core/boot/chain-wish.ts';
import { firmwareName } from '../../core/boot/firmware.ts';
import type { MachineHttp } from '../../core/boot/machine-urls.ts';
import {
  type BootClient,
  type DhcpBootStep,
  nextStep,
  type StepSurroundings,
} from '../../core/boot/next-step.ts';
import type { EventKind } from '../../core/events/event-kinds.ts';
import type { TimelineEvent } from '../../core/events/timeline-event.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { SourceProtocol } from '../../core/images/install-source.ts';
import type { Install } from '../../core/install/install.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { GroupStore } from '../../core/machines/group-store.ts';
import { chooseProfile, groupsOf, type Membership, type ProfileChoice } from '../../core/machines/groups.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Lease } from '../../core/network/lease.ts';
import type { LeaseStore } from '../../core/network/lease-store.ts';
import type { Subnet } from '../../core/network/subnet.ts';
import type { SubnetStore } from '../../core/network/subnet-store.ts';
import type { MacAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import type { BootService } from './boot-service.ts';
import type { EventLog } from '../event-log.ts';
import type { InstallSources } from '../installs/install-sources.ts';
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

/** Over what an installer gets the tree of its image. */
export interface ExplainedSource {
  /** Undefined where it cannot be given its tree: it is not started then. */
  readonly protocol?: SourceProtocol;
  readonly because: string;
}

export interface Explanation {
  readonly machine?: Machine;
  readonly plan: BootPlan;
  readonly source?: ExplainedSource;
  readonly firmware: FirmwareAnswer;
  /** The boot file, where it is one of the loaders Muster looks for; else it is a file of the user's own. */
  readonly loader?: LoaderFinding;
  readonly lease?: Lease;
  readonly install?: Install;
  /** Of a machine that is known: the groups it is in, and what they have it installed with. */
  readonly inherits?: { readonly memberships: readonly Membership[]; readonly choice: ProfileChoice };
  /** Oldest first. */
  readonly decisions: readonly TimelineEvent[];
}

export interface ExplainServiceNeeds {
  readonly boot: Pick<BootService, 'planFor'>;
  readonly installs: Pick<InstallStore, 'list'>;
  readonly leases: Pick<LeaseStore, 'ofMac'>;
  readonly subnets: Pick<SubnetStore, 'list'>;
  readonly events: Pick<EventLog, 'list'>;
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly groups: Pick<GroupStore, 'list'>;
  readonly sources: Pick<InstallSources, 'decide'>;
  readonly loaders: Pick<LoaderService, 'known' | 'available'>;
  /** Where machines reach this server; port 0 when its HTTP door is closed. */
  readonly machineHttp: () => MachineHttp;
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
  'dhcp.proxied',
  'dhcp.proxyUnfollowed',
  'dhcp.refused',
  'dhcp.silent',
  'dhcpv6.told',
  'dhcpv6.silent',
  'dhcpv6.otherServer',
  'tftp.refused',
  'http.refused',
  'machine.learned',
  'machine.notIdentified',
  'machine.enrolled',
  'machine.notEnrolled',
  'machine.notArmed',
  'boot.decided',
  'boot.notStarted',
  'install.requested',
  'install.bootOffered',
  'install.finished',
  'install.failed',
  'install.timedOut',
  'install.bootedAgain',
  'install.expired',
  'install.cancelled',
  'wave.machineFailed',
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
    const firmware = firmwareAnswer(plan, lastBootClient(past), {
      subnetBootFile: subnet?.bootFile,
      wish: chainWish({ machine, plan, subnet }),
      loaders: await this.#needs.loaders.available(),
      address: this.#needs.machineHttp().address,
      httpPort: this.#needs.machineHttp().port || undefined,
      isProxied: isProxied(subnet, past),
    });
    const loader = await this.#loaderOf(firmware.step);
    const source = await this.#sourceOf(plan, machine);
    return {
      ...(machine ? { machine, inherits: await this.#inheritedBy(machine) } : {}),
      plan,
      ...(source ? { source } : {}),
      firmware,
      ...(loader ? { loader } : {}),
      ...(lease ? { lease } : {}),
      ...(install ? { install } : {}),
      decisions: past.filter((event) => DECISIONS.has(event.kind)).slice(-DECISIONS_TOLD),
    };
  }

  async #inheritedBy(machine: Machine): Promise<NonNullable<Explanation['inherits']>> {
    const memberships = groupsOf(machine, await this.#needs.groups.list());
    return { memberships, choice: chooseProfile(machine, memberships) };
  }

  async #sourceOf(plan: BootPlan, machine: Machine | undefined): Promise<ExplainedSource | undefined> {
    if (plan.boot !== 'installer') return undefined;
    const { profiles, images, sources, machineHttp } = this.#needs;
    const profile = await profiles.byName(plan.profile);
    const image = profile && (await images.byName(profile.image));
    if (!image) return undefined;
    const way = await sources.decide({ image, machine, profile, localAddress: machineHttp().address });
    return { because: way.because, ...(way.decided ? { protocol: way.source.protocol } : {}) };
  }

  async #loaderOf(step: DhcpBootStep): Promise<LoaderFinding | undefined> {
    if (step.give !== 'boot file') return undefined;
    return (await this.#needs.loaders.known()).find(({ name }) => name === step.file);
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
  seen: BootClient | undefined,
  around: StepSurroundings,
): FirmwareAnswer {
  // As nextStep does for a ROM that does not tell.
  const architecture = seen?.architecture ?? 0;
  return {
    architecture,
    name: firmwareName(architecture),
    from: seen === undefined ? 'assumed' : 'seen',
    step: nextStep(plan, seen ?? { stage: 'firmware' }, around),
  };
}

/** The program that asks first, from the newest event of it: the DHCP door notes it with what it answered. */
export function lastBootClient(events: readonly TimelineEvent[]): BootClient | undefined {
  const ofStage = (stage: BootClient['stage']): TimelineEvent | undefined =>
    events.findLast(({ data }) => data?.['stage'] === stage);
  // iPXE that was fetched asks after its firmware; only iPXE that is the boot ROM itself asks alone.
  const event = ofStage('firmware') ?? ofStage('ipxe');
  if (!event) return undefined;
  const { architecture, bootsOverHttp, raspberryPi } = event.data ?? {};
  return {
    stage: event.data?.['stage'] === 'ipxe' ? 'ipxe' : 'firmware',
    ...(typeof architecture === 'number' ? { architecture } : {}),
    ...(bootsOverHttp === true ? { bootsOverHttp } : {}),
    ...(raspberryPi === true ? { isRaspberryPi: true } : {}),
  };
}

/** Whether another server gives its address: as its subnet says, or where that says `auto`, as it was last. */
export function isProxied(
  subnet: Pick<Subnet, 'mode'> | undefined,
  past: readonly Pick<TimelineEvent, 'kind'>[],
): boolean {
  if (subnet !== undefined && subnet.mode !== 'auto') return subnet.mode === 'proxy';
  const last = past.findLast(({ kind }) => TELLS_MODE.has(kind));
  return last?.kind === 'dhcp.proxied';
}

const TELLS_MODE: ReadonlySet<EventKind> = new Set<EventKind>([
  'dhcp.offered',
  'dhcp.acknowledged',
  'dhcp.proxied',
]);

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
