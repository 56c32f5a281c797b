import type { IpAddress, Ipv4Address } from '../../lib/addresses.ts';
import type { TreeNode } from '../../lib/file-tree.ts';
import type { Command } from './command.ts';
import type { DataTarget } from './data-address.ts';
import { ALL_FACTS, type FactName } from './facts.ts';
import type { Listing } from './listing.ts';
import { type FtpReplyCode, type Reply, replyWith } from './reply.ts';

/** What a session wants done, what it is told of it, and what it keeps. */

/** How the data connection comes to be: the client connects to the port that was opened, or is connected to. */
export type DataWay = { readonly by: 'client' } | { readonly by: 'server'; readonly target: DataTarget };

export type Transfer =
  | {
      readonly kind: 'file';
      readonly node: TreeNode;
      /** Below the root, without a link being followed; for reports. */
      readonly path: string;
      readonly offset: number;
      readonly as: 'bytes' | 'text';
      readonly way: DataWay;
    }
  | { readonly kind: 'listing'; readonly listing: Listing; readonly path: string; readonly way: DataWay };

/** A path to look up. */
export interface LookUp {
  readonly names: readonly string[];
  readonly last: 'followed' | 'kept';
  /** The last name may be a pattern; then its folder is wanted when nothing has that very name. */
  readonly wildcards: 'taken' | 'names';
}

export type Found =
  /** `target`: where a link leads that was kept. */
  | { readonly found: 'node'; readonly node: TreeNode; readonly target?: string }
  | { readonly found: 'pattern'; readonly folder: TreeNode; readonly pattern: string }
  | { readonly found: 'nothing'; readonly because: string }
  /** The tree could not be read; the fault has been reported. */
  | { readonly found: 'fault' };

export type Listened =
  | { readonly listening: true; readonly port: number }
  | { readonly listening: false; readonly because: string };

export type TransferEnd =
  | { readonly ended: 'sent' }
  /** Nothing has been sent, and nothing said of it: the file is not there any more, or cannot be read. */
  | { readonly ended: 'not opened'; readonly because: string }
  | { readonly ended: 'not connected'; readonly because: string }
  /** The client went away, or stopped taking anything. */
  | { readonly ended: 'broken'; readonly because: string }
  | { readonly ended: 'stopped' }
  | { readonly ended: 'fault'; readonly because: string };

export type SessionAction =
  | { readonly do: 'reply'; readonly reply: Reply }
  /** A refusal that somebody should hear of. */
  | { readonly do: 'tell'; readonly command: Command; readonly reply: Reply; readonly because: string }
  /** Answered with `onFound`. */
  | { readonly do: 'look up'; readonly wish: LookUp }
  /** Its first page, for STAT, which sends it over the control connection. Answered with `onListingRead`. */
  | { readonly do: 'read listing'; readonly listing: Listing }
  /** Opens a port for the client to connect to, instead of the one there was. Answered with `onListening`. */
  | { readonly do: 'listen' }
  /** Closes the port, or the connection that came to it. */
  | { readonly do: 'drop data' }
  /** Answered with `onTransferBegins` once the file is open, and with `onTransferEnd` in any case. */
  | { readonly do: 'transfer'; readonly transfer: Transfer }
  /** `onTransferEnd` follows. */
  | { readonly do: 'stop transfer' }
  /** When what was replied has been sent. */
  | { readonly do: 'close' };

/** What does not change in a session. */
export interface SessionFacts {
  readonly client: IpAddress;
  readonly localAddress: IpAddress;
  /** Told in PASV instead of `localAddress`: that of a router which passes the ports on. */
  readonly passiveAddress?: Ipv4Address | undefined;
  /** PORT and EPRT, which let the server connect to the client. */
  readonly active: 'allowed' | 'refused';
  /** The sentence behind 220. */
  readonly greeting: string;
}

export interface SessionState {
  readonly login: 'none' | 'named' | 'in';
  /** The working directory: names below the root. */
  readonly folder: readonly string[];
  readonly type: 'A' | 'I';
  /** Where the next file begins (REST). */
  readonly offset: number;
  readonly facts: readonly FactName[];
  readonly way: DataWay | undefined;
  /** After EPSV ALL nothing else opens a data connection (RFC 2428 §4). */
  readonly dataCommands: 'all' | 'EPSV only';
}

/** What a command leads to. */
export interface Outcome {
  readonly actions: readonly SessionAction[];
  readonly change?: Partial<SessionState>;
}

export const FIRST_STATE: SessionState = {
  login: 'none',
  folder: [],
  type: 'A', // RFC 959 §5.1
  offset: 0,
  facts: ALL_FACTS,
  way: undefined,
  dataCommands: 'all',
};

export function say(code: FtpReplyCode, ...lines: readonly string[]): SessionAction {
  return { do: 'reply', reply: replyWith(code, ...lines) };
}

export function sayOnly(code: FtpReplyCode, ...lines: readonly string[]): Outcome {
  return { actions: [say(code, ...lines)] };
}

/** A refusal that is told to the layers above, too. `because` begins in lower case and has no full stop. */
export function refuse(command: Command, code: FtpReplyCode, because: string): Outcome {
  const reply = replyWith(code, sentence(because));
  return {
    actions: [
      { do: 'reply', reply },
      { do: 'tell', command, reply, because },
    ],
  };
}

export function sentence(because: string): string {
  return because.charAt(0).toUpperCase() + because.slice(1);
}
