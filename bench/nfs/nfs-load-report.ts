/** What a load of NFS is, and what came of it: the words between the suite and its load program. */

export interface NfsLoad {
  readonly server: string;
  readonly nfsPort: number;
  readonly mountPort: number;
  /** As it is mounted: `/images/bench`. */
  readonly share: string;
  readonly fileName: string;
  readonly fileBytes: number;
  /** Each reads the whole file from a place of its own, again and again, as long as the load takes. */
  readonly connections: number;
  /** READs of a connection that are under way at one time. */
  readonly callsAtOnce: number;
  readonly readBytes: number;
  readonly seconds: number;
}

export interface NfsLoadReport {
  readonly seconds: number;
  /** Bytes of the file in the replies that came whole. */
  readonly bytes: number;
  readonly reads: number;
  /** Replies that were errors, and had less than was asked for. */
  readonly errors: number;
  /** Processor time of the load program itself. */
  readonly clientCpuSeconds: number;
}
