import type { ArrivalStore } from './images/arrival.ts';
import type { EventStore } from './events/event-store.ts';
import type { HookStore } from './hooks/hook.ts';
import type { ImageStore } from './images/image-store.ts';
import type { InstallStore } from './install/install-store.ts';
import type { SnippetStore } from './answers/snippet-store.ts';
import type { ProfileStore } from './install/profile-store.ts';
import type { MirrorStore } from './mirrors/mirror-store.ts';
import type { FactStore } from './machines/fact-store.ts';
import type { GroupStore } from './machines/group-store.ts';
import type { MachineStore } from './machines/machine-store.ts';
import type { LeaseRecords, LeaseStore } from './network/lease-store.ts';
import type { SubnetStore } from './network/subnet-store.ts';
import type { SteadyClockStore } from './network/steady-clock.ts';
import type { AuditStore } from './people/audit.ts';
import type { RequestKeyStore } from './requests/request-keys.ts';
import type { PeopleStore } from './people/people-store.ts';
import type { PolicyStore } from './policy/policy-store.ts';
import type { WaveStore } from './waves/wave-store.ts';
import type { PowerStore } from './power/machine-power.ts';
import type { SiteStore } from './site/site-store.ts';

/**
 * What a database must do for Muster. Every method is async and atomic; a promise that resolved stands for data on
 * disk. The store decides races; what ought to be is decided in core. One suite holds every store to this.
 */
export interface Stores {
  readonly machines: MachineStore;
  readonly facts: FactStore;
  readonly subnets: SubnetStore;
  readonly leases: LeaseStore;
  readonly leaseRecords: LeaseRecords;
  readonly images: ImageStore;
  readonly arrivals: ArrivalStore;
  readonly profiles: ProfileStore;
  readonly snippets: SnippetStore;
  readonly groups: GroupStore;
  readonly mirrors: MirrorStore;
  readonly installs: InstallStore;
  readonly events: EventStore;
  readonly policy: PolicyStore;
  readonly waves: WaveStore;
  readonly steadyReading: SteadyClockStore;
  readonly power: PowerStore;
  readonly hooks: HookStore;
  readonly site: SiteStore;
  readonly people: PeopleStore;
  readonly audit: AuditStore;
  readonly requestKeys: RequestKeyStore;
  close(): Promise<void>;
}
