import type { AgreedShape } from './options.ts';
import type { TftpErrorCode } from './packet.ts';

/** The words between a transfer's engine and whoever carries out what it says. */

export type TransferAction =
  /** Send blocks `from` to `from + count - 1`, then call `sent`; `last` says that the file's last block is among them. */
  | { readonly do: 'send'; readonly from: number; readonly count: number; readonly last: boolean }
  /** Send the OACK, then call `sent`. */
  | { readonly do: 'send OACK' }
  | { readonly do: 'wait' }
  /** `because` stands there when it did not end by the acknowledgement of the last block. */
  | { readonly do: 'finish'; readonly outcome: 'sent' | 'probe'; readonly because?: string }
  /** `error`, when there is one, is for the client. */
  | { readonly do: 'abort'; readonly because: string; readonly error?: TransferError };

export interface TransferError {
  readonly code: TftpErrorCode;
  readonly message: string;
}

export interface TransferShape extends AgreedShape {
  readonly totalBytes: number;
  /** What the client gets first: the OACK if an option was granted, else the data. */
  readonly begins: 'OACK' | 'data';
}

export interface TransferTimes {
  /** Before the first repetition, while nothing was measured and nothing is known of the client. */
  readonly firstTimeoutMs: number;
  /** The same at least when an earlier transfer of the client was measured: its first answer may take longer. */
  readonly shortestFirstTimeoutMs: number;
  /** And an answer may always be late by this much (the G of RFC 6298 §2.3): clients have other things to do. */
  readonly shortestTimeoutMs: number;
  readonly longestTimeoutMs: number;
  /** How long the same position is sent again and again before the client counts as gone. */
  readonly patienceMs: number;
  /** The same for the end of the file: some clients take the last block and never acknowledge it. */
  readonly lastPatienceMs: number;
  /** Without any packet from the client the transfer ends, whatever its timeouts are. */
  readonly idleMs: number;
  /** A repeated ACK inside a window is acted upon no earlier than this after the window was sent. */
  readonly rollBackMs: number;
  /** A request that is repeated while packets came more recently than this is a late copy. */
  readonly lateCopyMs: number;
}

export const TRANSFER_TIMES: TransferTimes = {
  firstTimeoutMs: 400,
  shortestFirstTimeoutMs: 200,
  shortestTimeoutMs: 30,
  longestTimeoutMs: 8000,
  patienceMs: 31_000,
  lastPatienceMs: 15_000,
  idleMs: 120_000,
  rollBackMs: 20,
  lateCopyMs: 1000,
};
