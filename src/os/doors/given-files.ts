import type { ThreadLife } from '../kept-threads.ts';

/** Files that are open for threads, each until the thread that has it needs it no more, or is gone. */
export class GivenFiles<File extends { readonly source: { close(): Promise<void> } }> {
  readonly #given = new Map<number, { readonly file: File; readonly holder: ThreadLife }>();
  readonly #failed: (error: unknown) => void;
  #last = 0;

  /** @param failed told of a file that cannot be closed. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  get size(): number {
    return this.#given.size;
  }

  /** Its number, by which the thread knows it. */
  give(file: File, holder: ThreadLife): number {
    this.#last += 1;
    this.#given.set(this.#last, { file, holder });
    return this.#last;
  }

  get(number: number): File | undefined {
    return this.#given.get(number)?.file;
  }

  async release(number: number): Promise<void> {
    const given = this.#given.get(number);
    this.#given.delete(number);
    await given?.file.source.close().catch(this.#failed);
  }

  async releaseAllOf(life: ThreadLife): Promise<void> {
    await this.#releaseThose((holder) => holder === life);
  }

  async releaseAll(): Promise<void> {
    await this.#releaseThose(() => true);
  }

  async #releaseThose(isMeant: (holder: ThreadLife) => boolean): Promise<void> {
    const meant = [...this.#given].filter(([, { holder }]) => isMeant(holder));
    await Promise.all(meant.map(([number]) => this.release(number)));
  }
}
