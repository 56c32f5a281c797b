import type { IpAddress } from '../../lib/addresses.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodePacket, encodePacket, ErrorCode } from './packet.ts';
import type { TftpClient, TftpFaultReport } from './server-options.ts';
import { openUdpSocket } from './socket.ts';
import type { TransferPort } from './transfer.ts';

/** Packets from a foreign port that one transfer answers; more are dropped, so that it cannot be used as a mirror. */
const STRANGERS_ANSWERED = 16;

export interface OwnPortOptions {
  readonly client: TftpClient;
  readonly localAddress: IpAddress;
  /** Of an IPv6 address: the interface it is on. */
  readonly interfaceName?: string | undefined;
  /** A datagram of the client, and of nobody else. */
  readonly onDatagram: (datagram: Uint8Array) => void;
  readonly report: TftpFaultReport;
}

/** A port for one transfer (its TID, RFC 1350 §4). Rejects as the system does when none can be had. */
export async function openOwnPort(options: OwnPortOptions): Promise<TransferPort> {
  const { client, localAddress, interfaceName, onDatagram, report } = options;
  let lastSendError: Error | undefined;
  const socket = await openUdpSocket({
    address: localAddress,
    interfaceName,
    port: 0,
    onDatagram: (datagram, from) =>
      from.port === client.port && from.address === client.address
        ? onDatagram(datagram)
        : answerStranger(datagram, from),
    // A packet that could not be sent counts as lost; if they all are, the reason is told at the end.
    onError: (error) => {
      lastSendError = error;
    },
  });
  const answerStranger = strangerAnswers((datagram, from) => socket.send(datagram, from), report);
  return {
    send: (packet) => socket.send(packet, client),
    close: () => socket.close(),
    get lastSendError() {
      return lastSendError;
    },
  };
}

/** The port that requests come to serves as the transfer's as well; packets are told apart by the client's address and port. */
export function sharedPort(send: (packet: Uint8Array) => void): TransferPort {
  return { send, close: () => Promise.resolve(), lastSendError: undefined };
}

/** A packet from another port gets ERROR 5, and the transfer goes on (RFC 1350 §4); an ERROR is never answered. */
function strangerAnswers(
  send: (datagram: Uint8Array, to: TftpClient) => void,
  report: TftpFaultReport,
): (datagram: Uint8Array, from: TftpClient) => void {
  let left = STRANGERS_ANSWERED;
  return (datagram, from) => {
    try {
      const { op } = decodePacket(datagram);
      if (op !== 'ERROR' && left > 0) {
        left -= 1;
        send(
          encodePacket({ op: 'ERROR', code: ErrorCode.unknownTransfer, message: 'Unknown transfer' }),
          from,
        );
      }
      throw new DecodeError(`${op} from ${from.address}:${from.port} is for another transfer`, 0);
    } catch (error) {
      report(error instanceof DecodeError ? 'dropped' : 'failed', error);
    }
  };
}
