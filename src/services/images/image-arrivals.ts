import { join } from 'node:path';
import {
  type Arrival,
  type ArrivalStore,
  type ArrivingImage,
  arrivalName,
  chooseFileName,
  lastPartOf,
} from '../../core/images/arrival.ts';
import { objectionToUrl } from '../../core/images/decide-download.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Clock } from '../../lib/clock.ts';
import { loadArrival } from './arrival-download.ts';
import { ArrivalEnd } from './arrival-end.ts';
import { ArrivalRate } from './arrival-rate.ts';
import { ArrivalRecords, type ArrivalShown } from './arrival-records.ts';
import type { EventLog } from '../event-log.ts';
import type { ImageService } from './image-service.ts';
import { reasonOf } from './folder-tree.ts';
import { type LiveArrival, objectionToPiece, shownLive } from './live-arrival.ts';
import { isThere, PartFile, partOf, removePart } from './part-file.ts';

export interface ImageArrivalsNeeds {
  readonly arrivals: ArrivalStore;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly service: Pick<ImageService, 'add'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** Absolute: where files go. */
  readonly imagesFolder: string;
  readonly failed: (error: unknown) => void;
  /** For tests: before the second try of a download. */
  readonly retryMs?: number;
}

export interface NewArrival {
  readonly image: ArrivingImage;
  readonly sha256?: string;
}

export type ArrivalBegun =
  | { readonly begun: true; readonly shown: ArrivalShown }
  | { readonly begun: false; readonly because: string };

export type PieceTaken =
  | { readonly taken: true; readonly shown: ArrivalShown }
  | { readonly taken: false; readonly because: string };

/** Disc images on their way at one time. */
const MAX_ARRIVALS = 16;

/** Disc images that are loaded from elsewhere, or sent through the API; each becomes an image when it is whole. */
export class ImageArrivals {
  readonly #needs: ImageArrivalsNeeds;
  readonly #records: ArrivalRecords;
  readonly #end: ArrivalEnd;
  readonly #live = new Map<string, LiveArrival>();
  /** One beginning at a time, so that two do not take the same name. */
  #beginning: Promise<unknown> = Promise.resolve();

  constructor(needs: ImageArrivalsNeeds) {
    this.#needs = needs;
    this.#records = new ArrivalRecords(needs);
    this.#end = new ArrivalEnd(needs, this.#records);
  }

  /** What was under way when Muster ended goes on. */
  async start(): Promise<void> {
    for (const arrival of await this.#records.load()) {
      const opened = await this.#open(arrival);
      if (opened.open) await this.#goOn(arrival, opened.part);
      else await this.#records.fails(arrival, opened.because);
    }
  }

  load(url: string, wanted: NewArrival): Promise<ArrivalBegun> {
    const objection = objectionToUrl(url);
    if (objection !== undefined)
      return Promise.resolve({ begun: false, because: `nothing is loaded from "${url}": ${objection}` });
    return this.#inTurn(() => this.#begin({ way: 'download', url }, lastPartOf(url), wanted));
  }

  /** @param bytes of the whole file. */
  receive(fileName: string, bytes: number, wanted: NewArrival): Promise<ArrivalBegun> {
    return this.#inTurn(() => this.#begin({ way: 'upload', bytes }, fileName, wanted));
  }

  list(): readonly ArrivalShown[] {
    return [...Array.from(this.#live.values(), shownLive), ...this.#records.failed].sort((one, other) =>
      one.arrival.name < other.arrival.name ? -1 : 1,
    );
  }

  byName(name: string): ArrivalShown | undefined {
    const live = this.#live.get(name);
    return live ? shownLive(live) : this.#records.byName(name);
  }

  /** Something of ours is writing there. */
  readonly isClaimed = (path: string): boolean =>
    [...this.#live.values()].some(({ place }) => place === path);

  /** A piece of an upload; the last one makes it an image. */
  async take(name: string, offset: number, bytes: Uint8Array): Promise<PieceTaken> {
    const live = this.#live.get(name);
    if (!live || live.arrival.way !== 'upload')
      return { taken: false, because: `no upload "${name}" is under way` };
    const taking = live.work.then(() => this.#takePiece(live, offset, bytes));
    live.work = taking.catch(() => undefined);
    return await taking;
  }

  /** Nothing of it is left. False where there is none. */
  async cancel(name: string): Promise<boolean> {
    const arrival = this.#live.get(name)?.arrival ?? this.#records.failedBy(name);
    await this.#leave(name);
    if (arrival) await removePart(this.#placeOf(arrival));
    return await this.#records.forget(name);
  }

  /** What is under way goes on when Muster starts again. */
  async close(): Promise<void> {
    for (const name of this.#live.keys()) await this.#leave(name);
  }

  #inTurn<T>(begin: () => Promise<T>): Promise<T> {
    const begun = this.#beginning.then(begin);
    this.#beginning = begun.catch(() => undefined);
    return begun;
  }

  async #begin(
    way: Pick<Arrival, 'way' | 'url' | 'bytes'>,
    offered: string,
    { image, sha256 }: NewArrival,
  ): Promise<ArrivalBegun> {
    const named = chooseFileName(offered, image.name);
    if (!named.named) return { begun: false, because: named.because };
    const { fileName } = named;
    const name = image.name ?? arrivalName(fileName);
    const before = this.#live.get(name)?.arrival ?? this.#records.failedBy(name);
    const isSame =
      before?.url === way.url &&
      before?.fileName === fileName &&
      before.bytes === (way.bytes ?? before.bytes);
    const live = this.#live.get(name);
    // The same once more is how somebody goes on with it.
    if (live && isSame) return { begun: true, shown: shownLive(live) };
    const objection = await this.#objectionTo({ name, fileName }, isSame ? undefined : before);
    if (objection !== undefined) return { begun: false, because: objection };
    const arrival: Arrival = {
      name,
      ...(isSame ? before : {}),
      ...way,
      fileName,
      ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
      image,
      startedAtMs: this.#needs.clock.nowMs(),
    };
    const { failed: _over, ...again } = arrival;
    const opened = await this.#open(again);
    if (!opened.open) return { begun: false, because: opened.because };
    const { part } = opened;
    const room = await part.room((again.bytes ?? part.bytes) - part.bytes);
    if (room.kept) return { begun: true, shown: shownLive(await this.#goOn(again, part)) };
    await part.close();
    await removePart(this.#placeOf(again));
    return { begun: false, because: room.because };
  }

  async #objectionTo(
    { name, fileName }: Pick<Arrival, 'name' | 'fileName'>,
    other: Arrival | undefined,
  ): Promise<string | undefined> {
    if (other !== undefined)
      return `"${name}" is on its way from elsewhere already: choose another --name, or end that (muster image rm ${name})`;
    if (name === '') return `"${fileName}" gives no name for an image: say what it shall be called (--name)`;
    const image = await this.#needs.images.byName(name);
    if (image) return `image "${name}" is there already, in ${image.folder}: choose another --name`;
    const place = this.#placeOf({ fileName });
    if (await isThere(place)) return `"${place}" is there already: add that, or take it away`;
    if (this.isClaimed(place)) return `"${place}" is on its way already`;
    if (this.#live.size >= MAX_ARRIVALS) return `${MAX_ARRIVALS} disc images are on their way: wait for one`;
    return undefined;
  }

  async #open(
    arrival: Arrival,
  ): Promise<
    { readonly open: true; readonly part: PartFile } | { readonly open: false; readonly because: string }
  > {
    const place = this.#placeOf(arrival);
    try {
      return { open: true, part: await PartFile.open(place) };
    } catch (error) {
      return { open: false, because: `nothing can be put there: ${reasonOf(error, partOf(place))}` };
    }
  }

  async #goOn(arrival: Arrival, part: PartFile): Promise<LiveArrival> {
    await this.#records.begins(arrival);
    const rate = new ArrivalRate(this.#needs.clock, part.bytes);
    const live: LiveArrival = {
      arrival,
      place: this.#placeOf(arrival),
      part,
      rate,
      stop: new AbortController(),
      work: Promise.resolve(),
    };
    this.#live.set(arrival.name, live);
    if (arrival.way === 'download')
      live.work = this.#load(live).catch(async (error: unknown) => {
        this.#needs.failed(error);
        const because = error instanceof Error ? error.message : String(error);
        await this.#giveUp(live, because, 'keep').catch(this.#needs.failed);
      });
    return live;
  }

  async #load(live: LiveArrival): Promise<void> {
    const { fetch, retryMs } = this.#needs;
    const last = await loadArrival(live, { fetch, records: this.#records, retryMs });
    if (live.stop.signal.aborted) return;
    if (last.done) return await this.#arrive(live);
    await this.#giveUp(live, last.because, last.spoilt === true ? 'remove' : 'keep');
  }

  async #takePiece(live: LiveArrival, offset: number, bytes: Uint8Array): Promise<PieceTaken> {
    const because = objectionToPiece(live, offset, bytes.length);
    if (because !== undefined) return { taken: false, because };
    const { part, arrival } = live;
    const { name } = arrival;
    const kept = await part.add(bytes);
    if (!kept.kept) {
      await this.#giveUp(live, kept.because, 'remove');
      return { taken: false, because: kept.because };
    }
    if (part.bytes === arrival.bytes) await this.#arrive(live);
    const shown = this.byName(name);
    return shown ? { taken: true, shown } : { taken: false, because: `upload "${name}" was ended` };
  }

  async #arrive(live: LiveArrival): Promise<void> {
    await this.#end.arrive(live);
    this.#live.delete(live.arrival.name);
  }

  async #giveUp(live: LiveArrival, because: string, part: 'keep' | 'remove'): Promise<void> {
    await this.#end.giveUp(live, because, part);
    this.#live.delete(live.arrival.name);
  }

  /** It is ended where it is. */
  async #leave(name: string): Promise<void> {
    const live = this.#live.get(name);
    if (!live) return;
    live.stop.abort();
    await live.work;
    this.#live.delete(name);
    await live.part.close();
  }

  #placeOf({ fileName }: Pick<Arrival, 'fileName'>): string {
    return join(this.#needs.imagesFolder, fileName);
  }
}
