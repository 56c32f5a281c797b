import type { AdmittedRequest, BeginTransferNeeds, Begun } from './begin-transfer.ts';
import { NetasciiDecoder } from './netascii.ts';
import { DEFAULT_OPTION_LIMITS, type Negotiation, negotiate } from './options.ts';
import { encodePacket, ErrorCode } from './packet.ts';
import { RunningUpload, type UploadEnd, type UploadSink } from './running-upload.ts';
import type { Uploads } from './server-options.ts';
import { makeAlarm, monotonicMs, withinMs } from './socket.ts';
import type { TransferPort } from './transfer.ts';
import { WriteTransfer } from './write-transfer.ts';

export interface BeginUploadNeeds {
  readonly needs: BeginTransferNeeds;
  readonly uploads: Uploads;
  readonly openPort: (onDatagram: (datagram: Uint8Array) => void) => Promise<TransferPort>;
  /** Nothing is left of it. Called once, and only for an upload that began. */
  readonly over: () => void;
}

/** From a write request that was admitted to a transfer that can start. Rejects for a fault of ours or of the system. */
export async function beginUpload(admitted: AdmittedRequest, options: BeginUploadNeeds): Promise<Begun> {
  const { request, mode, client } = admitted;
  const { needs, uploads } = options;
  const { address: localAddress, mtu = DEFAULT_OPTION_LIMITS.mtu, allLimits, report } = needs;
  const agreed = negotiate(request.options, { mode, totalBytes: 'as told' }, { ...allLimits, mtu });
  const announced = mode === 'octet' ? announcedBytes(agreed) : undefined;
  const asked = { name: request.fileName, mode, client, localAddress };
  const opening = uploads.open({
    ...asked,
    ...(announced === undefined ? {} : { announcedBytes: announced }),
  });
  const opened = await withinMs(opening, allLimits.openMs);
  if (!opened) {
    opening
      .then((late) => (late.open ? late.sink.abandon() : undefined))
      .catch((error: unknown) => report('failed', error));
    const because = 'the file could not be opened in time';
    return { begun: false, code: ErrorCode.notDefined, because };
  }
  if (!opened.open) return { begun: false, code: opened.code, because: opened.message };
  try {
    return { begun: true, transfer: await prepareUpload(admitted, options, agreed, opened.sink) };
  } catch (error) {
    await opened.sink.abandon();
    throw error;
  }
}

async function prepareUpload(
  { request, mode, client }: AdmittedRequest,
  { needs, uploads, openPort, over }: BeginUploadNeeds,
  { answered, shape }: Negotiation,
  sink: UploadSink,
): Promise<RunningUpload> {
  const { address: localAddress, report } = needs;
  const startedMs = monotonicMs();
  const begins = answered.length > 0 ? 'OACK' : 'ACK';
  const asked = { name: request.fileName, mode, client, localAddress, options: answered };
  const { blockBytes, windowBlocks } = shape;
  const port = await openPort((datagram) => upload.onDatagram(datagram));
  const upload = new RunningUpload({
    engine: new WriteTransfer({ ...shape, begins }, uploads.times),
    sink,
    decoder: mode === 'netascii' ? new NetasciiDecoder() : undefined,
    oack: begins === 'OACK' ? encodePacket({ op: 'OACK', options: answered }) : undefined,
    send: (packet) => port.send(packet),
    nowMs: monotonicMs,
    makeAlarm,
    report,
    ended: (end: UploadEnd) => {
      const milliseconds = Math.round(monotonicMs() - startedMs);
      uploads.onEnd({ ...asked, blockBytes, windowBlocks, ...end, milliseconds });
    },
    over: () => {
      port.close().catch((error: unknown) => report('failed', error));
      over();
    },
  });
  return upload;
}

/** The size that the client told (RFC 2349); some tell 0 when they do not know it. */
function announcedBytes({ answered }: Negotiation): number | undefined {
  const told = Number(answered.find(({ name }) => name.toLowerCase() === 'tsize')?.value ?? 0);
  return told > 0 ? told : undefined;
}
