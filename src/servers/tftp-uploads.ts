import type { IpAddress } from '../lib/addresses.ts';
import { ErrorCode, type TftpErrorCode } from '../protocols/tftp/packet.ts';
import type { SinkAnswer, UploadSink } from '../protocols/tftp/running-upload.ts';
import type { UploadReport, Uploads } from '../protocols/tftp/server-options.ts';
import type { EventLog } from '../services/event-log.ts';
import type { UploadBegun, UploadFolder, UploadKept } from '../services/images/upload-folder.ts';
import type { WhoAsks } from '../services/boot/who-asks.ts';
import { amount } from './amount.ts';
import type { Tellings } from './tellings.ts';

/** RFC 1350 appendix I, for each reason why an upload is not kept. */
const CODES = {
  name: ErrorCode.accessViolation,
  exists: ErrorCode.fileExists,
  full: ErrorCode.diskFull,
} as const satisfies Record<Extract<UploadBegun, { begun: false }>['kind'], TftpErrorCode>;

export interface TftpUploadsNeeds {
  readonly folder: Pick<UploadFolder, 'begin'>;
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly tellings: Tellings;
}

/** From the protocol's words for an upload to the folder's, and into the timeline. */
export function tftpUploads({ folder, whoAsks, events, tellings }: TftpUploadsNeeds): Uploads {
  return {
    async open({ name, announcedBytes }) {
      const begun = await folder.begin(name, announcedBytes);
      if (!begun.begun) return { open: false, code: CODES[begun.kind], message: begun.because };
      return { open: true, sink: sinkOf(begun.file) };
    },
    onEnd: (end) => tellings.follow(tell(end, whoAsks, events)),
  };
}

function sinkOf(file: Extract<UploadBegun, { begun: true }>['file']): UploadSink {
  return {
    write: async (bytes) => answerOf(await file.write(bytes)),
    finish: async () => answerOf(await file.finish()),
    abandon: () => file.abandon(),
  };
}

function answerOf(kept: UploadKept): SinkAnswer {
  return kept.kept ? kept : { kept: false, code: CODES[kept.kind], because: kept.because };
}

async function tell(
  end: UploadReport,
  whoAsks: TftpUploadsNeeds['whoAsks'],
  events: TftpUploadsNeeds['events'],
): Promise<void> {
  const { machine, mac } = await whoAsks.byAddress(end.client.address);
  const who: string = machine?.name ?? mac ?? end.client.address;
  events.note({
    ...wordsOf(end, who),
    ...(machine ? { machineId: machine.id } : {}),
    ...(mac ? { mac } : {}),
    ...(end.because === undefined ? {} : { because: end.because }),
    data: dataOf(end, end.client.address),
  });
}

/** The name of a file that was received is a safe one; of others it comes from a hostile network. */
function wordsOf({ outcome, name }: UploadReport, who: string) {
  const shown = name.replaceAll(/\p{C}/gu, '?').slice(0, 200);
  return outcome === 'received'
    ? ({ kind: 'tftp.received', text: `${shown} was received from ${who} over TFTP` } as const)
    : ({ kind: 'tftp.failed', text: `${shown} was not received whole from ${who} over TFTP` } as const);
}

function dataOf(end: UploadReport, address: IpAddress) {
  const options = end.options.map(({ name, value }) => `${name} ${value}`).join(', ');
  return {
    file: end.name.replaceAll(/\p{C}/gu, '?').slice(0, 200),
    address,
    ...amount(end.bytes, end.milliseconds),
    retransmissions: end.retransmissions,
    blockBytes: end.blockBytes,
    windowBlocks: end.windowBlocks,
    ...(options === '' ? {} : { options }),
  };
}
