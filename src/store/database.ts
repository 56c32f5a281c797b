import type {
  MachineRow,
  MachineMacRow,
  MachineFactsRow,
  EnrolmentRow,
  MachinePowerRow,
} from './tables/machine-tables.ts';
import type { HookRow, HookDeliveryRow } from './tables/hook-tables.ts';
import type { SubnetRow, LeaseRow } from './tables/network-tables.ts';
import type { ImageRow, ImageAsideRow, ArrivalRow, MirrorRow } from './tables/image-tables.ts';
import type { ProfileRow, SnippetRow, GroupRow, InstallRow } from './tables/install-tables.ts';
import type { RequestKeyRow } from './tables/request-tables.ts';
import type { WaveRow, WaveMemberRow } from './tables/wave-tables.ts';
import type { ApiTokenRow, AuditRow, LoginLinkRow, SessionRow, UserRow } from './tables/people-tables.ts';
import type { EventRow, PolicyRow, CounterRow, ClockRow } from './tables/server-tables.ts';

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
  readonly request_keys: RequestKeyRow;
  readonly wave_members: WaveMemberRow;
  readonly users: UserRow;
  readonly sessions: SessionRow;
  readonly api_tokens: ApiTokenRow;
  readonly login_links: LoginLinkRow;
  readonly audit: AuditRow;
}
