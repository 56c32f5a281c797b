import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 1_000;
const LINES_SHOWN = 10;

/** The debian-installer's own log, as it sends it to Muster over syslog, and Muster keeps it. */
export class InstallerLog {
  readonly #folder: string;

  /** @param folder Muster's data folder. */
  constructor(folder: string) {
    this.#folder = join(folder, 'logs');
  }

  /**
   * The first line that fits, among those that came and those to come.
   *
   * @throws Error with the log's last lines when it does not come in time.
   */
  async waitForLine(pattern: RegExp, timeoutMs: number): Promise<string> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const lines = await this.#lines();
      const found = lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (performance.now() > deadlineMs)
        throw new Error(
          `The installer's log did not show ${pattern} within ${timeoutMs / 1000} s. Its last lines:\n  ${lines.slice(-LINES_SHOWN).join('\n  ')}`,
        );
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** There is one install. */
  async #lines(): Promise<readonly string[]> {
    const [name] = await readdir(this.#folder);
    return name === undefined ? [] : (await readFile(join(this.#folder, name), 'utf8')).split('\n');
  }
}
