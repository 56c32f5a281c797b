import { DEFAULT_OPTION_LIMITS, type OptionLimits, type TransferMode } from './options.ts';
import type { RateLimits } from './rate-limit.ts';
import { ErrorCode, type TftpErrorCode, type TftpRequest } from './packet.ts';

/** Which requests are taken up at all, before anybody looks for the file. */

export interface TftpLimits extends Omit<OptionLimits, 'mtu'>, RateLimits {
  /** Transfers at the same time. */
  readonly transfers: number;
  /** And of one client address. */
  readonly transfersPerClient: number;
  readonly fileNameBytes: number;
  /** A file in netascii is converted in memory as a whole, so it may have this size ... */
  readonly netasciiBytes: number;
  /** ... and this many of them may be under way. */
  readonly netasciiTransfers: number;
  /** Uploads at the same time, where they are on; 0 refuses them. */
  readonly uploads: number;
  /** How long the search for a file may take before the client is told that it failed. */
  readonly openMs: number;
}

export const DEFAULT_TFTP_LIMITS: TftpLimits = {
  maxBlockBytes: DEFAULT_OPTION_LIMITS.maxBlockBytes,
  maxWindowBlocks: DEFAULT_OPTION_LIMITS.maxWindowBlocks,
  maxWindowBytes: DEFAULT_OPTION_LIMITS.maxWindowBytes,
  transfers: 1000,
  transfersPerClient: 32,
  fileNameBytes: 508,
  netasciiBytes: 1024 * 1024,
  netasciiTransfers: 32,
  uploads: 16,
  openMs: 30_000,
  requestsPerSecond: 1000,
  requestsPerSecondInAll: Infinity,
  pauseMs: 1000,
};

/** What is under way when a request arrives. */
export interface TftpLoad {
  readonly transfers: number;
  readonly transfersOfClient: number;
  readonly netasciiTransfers: number;
  readonly uploads: number;
  readonly closing: boolean;
}

/** Why a write request is refused where nobody switched uploads on. */
export const UPLOADS_OFF = 'uploads are switched off on this server';

export type Admission =
  | { readonly admit: true; readonly mode: TransferMode }
  /** Without `code` nothing is answered: the client asks again by itself, and an ERROR would end its boot. */
  | { readonly admit: false; readonly code: TftpErrorCode | undefined; readonly because: string };

export function decideAdmission(request: TftpRequest, load: TftpLoad, limits: TftpLimits): Admission {
  const mode = request.mode.toLowerCase();
  if (request.op === 'WRQ' && limits.uploads === 0) return refuse(ErrorCode.accessViolation, UPLOADS_OFF);
  if (mode === 'mail')
    return refuse(ErrorCode.illegalOperation, 'mail is not delivered here (RFC 1350 made it obsolete)');
  if (mode !== 'octet' && mode !== 'netascii') {
    return refuse(ErrorCode.illegalOperation, 'the mode must be octet or netascii');
  }
  if (Buffer.byteLength(request.fileName) > limits.fileNameBytes) {
    return refuse(ErrorCode.fileNotFound, `the file name has more than ${limits.fileNameBytes} bytes`);
  }
  if (load.closing) return ignore('the server is stopping');
  if (load.transfers >= limits.transfers)
    return ignore(`${limits.transfers} transfers are under way, the most allowed`);
  if (load.transfersOfClient >= limits.transfersPerClient) {
    return ignore(`the client has ${limits.transfersPerClient} transfers under way, the most allowed`);
  }
  if (request.op === 'WRQ' && load.uploads >= limits.uploads) {
    return ignore(`${limits.uploads} uploads are under way, the most allowed`);
  }
  if (mode === 'netascii' && load.netasciiTransfers >= limits.netasciiTransfers) {
    return ignore(`${limits.netasciiTransfers} transfers in netascii are under way, the most allowed`);
  }
  return { admit: true, mode };
}

function refuse(code: TftpErrorCode, because: string): Admission {
  return { admit: false, code, because };
}

function ignore(because: string): Admission {
  return { admit: false, code: undefined, because };
}

/** Counts what is under way, so that a flood of requests costs no search. */
export class LoadCount<Client = string> {
  readonly #ofClient = new Map<Client, number>();
  readonly #ofMode = { octet: 0, netascii: 0 };
  #uploads = 0;

  /** @returns takes it out again; calling that twice does nothing more. */
  add(client: Client, mode: TransferMode, op: 'RRQ' | 'WRQ' = 'RRQ'): () => void {
    this.change(client, mode, op, 1);
    let counted = true;
    return () => {
      if (counted) this.change(client, mode, op, -1);
      counted = false;
    };
  }

  change(client: Client, mode: TransferMode, op: 'RRQ' | 'WRQ', by: 1 | -1): void {
    this.#ofMode[mode] += by;
    if (op === 'WRQ') this.#uploads += by;
    const count = (this.#ofClient.get(client) ?? 0) + by;
    if (count === 0) this.#ofClient.delete(client);
    else this.#ofClient.set(client, count);
  }

  get transfers(): number {
    return this.#ofMode.octet + this.#ofMode.netascii;
  }

  /** As a request of this client finds it. */
  seenBy(client: Client, closing: boolean): TftpLoad {
    const transfersOfClient = this.#ofClient.get(client) ?? 0;
    const netasciiTransfers = this.#ofMode.netascii;
    return {
      transfers: this.transfers,
      transfersOfClient,
      netasciiTransfers,
      uploads: this.#uploads,
      closing,
    };
  }
}
