/** What a load of FTP is: the words of the suite to its load program, which answers with a `FileReport`. */
export interface FtpLoad {
  readonly server: string;
  readonly port: number;
  /** The files in it are `file-0`, `file-1` … */
  readonly folder: string;
  readonly count: number;
  /** Clients, each with a control connection that stays open. */
  readonly clients: number;
  readonly seconds: number;
}
