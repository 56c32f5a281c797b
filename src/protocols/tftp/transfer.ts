import type { TransferError } from './transfer-action.ts';

/** A transfer under way, whichever way its bytes go. */
export interface Transfer {
  start(): void;
  /** A datagram from this transfer's client. */
  onDatagram(datagram: Uint8Array): void;
  /** The same request came once more. After `over` it is to be served as a new one. */
  onRequestAgain(): 'answered' | 'over';
  /** The client uses its port for something else now. */
  replaced(): void;
  /** Ends it as failed, for a reason from outside. */
  stop(because: string, error?: TransferError): void;
}

/** Where the packets of one transfer leave from. */
export interface TransferPort {
  /** The packet may be lost, here as on the wire. */
  send(packet: Uint8Array): void;
  close(): Promise<void>;
  /** Why a packet could not be sent, when that happened. */
  readonly lastSendError: Error | undefined;
}
