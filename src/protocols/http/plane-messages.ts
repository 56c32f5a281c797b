import type { IpAddress } from '../../lib/addresses.ts';
import type {
  DoorLimits,
  DoorOrder,
  DoorQuestion,
  DoorTidings,
  GivenFile,
  ServeDoor,
} from '../../os/doors/door-messages.ts';
import type { Validators } from './conditions.ts';

/** What the main thread and a thread of the HTTP plane tell each other. */
export interface PlaneTalk {
  readonly serve: DoorServe;
  readonly answer: PlaneAnswer;
  readonly tidings: PlaneTidings;
}

export type PlaneOrder = DoorOrder<PlaneTalk>;

export interface PlaneLimits extends DoorLimits {
  readonly headerBytes: number;
  /** For a whole head to arrive, from the connection on. */
  readonly headersMs: number;
  /** Between two requests on one connection. */
  readonly keepAliveMs: number;
  /** Without a byte moving while an answer is under way. */
  readonly stalledMs: number;
}

export interface DoorServe extends ServeDoor {
  /** What begins with one of these is asked about; all else is for the main thread. */
  readonly prefixes: readonly string[];
  readonly limits: PlaneLimits;
}

export type PlaneAnswer =
  | { readonly give: 'file'; readonly file: ServedFile; readonly validMs: number }
  /** The main thread answers this request, and all that follow on that connection. */
  | { readonly give: 'nothing' };

/** A file that can be sent to whoever asks. */
export interface ServedFile extends GivenFile {
  readonly validators: Validators;
  readonly contentType: string;
  /** `each`: every time it was sent is told; `sums`: how often, and how many bytes, from time to time. */
  readonly tell: 'each' | 'sums';
}

export interface PlaneQuestion extends DoorQuestion {
  readonly target: string;
  readonly client: IpAddress;
}

export interface PlaneTidings extends DoorTidings {
  readonly questions: readonly PlaneQuestion[];
  readonly handedOver: readonly HandedOver[];
  readonly sent: readonly SentFile[];
  readonly sums: readonly SentSum[];
}

/** Those that are gathered in lists. */
export type GatheredTidings = Omit<PlaneTidings, 'sums' | 'doors'>;

export function noTidings(): { readonly [Name in keyof GatheredTidings]: [] } {
  return { questions: [], handedOver: [], sent: [], released: [], left: [], failed: [] };
}

/** A connection whose next request is for the main thread, which closes it. */
export interface HandedOver {
  readonly door: number;
  readonly fd: number;
  /** What was read of it and is not answered. */
  readonly bytes: Uint8Array;
}

export interface SentFile {
  readonly file: number;
  readonly client: IpAddress;
  readonly status: number;
  /** Of the body, handed to the system. */
  readonly bytes: number;
  readonly isComplete: boolean;
  readonly milliseconds: number;
}

/** Of one file and one client. */
export interface SentSum {
  readonly file: number;
  readonly client: IpAddress;
  readonly complete: number;
  readonly brokenOff: number;
  readonly bytes: number;
  /** Of the longest. */
  readonly milliseconds: number;
}
