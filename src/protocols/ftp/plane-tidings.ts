import type { IpAddress } from '../../lib/addresses.ts';
import type { LinkEnd, PlaneTidings } from './plane-messages.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Row)[] ? Row[] : T[Key] };

/** Faults told in words at one time. */
const MAX_FAILED = 16;

/** What a thread has to tell, gathered for one round of its loop. */
export class LinkTidings {
  #gathered = nothing();
  #isEmpty = true;

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  ended(link: number, end: LinkEnd, bytes: number): void {
    this.#now.ended.push({ link, end, bytes });
  }

  handOver(link: number, fd: number): void {
    this.#now.handedOver.push({ link, fd });
  }

  foreign(link: number, address: IpAddress | undefined): void {
    this.#now.foreign.push({ link, address });
  }

  progress(link: number, bytes: number): void {
    this.#now.progress.push({ link, bytes });
  }

  failed(error: unknown): void {
    if (this.#now.failed.length >= MAX_FAILED) return;
    this.#now.failed.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  /** What was told is forgotten. */
  take(): PlaneTidings {
    const tidings = this.#gathered;
    this.#gathered = nothing();
    this.#isEmpty = true;
    return tidings;
  }

  get #now(): Writable<PlaneTidings> {
    this.#isEmpty = false;
    return this.#gathered;
  }
}

function nothing(): Writable<PlaneTidings> {
  return { ended: [], handedOver: [], foreign: [], progress: [], failed: [] };
}
