import type { ExpectedSum } from '../../core/images/image-condition.ts';
import type { ArrivalRecords } from './arrival-records.ts';
import type { ImageService } from './image-service.ts';
import type { LiveArrival } from './live-arrival.ts';
import { removePart } from './part-file.ts';
import { sumFromUrl } from './sum-from-url.ts';

export interface ArrivalEndNeeds {
  readonly service: Pick<ImageService, 'add'>;
  readonly fetch: typeof fetch;
}

/** How disc images on their way end: as an image, or with a reason. */
export class ArrivalEnd {
  readonly #needs: ArrivalEndNeeds;
  readonly #records: ArrivalRecords;

  constructor(needs: ArrivalEndNeeds, records: ArrivalRecords) {
    this.#needs = needs;
    this.#records = records;
  }

  /** Its file is whole: it becomes an image, unless it is another file than was expected. */
  async arrive(live: LiveArrival): Promise<void> {
    const { arrival, part, place } = live;
    const expected = await this.#expectedOf(live);
    const computed = part.sha256();
    if (expected !== undefined && computed !== undefined && computed !== expected.sha256) {
      const because = `its sha256 is ${computed}, and ${expected.from} says ${expected.sha256}`;
      return await this.giveUp(live, because, 'remove');
    }
    const here = part.bytes;
    const finished = await part.finish();
    if (!finished.kept) return await this.giveUp(live, finished.because, 'remove');
    const known = expected === undefined ? {} : { sha256: expected.sha256, sha256From: expected.from };
    const added = await this.#needs.service.add({ ...arrival.image, folder: place, ...known });
    if (!added.added)
      return await this.#records.fails(arrival, `it is here, and is no image by itself: ${added.because}`);
    const note = added.note === undefined ? {} : { note: added.note };
    await this.#records.arrives({ arrival, state: 'arrived', here, imageName: added.image.name, ...note });
  }

  /** @param part what becomes of the bytes that are here: kept, for a later try. */
  async giveUp(live: LiveArrival, because: string, part: 'keep' | 'remove'): Promise<void> {
    await live.part.close();
    if (part === 'remove') await removePart(live.place);
    await this.#records.fails(live.arrival, because);
  }

  /** What its user said, or a list beside it. */
  async #expectedOf({ arrival, stop }: LiveArrival): Promise<ExpectedSum | undefined> {
    if (arrival.sha256 !== undefined) return { sha256: arrival.sha256, from: '--sha256' };
    if (arrival.url === undefined) return undefined;
    return await sumFromUrl(arrival.url, { fetch: this.#needs.fetch, enough: stop.signal });
  }
}
