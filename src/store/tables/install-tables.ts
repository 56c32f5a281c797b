import type { ChainName } from '../../core/boot/firmware.ts';
import type { MemoryCheck } from '../../core/boot/memory-check.ts';
import type { SourceProtocol } from '../../core/images/install-source.ts';
import type { InstallEnd } from '../../core/install/install.ts';
import type { InstallState } from '../../core/install/life.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import type { JsonText } from '../row-values.ts';

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

export interface SnippetRow {
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
