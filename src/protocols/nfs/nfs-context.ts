import type { NfsExport, NfsExports } from './exports.ts';
import type { FileHandles } from './file-handle.ts';
import type { MountList } from './mount-list.ts';
import type { OpenFiles } from './open-files.ts';
import type { ReadSum, ReadSums } from './read-sums.ts';
import type { RpcCaller } from './rpc.ts';

/** What procedures of NFS and MOUNT work with. */
export interface NfsContext {
  readonly caller: RpcCaller;
  readonly exports: NfsExports;
  readonly handles: FileHandles;
  readonly openFiles: OpenFiles;
  readonly readSums: ReadSums;
  readonly mounts: MountList;
  readonly told: NfsTold;
  /** A fault of ours or of the system, for which the client gets an error of its own. */
  readonly failed: (error: unknown) => void;
}

export interface MountTold {
  readonly client: RpcCaller;
  /** As the client sent it. */
  readonly path: string;
}

/** What the layers above hear of. */
export interface NfsTold {
  readonly mounted: (mount: MountTold & { readonly export: NfsExport }) => void;
  readonly refused: (mount: MountTold & { readonly because: string }) => void;
  readonly unmounted: (mount: MountTold) => void;
  /** What a client read of a file, when it has been quiet for a while. */
  readonly read: (sum: ReadSum) => void;
}
