import type { IpAddress } from '../lib/addresses.ts';
import { Recently } from '../core/events/recently.ts';
import { ErrorCode } from '../protocols/tftp/packet.ts';
import { RequestRates } from '../protocols/tftp/rate-limit.ts';
import type {
  OpenedFile,
  OpenRequest,
  RefusedRequest,
  TftpClient,
  TftpServer,
  TftpServerOptions,
  TransferReport,
} from '../protocols/tftp/server-options.ts';
import type { BootFiles } from '../services/boot/boot-files.ts';
import type { FileBearing } from '../services/boot/boot-files-bearing.ts';
import type { EventLog } from '../services/event-log.ts';
import type { ProgramWatch } from '../services/boot/program-watch.ts';
import type { UploadFolder } from '../services/images/upload-folder.ts';
import type { WhoAsks } from '../services/boot/who-asks.ts';
import { amount } from './amount.ts';
import type { TftpCounts } from './tftp-counts.ts';
import { Tellings } from './tellings.ts';
import { tftpUploads } from './tftp-uploads.ts';

/** The same refusal of the same client is told once in this time. */
const QUIET_REFUSALS_MS = 30_000;
const MAX_REMEMBERED = 4_096;
/** Refusals of all clients that are told in a second: forged addresses shall not push the past out of the timeline. */
const REFUSALS_TOLD_PER_SECOND = 100;
/** Transfers whose file is remembered until they end; the server itself takes fewer at one time. */
const MAX_BEARINGS = 4_096;
/** An install may begin or end meanwhile; its story is a moment late then. */
const ASKER_MS = 2_000;
/** All that a client is told of a missing file; where was looked is for the timeline. */
const NOT_FOUND = 'file not found';
const NO_FILE: OpenedFile = { open: false, code: ErrorCode.fileNotFound, message: NOT_FOUND };

export interface TftpDoorOptions
  extends Pick<
    TftpServerOptions,
    'address' | 'interfaceName' | 'port' | 'report' | 'mtu' | 'limits' | 'times' | 'dataPort'
  > {
  /** The plane, or the plain server. */
  readonly serve: (options: TftpServerOptions) => Promise<TftpServer>;
  readonly bootFiles: Pick<BootFiles, 'openTftp' | 'bearingOf' | 'labelOf'>;
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly programs: Pick<ProgramWatch, 'sent' | 'asked'>;
  readonly counts: TftpCounts;
  /** Where uploads go; without it none are taken. */
  readonly uploads?: Pick<UploadFolder, 'begin'> | undefined;
}

/** The TFTP door on one address. Rejects as the system does (EADDRINUSE, EACCES) when the port cannot be had. */
export async function serveTftpDoor(options: TftpDoorOptions): Promise<TftpServer> {
  const {
    bootFiles: _,
    programs: _watch,
    whoAsks,
    events,
    counts,
    uploads: folder,
    serve,
    ...wanted
  } = options;
  const tellings = new Tellings((error) => options.report('failed', error));
  const door = new TftpDoor(options, tellings);
  const uploads = folder && tftpUploads({ folder, whoAsks, events, tellings });
  const server = await serve({
    ...wanted,
    ...(uploads ? { uploads: counts.counting(uploads) } : {}),
    open: (request) => door.open(request),
    report: (what, error) => {
      counts.faults.count(what);
      options.report(what, error);
    },
    onEnd: (report) => {
      counts.transferEnded(report);
      door.ended(report);
    },
    onRefused: (refused) => {
      counts.requestRefused(refused);
      door.refused(refused);
    },
  });
  return closingAfter(server, tellings);
}

/** Once it is closed, all that its transfers came to stands in the timeline. */
function closingAfter(server: TftpServer, tellings: Tellings): TftpServer {
  return {
    address: server.address,
    port: server.port,
    get transfers() {
      return server.transfers;
    },
    get overRate() {
      return server.overRate;
    },
    close: async (how) => {
      await server.close(how);
      await tellings.settled();
    },
  };
}

class TftpDoor {
  readonly #options: TftpDoorOptions;
  readonly #tellings: Tellings;
  /** What is being sent to whom, by the client's address, port and the name it asked for. */
  readonly #bearings = new Map<string, FileBearing>();
  /** Who fetches what holds for everyone, by the client's address. */
  readonly #askers = new Map<IpAddress, { readonly bearing: FileBearing; readonly untilMs: number }>();
  readonly #refused = new Recently({ keepMs: QUIET_REFUSALS_MS, keys: MAX_REMEMBERED });
  readonly #refusalRate = new RequestRates({
    requestsPerSecond: Infinity,
    requestsPerSecondInAll: REFUSALS_TOLD_PER_SECOND,
    pauseMs: 0,
  });

  constructor(options: TftpDoorOptions, tellings: Tellings) {
    this.#options = options;
    this.#tellings = tellings;
  }

  async open({ name, client, localAddress }: OpenRequest): Promise<OpenedFile> {
    const clientAddress = client.address;
    const { bootFiles, programs } = this.#options;
    const answer = await bootFiles.openTftp({ name, clientAddress, localAddress });
    programs.asked(clientAddress, answer.found ? answer.label : name);
    if (answer.found) {
      const { source, traits, holdsFor, ...bearing } = answer;
      if (holdsFor === 'asker') this.#remember(keyOf(client, name), bearing);
      else this.#rememberAsker(clientAddress, bearing);
      return { open: true, source, traits, holdsFor };
    }
    const { because, expected, who, machineId, mac } = answer;
    if (!expected) {
      const bearing = { ...(machineId ? { machineId } : {}), ...(mac ? { mac } : {}) };
      if (this.#isNoise(clientAddress, because)) return NO_FILE;
      this.#tellRefusal(clientAddress, `${who} was refused ${shown(name)} over TFTP`, because, bearing);
    }
    return NO_FILE;
  }

  ended(report: TransferReport): void {
    const { name, client, outcome } = report;
    const bearing = this.#bearings.size === 0 ? undefined : this.#take(keyOf(client, name));
    // A client that only wants to know the size breaks off on purpose.
    if (outcome === 'probe') return;
    if (bearing) return this.#tellEnd(report, bearing);
    const { bootFiles, programs } = this.#options;
    programs.asked(client.address, bootFiles.labelOf(name));
    const asker = this.#askers.get(client.address);
    if (asker && asker.untilMs > performance.now())
      return this.#tellEnd(report, asker.bearing, bootFiles.labelOf(name));
    this.#tellings.follow(this.#lookUpAndTell(report));
  }

  async #lookUpAndTell(report: TransferReport): Promise<void> {
    const { name, client } = report;
    const found = await this.#options.bootFiles.bearingOf({ name, clientAddress: client.address });
    this.#rememberAsker(client.address, found);
    this.#tellEnd(report, found);
  }

  /** One literal: there may be thousands of these in a second. */
  #tellEnd(report: TransferReport, bearing: FileBearing, label = bearing.label): void {
    const { who, machineId, mac, installId, program } = bearing;
    const wasSent = report.outcome === 'sent';
    const { bytes, seconds, bytesPerSecond } = amount(report.bytes, report.milliseconds);
    this.#options.events.note({
      kind: wasSent ? 'tftp.sent' : 'tftp.failed',
      text: wasSent ? `${label} was sent to ${who} over TFTP` : `${label} did not reach ${who} over TFTP`,
      because: report.because ?? bearing.because,
      machineId,
      mac,
      installId,
      data: {
        file: label,
        address: report.client.address,
        bytes,
        seconds,
        bytesPerSecond,
        retransmissions: report.retransmissions,
        blockBytes: report.blockBytes,
        windowBlocks: report.windowBlocks,
        firmware: report.firmware.length > 0 ? report.firmware.join(', ') : undefined,
        options: grantedText(report.options),
      },
    });
    if (!wasSent || program === undefined) return;
    const { address } = report.client;
    this.#options.programs.sent({ ...program, file: label, address, mac, machineId, installId });
  }

  /** A request that led to no transfer for another reason than that there is no such file. */
  refused({ op, name, client, because }: RefusedRequest): void {
    this.#take(keyOf(client, name));
    if (because === NOT_FOUND) return;
    // Before it is looked up who that is: a flood of refusals shall cost no search.
    if (this.#isNoise(client.address, because)) return;
    this.#tellings.follow(this.#tellOther(op, name, client.address, because));
  }

  async #tellOther(
    op: RefusedRequest['op'],
    name: string,
    address: IpAddress,
    because: string,
  ): Promise<void> {
    const { machine, mac } = await this.#options.whoAsks.byAddress(address);
    const who = machine?.name ?? mac ?? address;
    const what = op === 'WRQ' ? `was not let write ${shown(name)}` : `was refused ${shown(name)}`;
    const bearing = { ...(machine ? { machineId: machine.id } : {}), ...(mac ? { mac } : {}) };
    this.#tellRefusal(address, `${who} ${what} over TFTP`, because, bearing);
  }

  #isNoise(address: IpAddress, because: string): boolean {
    const nowMs = performance.now();
    if (this.#refused.isRepeated(`${address} ${because}`, '', nowMs)) return true;
    return !this.#refusalRate.take(address, nowMs).take;
  }

  #tellRefusal(
    address: IpAddress,
    text: string,
    because: string,
    bearing: Pick<FileBearing, 'machineId' | 'mac'>,
  ): void {
    this.#options.events.note({ kind: 'tftp.refused', text, because, ...bearing, data: { address } });
  }

  /** Who it is that fetches holds for the many files of one boot; the label is of one of them. */
  #rememberAsker(address: IpAddress, bearing: FileBearing): void {
    this.#askers.delete(address);
    this.#askers.set(address, { bearing, untilMs: performance.now() + ASKER_MS });
    if (this.#askers.size <= MAX_BEARINGS) return;
    const [oldest] = this.#askers.keys();
    if (oldest !== undefined) this.#askers.delete(oldest);
  }

  #remember(key: string, bearing: FileBearing): void {
    this.#bearings.set(key, bearing);
    if (this.#bearings.size <= MAX_BEARINGS) return;
    const [oldest] = this.#bearings.keys();
    if (oldest !== undefined) this.#bearings.delete(oldest);
  }

  #take(key: string): FileBearing | undefined {
    const bearing = this.#bearings.get(key);
    this.#bearings.delete(key);
    return bearing;
  }
}

function keyOf(client: TftpClient, name: string): string {
  return `${client.address}:${client.port} ${name}`;
}

/** By what was agreed: equal transfers share it. */
const grantedTexts = new WeakMap<TransferReport['options'], string>();

function grantedText(options: TransferReport['options']): string | undefined {
  if (options.length === 0) return undefined;
  const known = grantedTexts.get(options);
  if (known !== undefined) return known;
  const text = options.map((option) => `${option.name} ${option.value}`).join(', ');
  grantedTexts.set(options, text);
  return text;
}

/** A name from a hostile network, for a sentence. */
function shown(name: string): string {
  const text = name.replaceAll(/\p{C}/gu, '?');
  return `"${text.length > 100 ? `${text.slice(0, 100)}…` : text}"`;
}
