import { Tally } from '../lib/tally.ts';

/** `in part`: the client went away, or the file could not be read to its end. `missing`: there is no such file. */
export type FileOutcome = 'sent' | 'in part' | 'missing' | 'refused';

/** Files that went out over one protocol since the start. */
export class FileCounts {
  readonly files = new Tally<FileOutcome>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  count(outcome: FileOutcome, { bytes = 0, times = 1 } = {}): void {
    this.files.count(outcome, times);
    this.#bytes += bytes;
  }
}
