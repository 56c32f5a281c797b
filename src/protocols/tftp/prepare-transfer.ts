import type { IpAddress } from '../../lib/addresses.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import { type ClientTraits, limitsFor } from './quirks.ts';
import { negotiate, type OptionLimits, type TransferMode } from './options.ts';
import { PacketBuffer } from './packet-buffer.ts';
import { encodePacket, type TftpRequest } from './packet.ts';
import { ReadTransfer } from './read-transfer.ts';
import { RunningTransfer } from './running-transfer.ts';
import type { TftpClient, TftpFaultReport, TransferReport } from './server-options.ts';
import { makeAlarm, monotonicMs } from './socket.ts';
import type { TransferTimes } from './transfer-action.ts';
import type { TransferPort } from './transfer.ts';

export interface PrepareTransferOptions {
  readonly request: TftpRequest;
  readonly mode: TransferMode;
  readonly client: TftpClient;
  readonly localAddress: IpAddress;
  readonly source: ByteSource;
  readonly traits: ClientTraits;
  readonly limits: OptionLimits;
  readonly times: TransferTimes;
  /** Opens the port this transfer is served from, and says where its packets go. */
  readonly openPort: (onDatagram: (datagram: Uint8Array) => void) => Promise<TransferPort>;
  readonly onEnd: (report: TransferReport) => void;
  readonly report: TftpFaultReport;
}

/** From a request and its bytes to a transfer. The caller calls `start`. */
export async function prepareTransfer(options: PrepareTransferOptions): Promise<RunningTransfer> {
  const { request, mode, client, localAddress, source, report } = options;
  const startedMs = monotonicMs();
  const asking = { ...options.traits, options: request.options };
  const { limits, firmware } = limitsFor(asking, options.limits);
  const { answered, shape } = negotiate(request.options, { mode, totalBytes: source.size }, limits);
  const packets = new PacketBuffer(source, shape);
  const port = await options.openPort((datagram) => transfer.onDatagram(datagram));
  const transfer = new RunningTransfer({
    engine: new ReadTransfer(
      { ...shape, totalBytes: source.size, begins: answered.length > 0 ? 'OACK' : 'data' },
      startedMs,
      options.times,
    ),
    packets,
    oack: answered.length > 0 ? encodePacket({ op: 'OACK', options: answered }) : undefined,
    send: (packet) => port.send(packet),
    nowMs: monotonicMs,
    makeAlarm,
    report,
    ended: ({ because, ...end }) => {
      port.close().catch((error: unknown) => report('failed', error));
      packets.close().catch((error: unknown) => report('failed', error));
      const unsent = end.outcome === 'failed' ? port.lastSendError : undefined;
      const reason = unsent ? `${because} (${unsent.message})` : because;
      const { blockBytes, windowBlocks } = shape;
      const asked = { name: request.fileName, mode, client, localAddress, options: answered };
      const milliseconds = Math.round(monotonicMs() - startedMs);
      const told = reason === undefined ? {} : { because: reason };
      options.onEnd({ ...asked, firmware, blockBytes, windowBlocks, ...end, ...told, milliseconds });
    },
  });
  return transfer;
}
