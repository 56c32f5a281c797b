import { mkdir } from 'node:fs/promises';
import type { Clock } from '../../lib/clock.ts';
import { Tally } from '../../lib/tally.ts';
import { LogFiles } from './install-log-files.ts';

/** How much is kept. */
export interface InstallLogLimits {
  /** Of one install; what comes behind it is not kept. */
  readonly installBytes: number;
  /** Of all installs; beyond it, the logs of those go that were over first. */
  readonly totalBytes: number;
}

export interface InstallLogsNeeds {
  readonly folder: string;
  readonly limits: InstallLogLimits;
  /** Whether the install is under way; its log is never taken away then. */
  readonly isOpen: (installId: string) => Promise<boolean>;
  readonly clock: Clock;
  /** The disk took nothing: told once, until it takes something again. */
  readonly failed: (error: unknown) => void;
}

/** A line is on disk at most this long after it came, in milliseconds: so much a killed process costs. */
export const FLUSH_MS = 250;
/** Bytes that wait for the disk at most, of all installs. */
export const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** What became of a line. `full`: its install's log, or all of them together. `waiting`: the disk does not keep up. */
export type LineFate = 'kept' | 'full' | 'waiting' | 'not written';

/** The logs of installs: text files of lines, one for each install, appended to and read while they grow. */
export class InstallLogs {
  /** Lines by what became of them, since the start. */
  readonly fates = new Tally<LineFate>();
  readonly #needs: InstallLogsNeeds;
  readonly #files: LogFiles;
  readonly #listeners = new Map<string, Set<() => void>>();
  #waiting = new Map<string, string[]>();
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #inTrouble = false;

  constructor(needs: InstallLogsNeeds) {
    this.#needs = needs;
    this.#files = new LogFiles(needs);
  }

  /** Looks what is there. */
  async start(): Promise<void> {
    // The lines may hold what an installer should not have said; nobody else on this computer needs to look in.
    await mkdir(this.#needs.folder, { recursive: true, mode: 0o700 });
    await this.#files.look();
  }

  /** Takes lines without their line breaks; they are on disk within `FLUSH_MS`. */
  append(installId: string, lines: readonly string[]): void {
    for (const line of lines) {
      const bytes = Buffer.byteLength(line) + 1;
      if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
        this.fates.count('waiting');
        continue;
      }
      this.#waitingBytes += bytes;
      const ofIt = this.#waiting.get(installId);
      if (ofIt) ofIt.push(line);
      else this.#waiting.set(installId, [line]);
    }
    this.#timer ??= setTimeout(() => void this.#flush(), FLUSH_MS);
  }

  /** Bytes that are on disk. */
  size(installId: string): number {
    return this.#files.size(installId);
  }

  /** Bytes of all logs. */
  get totalBytes(): number {
    return this.#files.totalBytes;
  }

  /** Fewer only at the end of what is on disk. */
  read(installId: string, offset: number, length: number): Promise<Uint8Array> {
    return this.#files.read(installId, offset, length);
  }

  /** Where the last `lines` lines begin. */
  tailOffset(installId: string, lines: number): Promise<number> {
    return this.#files.tailOffset(installId, lines);
  }

  /** Told when more of it is on disk. @returns the way to stop listening. */
  listen(installId: string, listener: () => void): () => void {
    const ofIt = this.#listeners.get(installId) ?? new Set();
    this.#listeners.set(installId, ofIt.add(listener));
    return () => {
      ofIt.delete(listener);
      if (ofIt.size === 0) this.#listeners.delete(installId);
    };
  }

  /** Resolves when all that was taken so far is on disk, or was not taken by it. */
  async settled(): Promise<void> {
    await this.#flush();
  }

  async close(): Promise<void> {
    await this.settled();
  }

  /** One write at a time. */
  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeWaiting());
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = new Map();
    this.#waitingBytes = 0;
    for (const [installId, lines] of batch) {
      try {
        const kept = await this.#files.append(installId, lines);
        this.fates.count('kept', kept);
        if (kept < lines.length) this.fates.count('full', lines.length - kept);
        this.#inTrouble = false;
      } catch (error) {
        this.fates.count('not written', lines.length);
        if (!this.#inTrouble) this.#needs.failed(error);
        this.#inTrouble = true;
      }
      for (const listener of this.#listeners.get(installId) ?? []) listener();
    }
  }
}
