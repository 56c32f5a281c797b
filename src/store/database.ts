import type { ChainName } from '../core/boot/firmware.ts';
import type { MemoryCheck } from '../core/boot/memory-check.ts';
import type { Hook, HookDelivery, HookTarget } from '../core/hooks/hook.ts';
import type { ImageCondition } from '../core/images/image-condition.ts';
import type { AnswerKind, ChosenFiles, MemoryNeeds } from '../core/images/image.ts';
import type { Arrival } from '../core/images/arrival.ts';
import type { ImageLoader } from '../core/images/image-loaders.ts';
import type { SourceProtocol } from '../core/images/install-source.ts';
import type { EventData } from '../core/events/timeline-event.ts';
import type { EventKind } from '../core/events/event-kinds.ts';
import type { InstallEnd } from '../core/install/install.ts';
import type { InstallState } from '../core/install/life.ts';
import type { Facts, FactSource } from '../core/machines/facts.ts';
import type { MirrorKind } from '../core/mirrors/mirror.ts';
import type { LeaseState } from '../core/network/lease.ts';
import type {
  AddressRange,
  ExtraOption,
  Reservation,
  SubnetMode,
  SubnetRules,
} from '../core/network/subnet.ts';
import type { PowerTroubleSeen } from '../core/power/machine-power.ts';
import type { PowerState } from '../core/power/power-driver.ts';
import type { PowerSettings } from '../core/power/power-settings.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { WaveBudget, WaveLoss, WaveMemberState, WavePower, WaveState } from '../core/waves/wave.ts';
import type { IpAddress, Ipv4Address, MacAddress, Uuid } from '../lib/addresses.ts';
import type { JsonText } from './row-values.ts';

/**
 * The tables as every database has them, for Kysely. Only text, whole numbers and fractions are used, since
 * those are the same everywhere: times are milliseconds since 1970-01-01 UTC, lists that nobody searches are
 * JSON in a text column. `null` stands only here, for a field that is absent in the record.
 */
export interface Database {
  readonly machines: MachineRow;
  readonly machine_macs: MachineMacRow;
  readonly machine_facts: MachineFactsRow;
  readonly enrolments: EnrolmentRow;
  readonly machine_power: MachinePowerRow;
  readonly hooks: HookRow;
  readonly hook_deliveries: HookDeliveryRow;
  readonly subnets: SubnetRow;
  readonly leases: LeaseRow;
  readonly images: ImageRow;
  readonly images_aside: ImageAsideRow;
  readonly arrivals: ArrivalRow;
  readonly mirrors: MirrorRow;
  readonly profiles: ProfileRow;
  readonly snippets: SnippetRow;
  readonly machine_groups: GroupRow;
  readonly installs: InstallRow;
  readonly events: EventRow;
  readonly policies: PolicyRow;
  readonly counters: CounterRow;
  readonly clocks: ClockRow;
  readonly waves: WaveRow;
  readonly wave_members: WaveMemberRow;
}

export interface MachineRow {
  readonly id: string;
  readonly name: string;
  readonly uuid: Uuid | null;
  readonly serial: string | null;
  readonly asset_tag: string | null;
  readonly circuit_id: string | null;
  readonly remote_id: string | null;
  readonly labels: JsonText<Readonly<Record<string, string>>>;
  readonly variables: JsonText<Readonly<Record<string, string>>>;
  readonly loader: ChainName | null;
  readonly source: SourceProtocol | null;
  readonly memory_megabytes: number | null;
  readonly memory_check: MemoryCheck | null;
  readonly created_at_ms: number;
}

interface MachineMacRow {
  /** Primary key: no two machines share one. */
  readonly mac: MacAddress;
  readonly machine_id: string;
  /** From 0, in the machine's own order. */
  readonly position: number;
}

export interface MachineFactsRow {
  readonly machine_id: string;
  readonly source: FactSource;
  readonly facts: JsonText<Facts>;
  readonly at_ms: number;
}

/** Of machines that a rule made known. */
interface EnrolmentRow {
  readonly machine_id: string;
  /** Its number and what it asked for, as they were then. */
  readonly rule: string;
  readonly at_ms: number;
}

export interface MachinePowerRow {
  readonly machine_id: string;
  readonly settings: JsonText<PowerSettings>;
  /** Read by one query, and by that alone. */
  readonly secret: string | null;
  readonly set_at_ms: number;
  readonly state: PowerState | null;
  readonly state_at_ms: number | null;
  readonly trouble: JsonText<PowerTroubleSeen> | null;
}

export interface HookRow {
  readonly name: string;
  readonly events: JsonText<readonly string[]>;
  readonly machines: string | null;
  readonly target: JsonText<HookTarget>;
  readonly mode: Hook['mode'];
  /** Read by one query, and by that alone. */
  readonly secret: string | null;
  readonly position: number;
  readonly created_at_ms: number;
}

export interface HookDeliveryRow {
  readonly hook: string;
  readonly event_id: number;
  readonly kind: string;
  readonly state: HookDelivery['state'];
  readonly attempts: number;
  readonly first_at_ms: number;
  readonly last_at_ms: number;
  readonly result: string;
}

export interface SubnetRow {
  readonly name: string;
  readonly network_address: Ipv4Address;
  readonly prefix_length: number;
  readonly mode: SubnetMode;
  readonly ranges: JsonText<readonly AddressRange[]>;
  readonly reservations: JsonText<readonly Reservation[]>;
  readonly routers: JsonText<readonly Ipv4Address[]>;
  readonly dns_servers: JsonText<readonly Ipv4Address[]>;
  readonly domain_name: string | null;
  readonly default_lease_seconds: number;
  readonly max_lease_seconds: number;
  readonly next_server: Ipv4Address | null;
  readonly boot_file: string | null;
  readonly options: JsonText<readonly ExtraOption[]>;
  readonly rules: JsonText<SubnetRules>;
}

export interface LeaseRow {
  readonly address: Ipv4Address;
  /** The same address as a number, for order and ranges. */
  readonly address_number: number;
  readonly subnet: string;
  readonly client_key: string;
  readonly mac: MacAddress | null;
  readonly uuid: Uuid | null;
  readonly hostname: string | null;
  readonly vendor_class: string | null;
  readonly state: LeaseState;
  readonly started_at_ms: number;
  readonly expires_at_ms: number;
}

export interface ImageRow {
  readonly name: string;
  readonly folder: string;
  readonly family: string;
  readonly title: string;
  readonly release: string;
  readonly architecture: string;
  readonly kernel: string | null;
  readonly initrds: JsonText<readonly string[]>;
  readonly answer_kind: AnswerKind | 'none';
  readonly added_at_ms: number;
  readonly loaders: JsonText<readonly ImageLoader[]>;
  readonly facts: JsonText<Readonly<Record<string, string>>>;
  readonly memory_megabytes: JsonText<MemoryNeeds>;
  readonly needs: string | null;
  readonly chosen: JsonText<ChosenFiles>;
  readonly condition: JsonText<ImageCondition> | null;
}

export interface ImageAsideRow {
  readonly folder: string;
  readonly signature: string;
}

export interface ArrivalRow {
  readonly name: string;
  readonly record: JsonText<Arrival>;
}

export interface MirrorRow {
  readonly name: string;
  /** With its credentials, if it has some. */
  readonly url: string;
  readonly kind: MirrorKind;
  readonly max_bytes: number;
  readonly mode: 'online' | 'offline';
  readonly added_at_ms: number;
}

export interface ProfileRow {
  readonly name: string;
  readonly image: string;
  readonly template: string | null;
  readonly arguments: string;
  readonly variables: JsonText<Readonly<Record<string, string>>>;
  readonly loader: ChainName | null;
  readonly source: SourceProtocol | null;
  readonly memory_check: MemoryCheck | null;
}

interface SnippetRow {
  readonly name: string;
  readonly text: string;
}

export interface GroupRow {
  readonly name: string;
  /** As `formatSelector` writes it. */
  readonly selector: string;
  readonly priority: number;
  /** Not a foreign key: the profile's removal is refused with its reason. */
  readonly profile: string | null;
  readonly arguments: string;
  readonly variables: JsonText<Readonly<Record<string, string>>>;
}

export interface InstallRow {
  readonly id: string;
  /** From the counter `install`: the order of creation, which a clock that is set back cannot change. */
  readonly number: number;
  readonly machine_id: string;
  readonly profile: string;
  readonly token: string;
  readonly state: InstallState;
  readonly requested_at_ms: number;
  readonly changed_at_ms: number;
  readonly step: string | null;
  readonly percent: number | null;
  readonly because: string | null;
  readonly cause: InstallEnd | null;
  readonly attempt: number;
  readonly attempts: number;
  readonly retry_of: string | null;
  readonly expires_steady_ms: number | null;
  readonly booted_steady_ms: number | null;
  readonly answered_steady_ms: number | null;
  readonly reported_steady_ms: number | null;
  readonly boot_address: IpAddress | null;
}

export interface EventRow {
  /** From the counter `event`. */
  readonly id: number;
  readonly at_ms: number;
  readonly kind: EventKind;
  readonly text: string;
  readonly because: string | null;
  /** Not a foreign key: events outlive their machine and its installs. */
  readonly machine_id: string | null;
  readonly mac: MacAddress | null;
  readonly install_id: string | null;
  readonly data: JsonText<EventData> | null;
}

/** At most one row, `server`. */
interface PolicyRow {
  readonly name: string;
  readonly policy: JsonText<Policy>;
}

interface CounterRow {
  readonly name: string;
  /** The last number given out. */
  readonly value: number;
}

/** What the clocks said: in the row `leases` when leases were last written, in `steady` when the steady clock was kept. */
interface ClockRow {
  readonly name: string;
  readonly boot_id: string;
  readonly uptime_ms: number;
  readonly wall_ms: number;
  /** Of the row `steady`. */
  readonly steady_ms: number | null;
}

export interface WaveRow {
  readonly name: string;
  readonly profile: string;
  readonly budget: JsonText<WaveBudget>;
  readonly jitter_seconds: number;
  readonly power: WavePower;
  readonly state: WaveState;
  readonly created_at_ms: number;
  readonly changed_at_ms: number;
  readonly because: string | null;
}

export interface WaveMemberRow {
  readonly wave: string;
  readonly machine_id: string;
  /** From 0, in the wave's own order. */
  readonly position: number;
  readonly state: WaveMemberState;
  readonly install_id: string | null;
  readonly started_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly because: string | null;
  readonly confirmed: JsonText<readonly WaveLoss[]> | null;
}
