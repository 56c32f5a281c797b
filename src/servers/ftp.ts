import type { IpAddress } from '../lib/addresses.ts';
import { Recently } from '../core/events/recently.ts';
import { INSTALLS_DOOR } from '../core/boot/machine-urls.ts';
import type { Image } from '../core/images/image.ts';
import type { ImageStore } from '../core/images/image-store.ts';
import type { Clock } from '../lib/clock.ts';
import { namesOf } from '../lib/resolve-path.ts';
import { serveFtp } from '../protocols/ftp/server.ts';
import type {
  FtpRefusal,
  FtpServer,
  FtpServerOptions,
  FtpTransferReport,
} from '../protocols/ftp/server-options.ts';
import { IMAGES_FOLDER, type ImageTrees } from '../services/images/image-trees.ts';
import { bearingOf, type InstallFiles } from '../services/installs/install-files.ts';
import { InstallFileTree } from '../services/installs/install-file-tree.ts';
import type { ProgramWatch } from '../services/boot/program-watch.ts';
import type { FileTimeline } from './file-timeline.ts';
import { isBootFile } from './machine-http-files.ts';
import { RememberedTree } from './remembered-tree.ts';
import { Tellings } from './tellings.ts';

/** The same refusal of the same client is told once in this time. */
const QUIET_REFUSALS_MS = 30_000;
const MAX_REMEMBERED = 4_096;

export interface FtpDoorOptions
  extends Pick<FtpServerOptions, 'address' | 'interfaceName' | 'port' | 'report' | 'passive' | 'plane'> {
  readonly trees: Pick<ImageTrees, 'all'>;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly installFiles: Pick<InstallFiles, 'openAnswer'>;
  readonly timeline: Pick<FileTimeline, 'fileSent' | 'treeFile' | 'refused'>;
  readonly programs: Pick<ProgramWatch, 'asked'>;
  readonly clock: Clock;
}

/**
 * The FTP door on one address: all images, to be read by anybody, and the answer file of whoever is being installed. Rejects as
 * the system does when the port cannot be had.
 */
export async function serveFtpDoor(options: FtpDoorOptions): Promise<FtpServer> {
  const { trees, images: _images, installFiles, timeline, programs: _programs, ...wanted } = options;
  const tree = new RememberedTree(trees.all, options.clock, (error) => options.report('failed', error));
  const tellings = new Tellings((error) => options.report('failed', error));
  const door = new FtpDoor(options);
  const server = await serveFtp({
    ...wanted,
    tree,
    treeFor: (client, localAddress) =>
      new InstallFileTree({
        beside: tree,
        openAnswer: (request) => installFiles.openAnswer(request),
        clientAddress: client.address,
        localAddress,
        refused: ({ because, installId, machineId, mac }) =>
          timeline.refused(
            client.address,
            'an answer file',
            because,
            bearingOf({ installId, machineId, mac }),
          ),
      }),
    greeting: 'Muster: install images, to be read only',
    onEnd: (report) => tellings.follow(door.ended(report)),
    onRefused: (refusal) => door.refused(refusal),
  });
  return {
    address: server.address,
    port: server.port,
    get connections() {
      return server.connections;
    },
    get transfers() {
      return server.transfers;
    },
    close: async (how) => {
      await server.close(how);
      tree.forgetAll();
      await tellings.settled();
    },
  };
}

class FtpDoor {
  readonly #options: FtpDoorOptions;
  readonly #refused = new Recently({ keepMs: QUIET_REFUSALS_MS, keys: MAX_REMEMBERED });

  constructor(options: FtpDoorOptions) {
    this.#options = options;
  }

  async ended({ kind, path, client, outcome, bytes, milliseconds }: FtpTransferReport): Promise<void> {
    if (kind === 'listing') return;
    const { images, timeline, programs } = this.#options;
    const [folder, name, ...rest] = namesOf(path);
    const told = { status: 226, bytes, milliseconds, isComplete: outcome === 'sent' };
    if (folder === INSTALLS_DOOR) {
      programs.asked(client.address, folder);
      // Without its token, which is for the machine alone.
      timeline.fileSent(client.address, rest.join('/'), told);
      return;
    }
    const image: Image | undefined =
      folder === IMAGES_FOLDER && name !== undefined ? await images.byName(name) : undefined;
    if (image === undefined) return;
    const file = rest.join('/');
    programs.asked(client.address, `${image.name}/${file}`);
    if (isBootFile(image, file)) timeline.fileSent(client.address, `${image.name}/${file}`, told);
    else timeline.treeFile(client.address, image.name, told);
  }

  /** Names that are not there are asked for as a matter of course. */
  refused({ client, verb, argument, code, because }: FtpRefusal): void {
    const { timeline, clock } = this.#options;
    if (verb !== undefined && ASKED_FOR_IN_VAIN.has(verb)) return;
    if (this.#isRepeated(client.address, because, clock.nowMs())) return;
    const what = verb === undefined ? 'a connection' : `${verb} ${argument ?? ''}`.trimEnd();
    timeline.refused(client.address, what, code === undefined ? because : `${because} (${code})`);
  }

  #isRepeated(address: IpAddress, because: string, nowMs: number): boolean {
    return this.#refused.isRepeated(`${address} ${because}`, '', nowMs);
  }
}

const ASKED_FOR_IN_VAIN: ReadonlySet<string> = new Set([
  'RETR',
  'SIZE',
  'MDTM',
  'CWD',
  'XCWD',
  'LIST',
  'NLST',
  'MLSD',
  'MLST',
  'AUTH',
]);
