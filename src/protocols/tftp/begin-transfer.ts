import type { ByteSource } from '../../lib/byte-source.ts';
import { type TftpLimits, UPLOADS_OFF } from './admission.ts';
import { beginUpload } from './begin-upload.ts';
import { netasciiSource } from './netascii.ts';
import { DEFAULT_OPTION_LIMITS, type TransferMode } from './options.ts';
import { ErrorCode, type TftpErrorCode, type TftpRequest } from './packet.ts';
import { prepareTransfer } from './prepare-transfer.ts';
import type { ClientTraits } from './quirks.ts';
import type { RequestDeskOptions, TftpClient } from './server-options.ts';
import { withinMs } from './socket.ts';
import { TRANSFER_TIMES } from './transfer-action.ts';
import { openOwnPort, sharedPort } from './transfer-port.ts';
import type { Transfer, TransferPort } from './transfer.ts';

/** From a request that was admitted to a transfer that can start, or to the reason why not. */

export interface AdmittedRequest {
  readonly request: TftpRequest;
  readonly mode: TransferMode;
  readonly client: TftpClient;
}

export interface BeginTransferNeeds extends RequestDeskOptions {
  readonly allLimits: TftpLimits;
}

export type Begun =
  | { readonly begun: true; readonly transfer: Transfer }
  | { readonly begun: false; readonly code: TftpErrorCode; readonly because: string };

/**
 * Rejects for a fault of ours or of the system.
 *
 * @param over nothing is left of the transfer; called once, and only for one that began.
 */
export function beginTransfer(
  admitted: AdmittedRequest,
  needs: BeginTransferNeeds,
  over: () => void,
): Promise<Begun> {
  const { uploads } = needs;
  if (admitted.request.op === 'RRQ') return beginRead(admitted, needs, over);
  if (!uploads) return Promise.resolve(refuse(ErrorCode.accessViolation, UPLOADS_OFF));
  const open = (onDatagram: (datagram: Uint8Array) => void) => openPort(admitted.client, needs, onDatagram);
  return beginUpload(admitted, { needs, uploads, openPort: open, over });
}

async function beginRead(
  admitted: AdmittedRequest,
  needs: BeginTransferNeeds,
  over: () => void,
): Promise<Begun> {
  const found = await openSource(admitted, needs);
  if (!found.begun) return found;
  const { request, mode, client } = admitted;
  const { address: localAddress, mtu = DEFAULT_OPTION_LIMITS.mtu, report } = needs;
  try {
    const transfer = await prepareTransfer({
      request,
      mode,
      client,
      localAddress,
      source: found.source,
      traits: found.traits,
      report,
      limits: { ...needs.allLimits, mtu },
      times: { ...TRANSFER_TIMES, ...needs.times },
      openPort: (onDatagram) => openPort(client, needs, onDatagram),
      onEnd: (end) => {
        over();
        needs.onEnd(end);
      },
    });
    return { begun: true, transfer };
  } catch (error) {
    await found.source.close();
    throw error;
  }
}

function openPort(
  client: TftpClient,
  { address: localAddress, interfaceName, dataPort, answer, report }: BeginTransferNeeds,
  onDatagram: (datagram: Uint8Array) => void,
): Promise<TransferPort> {
  if (dataPort === 'same') return Promise.resolve(sharedPort((packet) => answer(packet, client)));
  return openOwnPort({ client, localAddress, interfaceName, onDatagram, report });
}

type Found =
  | { readonly begun: true; readonly source: ByteSource; readonly traits: ClientTraits }
  | Extract<Begun, { begun: false }>;

/** The bytes to send. */
async function openSource(
  { request, mode, client }: AdmittedRequest,
  { open, address: localAddress, allLimits, report }: BeginTransferNeeds,
): Promise<Found> {
  const opening = open({ name: request.fileName, mode, client, localAddress });
  const opened = await withinMs(opening, allLimits.openMs);
  if (!opened) {
    opening
      .then((late) => (late.open ? late.source.close() : undefined))
      .catch((error: unknown) => report('failed', error));
    return refuse(ErrorCode.notDefined, 'the file could not be opened in time');
  }
  if (!opened.open) return refuse(opened.code, opened.message);
  const { source, traits = {} } = opened;
  if (mode === 'octet') return { begun: true, source, traits };
  const { netasciiBytes } = allLimits;
  if (source.size <= netasciiBytes) return { begun: true, source: await netasciiSource(source), traits };
  await source.close();
  return refuse(
    ErrorCode.notDefined,
    `the file has more than ${netasciiBytes} bytes, the most in netascii; octet has no such limit`,
  );
}

function refuse(code: TftpErrorCode, because: string): Extract<Begun, { begun: false }> {
  return { begun: false, code, because };
}
