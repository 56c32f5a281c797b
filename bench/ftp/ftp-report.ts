/** What an FTP load is, and what came of it: the words between the suite and its load program. */

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

export interface FtpReport {
  /** That came whole, with 226. */
  readonly files: number;
  /** Of all files, also of those that the end of the run broke off. */
  readonly bytes: number;
  readonly seconds: number;
  /** Replies that should not be, and connections that broke. */
  readonly errors: number;
  /** The first of them. */
  readonly failure?: string;
}

/** @throws SyntaxError when this is not what the load program prints. */
export function decodeFtpReport(text: string): FtpReport {
  const report: unknown = JSON.parse(text);
  if (typeof report !== 'object' || report === null || !('files' in report))
    throw new SyntaxError(`The load program told nothing of its run: ${text}`);
  return report as FtpReport;
}
