import type { IpAddress } from '../../lib/addresses.ts';
import type { ConnectionLimits } from './connection.ts';
import type { NfsEngineOptions, NfsPortNumbers } from './engine.ts';
import type { NfsPlane } from './plane.ts';

/** What an NFS server needs from its user, and what it tells. */

export interface NfsLimits extends ConnectionLimits {
  readonly connections: number;
  /** Machines behind one router look like one client. */
  readonly connectionsPerAddress: number;
  /** Bytes of the replies of all connections, as `replyBytes` is of one. */
  readonly replyBytesInAll: number;
  /** A connection without a call is ended after this; clients connect again by themselves. Linux ends its own after 5 min. */
  readonly idleMs: number;
  /** A client that takes nothing of its replies is gone after this. */
  readonly stalledMs: number;
  /** While others wait for memory, it is gone after this already. */
  readonly stalledWhileWantedMs: number;
  /** Calls over UDP that are being answered; more are dropped, and asked again by the client. */
  readonly datagramsAtOnce: number;
}

export interface NfsServerOptions extends Omit<NfsEngineOptions, 'called'> {
  readonly address: IpAddress;
  /** Of an IPv6 address: the interface it is on, since link-local ones hold on their own link only. */
  readonly interfaceName?: string | undefined;
  readonly ports?: NfsPorts;
  readonly limits?: Partial<NfsLimits>;
  /** What serves TCP on the port of NFS; without it the main thread does, which is slower. */
  readonly plane?: NfsPlane | undefined;
}

export interface NfsPorts {
  /** 2049 unless told; 0 lets the system choose. */
  readonly nfs?: number;
  /** Unless told MOUNT is on the port of NFS, and a firewall has to know one port only. */
  readonly mount?: number;
  /** 111 is what clients ask; without it there is no port mapper, and clients must be told both ports. */
  readonly portmap?: number;
}

export interface NfsServer {
  readonly address: IpAddress;
  readonly ports: NfsPortNumbers;
  readonly connections: number;
  /** Calls since the start, by the names of RFC 1813: `NFSPROC3_READ`. */
  readonly calls: ReadonlyMap<string, number>;
  /** Datagrams that were dropped because too many were being answered, and connections that were refused. */
  readonly overloaded: number;
  /** Takes no new connection or datagram, waits for answers under way up to `drainMs`, then ends them all. */
  close(options: { readonly drainMs: number }): Promise<void>;
}
