import type { Ipv4Address } from '../../lib/addresses.ts';
import type { TftpLimits } from './admission.ts';
import type { ClientTraits } from './quirks.ts';
import type { TftpErrorCode, TftpOption, TftpRequest } from './packet.ts';
import type { TftpClient, TransferReport } from './server-options.ts';
import type { TransferTimes } from './transfer-action.ts';

/** What the main thread and a thread of the plane tell each other. A door is one local address that is served. */

export interface PlaneBegin {
  /** By which the main thread wakes this one. */
  readonly eventFd: number;
}

export type PlaneOrder =
  | { readonly do: 'serve'; readonly door: number; readonly serve: DoorOrder }
  | { readonly do: 'answer'; readonly question: number; readonly answer: PlaneAnswer }
  /** Takes no new request there, and says `left` when the transfers under way have ended. */
  | { readonly do: 'leave'; readonly door: number }
  /** Ends those as well. */
  | { readonly do: 'drop'; readonly door: number }
  | { readonly do: 'stop' };

export interface DoorOrder {
  readonly address: Ipv4Address;
  /** Both belong to the main thread, which closes them after `left`. */
  readonly requestFd: number;
  readonly dataFd: number;
  readonly mtu: number;
  readonly limits: TftpLimits;
  readonly times: TransferTimes;
}

export type PlaneAnswer =
  | {
      readonly give: 'file';
      /** Its number, and where its bytes are. The same file has the same number while anybody holds it. */
      readonly mapping: number;
      readonly address: number;
      readonly bytes: number;
      readonly holdsFor: 'everyone' | 'asker';
      readonly traits: ClientTraits;
    }
  | { readonly give: 'bytes'; readonly bytes: Uint8Array; readonly traits: ClientTraits }
  | { readonly give: 'refusal'; readonly code: TftpErrorCode; readonly message: string }
  /** Somebody else answers, or nobody. */
  | { readonly give: 'nothing' };

export interface PlaneQuestion {
  readonly question: number;
  readonly door: number;
  readonly request: TftpRequest;
  readonly client: TftpClient;
}

/** All that happened since the last one. */
export interface PlaneTidings {
  readonly questions: readonly PlaneQuestion[];
  /** As `packReport` writes them, one after the other. */
  readonly ended: readonly (string | number)[];
  readonly refused: readonly PlaneRefusal[];
  /** Mappings that are not held any more, each with how often it had been given. */
  readonly released: readonly { readonly mapping: number; readonly times: number }[];
  readonly left: readonly number[];
  readonly dropped: readonly { readonly door: number; readonly count: number; readonly last: string }[];
  readonly failed: readonly string[];
  readonly doors: readonly DoorState[];
}

export interface DoorState {
  readonly door: number;
  /** Requests being served now. */
  readonly serving: number;
  /** Requests that were not answered, since too many came at once; since the thread began. */
  readonly overRate: number;
}

export interface PlaneRefusal {
  readonly door: number;
  readonly op: 'RRQ' | 'WRQ';
  readonly name: string;
  readonly mode: string;
  readonly client: TftpClient;
  readonly code: TftpErrorCode | undefined;
  readonly because: string;
}

const FIELDS = 13;

/** Flat, since copying many small objects to another thread costs more than sending a small file. */
export function packReport(into: (string | number)[], door: number, report: TransferReport): void {
  const { name, client, outcome, because, bytes, milliseconds, retransmissions, options } = report;
  into.push(door, name, client.address, client.port, outcome, because ?? '');
  into.push(bytes, milliseconds, retransmissions, report.blockBytes, report.windowBlocks);
  into.push(options.map((option) => `${option.name}\0${option.value}`).join('\0'));
  into.push(report.firmware.join('\0'));
}

export interface UnpackedReport {
  readonly door: number;
  readonly report: Omit<TransferReport, 'localAddress'>;
}

export function unpackReports(packed: readonly (string | number)[]): UnpackedReport[] {
  const reports: UnpackedReport[] = [];
  for (let at = 0; at + FIELDS <= packed.length; at += FIELDS) {
    const text = (field: number): string => String(packed[at + field]);
    const number = (field: number): number => Number(packed[at + field]);
    const because = text(5);
    reports.push({
      door: number(0),
      report: {
        name: text(1),
        mode: 'octet',
        client: { address: text(2) as Ipv4Address, port: number(3) },
        outcome: text(4) as TransferReport['outcome'],
        ...(because === '' ? {} : { because }),
        bytes: number(6),
        milliseconds: number(7),
        retransmissions: number(8),
        blockBytes: number(9),
        windowBlocks: number(10),
        options: unpackOptions(text(11)),
        firmware: text(12) === '' ? [] : text(12).split('\0'),
      },
    });
  }
  return reports;
}

function unpackOptions(text: string): TftpOption[] {
  const words = text === '' ? [] : text.split('\0');
  const options: TftpOption[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    options.push({ name: words[at] ?? '', value: words[at + 1] ?? '' });
  }
  return options;
}
