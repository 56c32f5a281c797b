import { getSystemErrorMap } from 'node:util';
import type { PeerName } from '../../os/datagram-batch.ts';
import type { ClientPath } from './client-paths.ts';
import { negotiate } from './options.ts';
import { encodePacket, type TftpRequest } from './packet.ts';
import type { PlaneFile } from './plane-files.ts';
import { type ClientTraits, limitsFor } from './quirks.ts';
import { type PlaneDoor, PlaneTransfer } from './plane-transfers.ts';
import { ReadTransfer } from './read-transfer.ts';
import type { TftpClient, TransferReport } from './server-options.ts';

export interface AskedFile {
  readonly door: PlaneDoor;
  readonly peer: PeerName;
  readonly client: TftpClient;
  readonly request: TftpRequest;
  readonly datagram: Uint8Array;
  readonly uncount: () => void;
}

/** A transfer that can start. The caller holds the file for it. */
export function makePlaneTransfer(
  asked: AskedFile,
  file: PlaneFile,
  { path, traits }: { readonly path: ClientPath; readonly traits: ClientTraits },
  nowMs: number,
): PlaneTransfer {
  const { door, request } = asked;
  const { limits, mtu, times } = door;
  const lowered = limitsFor({ ...traits, options: request.options }, { ...limits, mtu });
  const maxWindowBlocks = Math.min(lowered.limits.maxWindowBlocks, path.mostWindowBlocks ?? Infinity);
  const { answered, shape } = negotiate(
    request.options,
    { mode: 'octet', totalBytes: file.bytes },
    { ...lowered.limits, maxWindowBlocks },
  );
  const begins = answered.length > 0 ? 'OACK' : 'data';
  const engine = new ReadTransfer(
    { ...shape, totalBytes: file.bytes, begins },
    nowMs,
    times,
    path.roundTripMs,
  );
  return new PlaneTransfer({
    door,
    peer: asked.peer,
    client: asked.client,
    name: request.fileName,
    asked: asked.datagram,
    file,
    engine,
    shape,
    options: answered,
    firmware: lowered.firmware,
    oack: begins === 'OACK' ? encodePacket({ op: 'OACK', options: answered }) : undefined,
    startedMs: nowMs,
    uncount: asked.uncount,
  });
}

export function reportOf(
  transfer: PlaneTransfer,
  outcome: TransferReport['outcome'],
  because: string | undefined,
  nowMs: number,
): TransferReport {
  const { name, client, door, engine, shape, options, firmware, startedMs } = transfer.begun;
  return {
    name,
    mode: 'octet',
    client,
    localAddress: door.address,
    outcome,
    ...(because === undefined ? {} : { because }),
    bytes: engine.acknowledgedBytes,
    milliseconds: Math.round(nowMs - startedMs),
    retransmissions: engine.retransmissions,
    options,
    firmware,
    blockBytes: shape.blockBytes,
    windowBlocks: shape.windowBlocks,
  };
}

/** Behind the reason why a transfer failed, when its packets could not be sent. */
export function sendErrorOf({ lastErrno }: PlaneTransfer): string {
  if (lastErrno === 0) return '';
  const [code] = getSystemErrorMap().get(-lastErrno) ?? [`error ${lastErrno}`];
  return ` (${code})`;
}
