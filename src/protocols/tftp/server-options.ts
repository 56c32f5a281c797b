import type { IpAddress } from '../../lib/addresses.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import type { TftpLimits } from './admission.ts';
import type { TransferMode } from './options.ts';
import type { ClientTraits } from './quirks.ts';
import type { TftpErrorCode, TftpOption } from './packet.ts';
import type { UploadEnd, UploadSink } from './running-upload.ts';
import type { TransferTimes } from './transfer-action.ts';
import type { WriteTimes } from './write-transfer.ts';

/** What a TFTP server needs from its user, and what it tells. */

export interface TftpClient {
  readonly address: IpAddress;
  readonly port: number;
}

/** A request for a file. `name` stands here as it was sent: see `safeFileName` before using it as a path. */
export interface OpenRequest {
  readonly name: string;
  readonly mode: TransferMode;
  readonly client: TftpClient;
  readonly localAddress: IpAddress;
}

export type OpenedFile =
  /** The server closes the source, however the transfer ends. */
  | {
      readonly open: true;
      readonly source: ByteSource;
      /** The same name means the same file to everyone for the next second. Unless told, it is this client's alone. */
      readonly holdsFor?: 'everyone' | 'asker';
      readonly traits?: ClientTraits;
    }
  /** `message` goes to the client. */
  | { readonly open: false; readonly code: TftpErrorCode; readonly message: string };

/** A request that led to no transfer. */
export interface RefusedRequest {
  readonly op: 'RRQ' | 'WRQ';
  /** As the client sent it. */
  readonly name: string;
  readonly mode: string;
  readonly client: TftpClient;
  readonly localAddress: IpAddress;
  /** The error that was answered; undefined when nothing was. */
  readonly code: TftpErrorCode | undefined;
  readonly because: string;
}

/** How a transfer went, told once at its end. */
export interface TransferReport {
  /** As the client sent it. */
  readonly name: string;
  readonly mode: TransferMode;
  readonly client: TftpClient;
  readonly localAddress: IpAddress;
  /** `probe`: the client only wanted the size, or the beginning of the file. */
  readonly outcome: 'sent' | 'probe' | 'failed';
  /** Always there for `probe` and `failed`; for `sent` when the client did not acknowledge the end. */
  readonly because?: string | undefined;
  /** Bytes that the client has acknowledged (in netascii: of the converted text). */
  readonly bytes: number;
  readonly milliseconds: number;
  /** Packets that were sent more than once. */
  readonly retransmissions: number;
  /** As granted in the OACK. */
  readonly options: readonly TftpOption[];
  /** What both sides agreed on: 512 and 1 where no options were granted. */
  readonly blockBytes: number;
  readonly windowBlocks: number;
  /** The firmware whose row in the quirk table was applied. */
  readonly firmware: readonly string[];
}

/** `dropped`: a packet that means nothing here. `failed`: a fault of ours or of the system. */
export type TftpFaultReport = (what: 'dropped' | 'failed', error: unknown) => void;

/** A request to write a file. `name` stands here as it was sent. */
export interface OpenUploadRequest extends OpenRequest {
  /** The size of the file, where the client told it (`tsize`) and the mode keeps it. */
  readonly announcedBytes?: number;
}

export type OpenedUpload =
  /** The server ends with `finish` or `abandon`. */
  | { readonly open: true; readonly sink: UploadSink }
  /** `message` goes to the client. */
  | { readonly open: false; readonly code: TftpErrorCode; readonly message: string };

/** How an upload went, told once: when the file is in its place, or when it failed. */
export interface UploadReport extends UploadEnd {
  readonly name: string;
  readonly mode: TransferMode;
  readonly client: TftpClient;
  readonly localAddress: IpAddress;
  readonly milliseconds: number;
  readonly options: readonly TftpOption[];
  readonly blockBytes: number;
  readonly windowBlocks: number;
}

/** Where uploads go. */
export interface Uploads {
  readonly open: (request: OpenUploadRequest) => Promise<OpenedUpload>;
  readonly onEnd: (report: UploadReport) => void;
  readonly times?: WriteTimes;
}

/**
 * `each`: every transfer has a port of its own (RFC 1350 §4). `same`: all answers come from the port that was asked,
 * for firewalls, NAT and containers that know no TFTP; transfers are told apart by the client's address and port.
 */
export type DataPort = 'each' | 'same';

/** What the desk for requests needs, whoever owns the port they come to. */
export interface RequestDeskOptions {
  /** One desk for each local address, so that every reply comes from the address that was asked. */
  readonly address: IpAddress;
  /** Of an IPv6 address: the interface it is on. */
  readonly interfaceName?: string | undefined;
  /** Largest IP packet on the way to the clients, in bytes; 1500 unless told. */
  readonly mtu?: number;
  readonly open: (request: OpenRequest) => Promise<OpenedFile>;
  readonly onEnd: (report: TransferReport) => void;
  readonly onRefused: (refused: RefusedRequest) => void;
  readonly report: TftpFaultReport;
  readonly limits?: Partial<TftpLimits>;
  readonly times?: Partial<TransferTimes>;
  /** Without it every write request is refused. */
  readonly uploads?: Uploads;
  /** `each` unless told. */
  readonly dataPort?: DataPort;
  /** Sends from the port that requests come to. */
  readonly answer: (datagram: Uint8Array, to: TftpClient) => void;
}

export interface TftpServerOptions extends Omit<RequestDeskOptions, 'answer'> {
  /** 0 lets the system choose, and `TftpServer.port` tells. */
  readonly port: number;
}

export interface TftpServer {
  readonly address: IpAddress;
  readonly port: number;
  /** Requests being served now. */
  readonly transfers: number;
  /** Requests that were not answered, since too many came at once. */
  readonly overRate: number;
  /** Takes no new request, waits for those under way up to `drainMs`, then ends them and gives the port back. */
  close(options: { readonly drainMs: number }): Promise<void>;
}
