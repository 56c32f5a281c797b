import type { Ipv4Address } from '../../lib/addresses.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { negotiate, type OptionLimits, type TransferMode } from './options.ts';
import { PacketBuffer } from './packet-buffer.ts';
import { decodePacket, encodePacket, ErrorCode, type TftpRequest } from './packet.ts';
import { ReadTransfer } from './read-transfer.ts';
import { RunningTransfer } from './running-transfer.ts';
import type { TftpClient, TftpFaultReport, TransferReport } from './server-options.ts';
import { makeAlarm, monotonicMs, openUdpSocket, type UdpSocket } from './socket.ts';
import type { TransferTimes } from './transfer-action.ts';

export interface PrepareTransferOptions {
  readonly request: TftpRequest;
  readonly mode: TransferMode;
  readonly client: TftpClient;
  readonly localAddress: Ipv4Address;
  readonly source: ByteSource;
  readonly limits: OptionLimits;
  readonly times: TransferTimes;
  readonly onEnd: (report: TransferReport) => void;
  readonly report: TftpFaultReport;
}

/** Packets from a foreign port that one transfer answers; more are dropped, so that it cannot be used as a mirror. */
const STRANGERS_ANSWERED = 16;

/** Gives one request its own port on the asked address (its TID, RFC 1350 §4). The caller calls `start`. */
export async function prepareTransfer(options: PrepareTransferOptions): Promise<RunningTransfer> {
  const { request, mode, client, localAddress, source, report } = options;
  const startedMs = monotonicMs();
  const { answered, shape } = negotiate(request.options, { mode, totalBytes: source.size }, options.limits);
  const packets = new PacketBuffer(source, shape);
  let lastSendError: Error | undefined;
  const socket: UdpSocket = await openUdpSocket({
    address: localAddress,
    port: 0,
    onDatagram: (datagram, from) =>
      from.port === client.port && from.address === client.address
        ? transfer.onDatagram(datagram)
        : answerStranger(datagram, from),
    // A packet that could not be sent counts as lost; if they all are, the reason is told at the end.
    onError: (error) => {
      lastSendError = error;
    },
  });
  const answerStranger = strangerAnswers((datagram, from) => socket.send(datagram, from), report);
  const transfer = new RunningTransfer({
    engine: new ReadTransfer(
      { ...shape, totalBytes: source.size, begins: answered.length > 0 ? 'OACK' : 'data' },
      startedMs,
      options.times,
    ),
    packets,
    oack: answered.length > 0 ? encodePacket({ op: 'OACK', options: answered }) : undefined,
    send: (packet) => socket.send(packet, client),
    nowMs: monotonicMs,
    makeAlarm,
    report,
    ended: ({ because, ...end }) => {
      socket.close().catch((error: unknown) => report('failed', error));
      packets.close().catch((error: unknown) => report('failed', error));
      const reason =
        end.outcome === 'failed' && lastSendError ? `${because} (${lastSendError.message})` : because;
      const milliseconds = Math.round(monotonicMs() - startedMs);
      const asked = { name: request.fileName, mode, client, localAddress, options: answered };
      options.onEnd({ ...asked, ...end, ...(reason === undefined ? {} : { because: reason }), milliseconds });
    },
  });
  return transfer;
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
