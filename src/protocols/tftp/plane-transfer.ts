import { getSystemErrorMap } from 'node:util';
import { agreeOn, type KnownClient } from './plane-agreement.ts';
import type { PlaneFile } from './plane-files.ts';
import { type Asked, PlaneTransfer } from './plane-transfers.ts';
import { ReadTransfer } from './read-transfer.ts';

/** A transfer that can start. The caller holds the file for it. */
export function makePlaneTransfer(
  { door, peer, known }: Asked,
  file: PlaneFile,
  client: KnownClient,
  nowMs: number,
): PlaneTransfer {
  const agreement = agreeOn(known, door, file.bytes, client);
  const engine = new ReadTransfer(agreement.shape, nowMs, door.times, client.path.roundTripMs);
  return new PlaneTransfer({ door, peer, known, file, engine, agreement, startedMs: nowMs });
}

/** Behind the reason why a transfer failed, when its packets could not be sent. */
export function sendErrorOf({ lastErrno }: PlaneTransfer): string {
  if (lastErrno === 0) return '';
  const [code] = getSystemErrorMap().get(-lastErrno) ?? [`error ${lastErrno}`];
  return ` (${code})`;
}
