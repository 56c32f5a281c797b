import type { IpAddress } from '../../lib/addresses.ts';
import type { SentExtents } from '../../os/extent-sender.ts';

/**
 * What the main thread and a thread of the FTP plane tell each other. A link is one data connection, from the port that was
 * opened for it, or the first packet to the client, to its end.
 */

export type LinkOrder =
  /** The client comes to this port, which is the thread's from then on. */
  | { readonly do: 'await'; readonly link: number; readonly listenerFd: number; readonly client: IpAddress }
  /** `reach`: the client is connected to first; left out, it comes or has come to the port. */
  | { readonly do: 'send'; readonly link: number; readonly file: SentFile; readonly reach?: LinkTarget }
  /** The connection is wanted by the main thread, once it is there. */
  | { readonly do: 'hand over'; readonly link: number }
  /** What is sent waits no longer for its connection than this, from now on. */
  | { readonly do: 'wait'; readonly link: number; readonly waitMs: number }
  /** What is being sent is broken off. */
  | { readonly do: 'stop'; readonly link: number }
  /** Closes it, and sends nothing any more. */
  | { readonly do: 'drop'; readonly link: number };

export type PlaneOrder =
  /** In their order: all of one moment. */
  { readonly do: 'all'; readonly orders: readonly LinkOrder[] } | { readonly do: 'stop thread' };

export interface LinkTarget {
  readonly address: IpAddress;
  readonly port: number;
  readonly from: IpAddress;
  /** Of link-local addresses: the interface they are on. */
  readonly interfaceIndex: number | undefined;
}

/** A file, which is open until the end of it was told. */
export interface SentFile extends SentExtents {
  /** Of all the bytes there. */
  readonly first: number;
  readonly length: number;
  readonly times: LinkTimes;
}

export interface LinkTimes {
  /** For the connection to be there. */
  readonly waitMs: number;
  /** Without a byte taken by the client. */
  readonly stalledMs: number;
  /** For the client to close it after the end. */
  readonly lingerMs: number;
}

/** How sending came to its end. */
export type LinkEnd =
  | { readonly ended: 'sent' }
  | { readonly ended: 'not connected'; readonly why: 'nobody came' | 'given up' | { readonly errno: number } }
  | { readonly ended: 'stalled' }
  | { readonly ended: 'broken'; readonly errno: number }
  /** The file has no more bytes, although it had. */
  | { readonly ended: 'too short'; readonly at: number }
  | { readonly ended: 'stopped' }
  | { readonly ended: 'thread died' };

/** All that happened since the last one. */
export interface PlaneTidings {
  readonly ended: readonly { readonly link: number; readonly end: LinkEnd; readonly bytes: number }[];
  /** A connection that is the main thread's from now on. */
  readonly handedOver: readonly { readonly link: number; readonly fd: number }[];
  /** Somebody else came to a port; told once for each. */
  readonly foreign: readonly { readonly link: number; readonly address: IpAddress | undefined }[];
  /** Of what is being sent. */
  readonly progress: readonly { readonly link: number; readonly bytes: number }[];
  readonly failed: readonly string[];
}

export function noTidings(): { readonly [Name in keyof PlaneTidings]: [] } {
  return { ended: [], handedOver: [], foreign: [], progress: [], failed: [] };
}
