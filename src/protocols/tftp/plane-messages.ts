import type { Ipv4Address } from '../../lib/addresses.ts';
import type { TftpLimits } from './admission.ts';
import type { ClientTraits } from './quirks.ts';
import type { TftpErrorCode, TftpRequest } from './packet.ts';
import type { PackedReports } from './plane-reports.ts';
import type { TftpClient } from './server-options.ts';
import type { TransferTimes } from './transfer-action.ts';

/** What the main thread and a thread of the plane tell each other. A door is one local address that is served. */

export type PlaneOrder =
  | { readonly do: 'serve'; readonly door: number; readonly serve: DoorOrder }
  | { readonly do: 'answer'; readonly question: number; readonly answer: PlaneAnswer }
  /** Takes no new request there, and says `left` when the transfers under way have ended. */
  | { readonly do: 'leave'; readonly door: number }
  /** Ends those as well. */
  | { readonly do: 'drop'; readonly door: number }
  | { readonly do: 'stop' };

export interface DoorOrder {
  readonly address: Ipv4Address;
  /** Both belong to the main thread, which closes them after `left`. */
  readonly requestFd: number;
  readonly dataFd: number;
  readonly mtu: number;
  readonly limits: TftpLimits;
  readonly times: TransferTimes;
}

export type PlaneAnswer =
  | {
      readonly give: 'file';
      /** Its number, and where its bytes are. The same file has the same number while anybody holds it. */
      readonly mapping: number;
      readonly address: number;
      readonly bytes: number;
      readonly holdsFor: 'everyone' | 'asker';
      readonly traits: ClientTraits;
    }
  /** All of it, where there is little. */
  | {
      readonly give: 'bytes';
      readonly bytes: Uint8Array;
      readonly holdsFor: 'everyone' | 'asker';
      readonly traits: ClientTraits;
    }
  | { readonly give: 'refusal'; readonly code: TftpErrorCode; readonly message: string }
  /** Somebody else answers, or nobody. */
  | { readonly give: 'nothing' };

export interface PlaneQuestion {
  readonly question: number;
  readonly door: number;
  readonly request: TftpRequest;
  readonly client: TftpClient;
}

/** All that happened since the last one. */
export interface PlaneTidings {
  readonly questions: readonly PlaneQuestion[];
  readonly ended: PackedReports;
  readonly refused: readonly PlaneRefusal[];
  /** Mappings that are not held any more, each with how often it had been given. */
  readonly released: readonly { readonly mapping: number; readonly times: number }[];
  readonly left: readonly number[];
  readonly dropped: readonly { readonly door: number; readonly count: number; readonly last: string }[];
  readonly failed: readonly string[];
  readonly doors: readonly DoorState[];
}

export interface DoorState {
  readonly door: number;
  /** Requests being served now. */
  readonly serving: number;
  /** Requests that were not answered, since too many came at once; since the thread began. */
  readonly overRate: number;
}

export interface PlaneRefusal {
  readonly door: number;
  readonly op: 'RRQ' | 'WRQ';
  readonly name: string;
  readonly mode: string;
  readonly client: TftpClient;
  readonly code: TftpErrorCode | undefined;
  readonly because: string;
}
