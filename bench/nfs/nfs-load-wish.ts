/** What a load of NFS is: the words of the suite to its load program, which answers with a `FileReport`. */
export interface NfsLoad extends NfsReads {
  readonly server: string;
  readonly nfsPort: number;
  readonly mountPort: number;
  /** As it is mounted: `/images/bench`. */
  readonly share: string;
  readonly fileName: string;
  readonly fileBytes: number;
  readonly seconds: number;
}

export interface NfsReads {
  /** Each reads the whole file from a place of its own, again and again, as long as the load takes. */
  readonly connections: number;
  /** READs of a connection that are under way at one time. */
  readonly callsAtOnce: number;
  readonly readBytes: number;
}
