import type { IpAddress, Ipv4Address } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import type { FileTree } from '../../lib/file-tree.ts';
import type { FtpPlane } from './plane.ts';
import type { PortRange } from './port-range.ts';

/** What an FTP server needs from its user, and what it tells. */

export interface FtpClient {
  readonly address: IpAddress;
  /** Of its control connection. */
  readonly port: number;
}

export interface FtpLimits {
  /** Control connections at the same time; each may have one transfer. */
  readonly connections: number;
  /** And of one client address: download programs open several, and a rack behind a router is one address. */
  readonly connectionsPerClient: number;
  /** Without a command, and with nothing being sent (RFC 1123 §4.1.3.2 wants five minutes at least). */
  readonly idleMs: number;
  /** From RETR or LIST until there is a data connection. */
  readonly dataWaitMs: number;
  /** Without a byte being taken by the client, while something is sent. */
  readonly stalledMs: number;
  /** For the tree to answer, and for a piece of a file to be read. */
  readonly readMs: number;
  /** For the client to close a connection that is at its end. */
  readonly lingerMs: number;
}

export const DEFAULT_FTP_LIMITS: FtpLimits = {
  connections: 1024,
  connectionsPerClient: 128,
  idleMs: 300_000,
  dataWaitMs: 30_000,
  stalledMs: 120_000,
  readMs: 30_000,
  lingerMs: 10_000,
};

/** Where clients connect to for data. */
export interface PassivePorts {
  /** The system chooses unless told. */
  readonly range?: PortRange;
  /** Told in PASV instead of the address that the client came to: that of a router that passes the ports on. */
  readonly address?: Ipv4Address;
}

/** How a transfer went, told once at its end. */
export interface FtpTransferReport {
  readonly kind: 'file' | 'listing';
  /** From the root, as it was asked for; no link has been followed in it. */
  readonly path: string;
  readonly client: FtpClient;
  readonly localAddress: IpAddress;
  readonly outcome: 'sent' | 'failed';
  /** Always there for `failed`. */
  readonly because?: string;
  /** Handed to the system. */
  readonly bytes: number;
  /** Where in the file it began. */
  readonly offset: number;
  readonly milliseconds: number;
}

/** A command that was refused, or a connection. */
export interface FtpRefusal {
  readonly client: FtpClient;
  readonly localAddress: IpAddress;
  /** Undefined for a connection. */
  readonly verb?: string;
  /** As the client sent it; never a password. */
  readonly argument?: string;
  /** Undefined when nothing was answered. */
  readonly code?: number;
  readonly because: string;
}

export interface FtpServerOptions {
  readonly address: IpAddress;
  /** Of an IPv6 address: the interface it is on, since link-local ones hold on their own link only. */
  readonly interfaceName?: string | undefined;
  /** 0 lets the system choose, and `FtpServer.port` tells. */
  readonly port: number;
  readonly tree: FileTree;
  /** What one client is shown in place of `tree`, asked once for each connection. */
  readonly treeFor?: ((client: FtpClient, localAddress: IpAddress) => FileTree) | undefined;
  /** For the times in listings. */
  readonly clock: Clock;
  readonly onEnd: (report: FtpTransferReport) => void;
  readonly onRefused: (refusal: FtpRefusal) => void;
  /** `dropped`: a connection that means nothing here. `failed`: a fault of ours or of the system. */
  readonly report: (what: 'dropped' | 'failed', error: unknown) => void;
  readonly limits?: Partial<FtpLimits>;
  readonly passive?: PassivePorts;
  /** Whether the server connects to clients that ask for it (PORT, EPRT); `allowed` unless told. */
  readonly active?: 'allowed' | 'refused';
  /** Its threads send files as they are; without it, and for all else, the main thread does. */
  readonly plane?: FtpPlane | undefined;
  /** The sentence that greets a client. */
  readonly greeting?: string;
}

export interface FtpServer {
  readonly address: IpAddress;
  readonly port: number;
  /** Control connections. */
  readonly connections: number;
  readonly transfers: number;
  /** Takes no new connection, waits for what is being sent up to `drainMs`, then ends all. */
  close(options: { readonly drainMs: number }): Promise<void>;
}
