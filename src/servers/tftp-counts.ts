import { Histogram } from '../lib/histogram.ts';
import { Tally } from '../lib/tally.ts';
import { ErrorCode } from '../protocols/tftp/packet.ts';
import type {
  RefusedRequest,
  TransferReport,
  UploadReport,
  Uploads,
} from '../protocols/tftp/server-options.ts';

/** From a small file on a fast link to an initrd in lock step on a slow one. */
const TRANSFER_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

const ERROR_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ErrorCode).map(([name, code]) => [code, name]),
);

/** What TFTP did since the start, on all addresses. */
export class TftpCounts {
  readonly transfers = new Tally<TransferReport['outcome']>();
  readonly uploads = new Tally<UploadReport['outcome']>();
  readonly refused = new Tally();
  readonly faults = new Tally<'dropped' | 'failed'>();
  readonly transferSeconds = new Histogram(TRANSFER_SECONDS);
  #bytes = 0;
  #receivedBytes = 0;
  #retransmissions = 0;

  /** That clients have acknowledged. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Of uploads that were kept. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get retransmissions(): number {
    return this.#retransmissions;
  }

  transferEnded({ outcome, bytes, milliseconds, retransmissions }: TransferReport): void {
    this.transfers.count(outcome);
    this.#bytes += bytes;
    this.#retransmissions += retransmissions;
    if (outcome === 'sent') this.transferSeconds.observe(milliseconds / 1000);
  }

  /** The same uploads, counted. */
  counting(uploads: Uploads): Uploads {
    const onEnd = (report: UploadReport): void => {
      this.uploads.count(report.outcome);
      this.#receivedBytes += report.bytes;
      uploads.onEnd(report);
    };
    return { ...uploads, onEnd };
  }

  requestRefused({ code }: Pick<RefusedRequest, 'code'>): void {
    this.refused.count(code === undefined ? 'silence' : (ERROR_NAMES.get(code) ?? 'notDefined'));
  }
}
