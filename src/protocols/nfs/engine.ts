import { CallDesk, type CallReports } from './answer-calls.ts';
import type { NfsExports } from './exports.ts';
import { FileHandles, type Mac } from './file-handle.ts';
import { MOUNT, MOUNT_PROGRAM } from './mount.ts';
import { MountList } from './mount-list.ts';
import type { NfsContext, NfsTold } from './nfs-context.ts';
import { NFS3, NFS_PROGRAM, READ_NAME } from './nfs3.ts';
import { OpenFiles } from './open-files.ts';
import { PORTMAP, type PortmapContext, portmapRegistrations, type Registration } from './portmap.ts';
import { ReadSums } from './read-sums.ts';
import { openPlaneFile, type PlaneFile } from './plane-file.ts';
import type { SentSum } from './plane-messages.ts';
import type { RpcCaller, RpcPeer } from './rpc.ts';

/** The server without its ports: what it is told arrived it answers. It has no socket, no clock and no timer. */

export interface NfsEngineOptions extends CallReports {
  readonly exports: NfsExports;
  readonly mac: Mac;
  readonly told: NfsTold;
}

export interface NfsPortNumbers {
  readonly nfs: number;
  /** That of NFS where one port has both. */
  readonly mount: number;
  /** Undefined where there is no port mapper of ours. */
  readonly portmap: number | undefined;
}

export class NfsEngine {
  readonly #options: NfsEngineOptions;
  readonly #handles: FileHandles;
  readonly #mounts = new MountList();
  readonly #openFiles: OpenFiles;
  readonly #readSums: ReadSums;

  constructor(options: NfsEngineOptions) {
    this.#options = options;
    this.#handles = new FileHandles(options.mac);
    this.#openFiles = new OpenFiles({ failed: (error) => options.report('failed', error) });
    this.#readSums = new ReadSums((sum) => options.told.read(sum));
  }

  /** What answers on a port that has these programs. */
  desk(...programs: readonly ('nfs' | 'mount')[]): CallDesk<NfsContext> {
    const tables = programs.map((program) => (program === 'nfs' ? NFS3 : MOUNT));
    return new CallDesk(tables, (caller) => this.#contextOf(caller), this.#options);
  }

  /** @param ports asked at each question, since the system may choose them. */
  portmapDesk(ports: () => NfsPortNumbers): CallDesk<PortmapContext> {
    const contextOf = (caller: RpcCaller): PortmapContext => ({
      caller,
      registrations: registrations(ports()),
    });
    return new CallDesk([PORTMAP], contextOf, this.#options);
  }

  /** The file that a READ is of, opened for whoever sends it by itself; undefined where the desk is to answer. */
  async openPlaneFile(call: Uint8Array, peer: RpcPeer): Promise<PlaneFile | undefined> {
    return await openPlaneFile(call, peer, (caller) => this.#contextOf(caller));
  }

  /** What was sent of such a file. */
  onPlaneRead({ place }: PlaneFile, sum: Omit<SentSum, 'file'>, nowMs: number): void {
    const { client: address, machineName, bytes, reads } = sum;
    this.#options.called(READ_NAME, reads);
    const client = { address, machineName };
    this.#readSums.add({ client, export: place.export, node: place.node, bytes, reads }, nowMs);
  }

  /** Ends what was quiet for long. To be called about once a second. */
  tidy(nowMs: number): void {
    this.#openFiles.tidy(nowMs);
    this.#readSums.tellQuiet(nowMs);
  }

  /** Tells what there is to tell, and closes what is open; reads that are under way end as they would. */
  close(): void {
    this.#readSums.tellAll();
    this.#openFiles.closeAll();
  }

  #contextOf(caller: RpcCaller): NfsContext {
    const { exports, told, report } = this.#options;
    return {
      caller,
      exports,
      told,
      handles: this.#handles,
      openFiles: this.#openFiles,
      readSums: this.#readSums,
      mounts: this.#mounts,
      failed: (error) => report('failed', error),
    };
  }
}

function registrations({ nfs, mount, portmap }: NfsPortNumbers): readonly Registration[] {
  const served = [
    ...[...NFS3.versions.keys()].map((version) => ({ program: NFS_PROGRAM, version, port: nfs })),
    ...[...MOUNT.versions.keys()].map((version) => ({ program: MOUNT_PROGRAM, version, port: mount })),
  ];
  const both = served.flatMap((one) => [
    { ...one, transport: 'tcp' as const },
    { ...one, transport: 'udp' as const },
  ]);
  return [...(portmap === undefined ? [] : portmapRegistrations(portmap)), ...both];
}
