import { join } from 'node:path';
import {
  type Arrival,
  type ArrivalStore,
  type ArrivingImage,
  arrivalName,
  chooseFileName,
  lastPartOf,
} from '../core/images/arrival.ts';
import { objectionToUrl } from '../core/images/decide-download.ts';
import type { ExpectedSum } from '../core/images/image-condition.ts';
import type { ImageStore } from '../core/images/image-store.ts';
import type { Clock } from '../lib/clock.ts';
import { ArrivalRate } from './arrival-rate.ts';
import { ArrivalRecords, type ArrivalShown } from './arrival-records.ts';
import { download, type Downloaded } from './download.ts';
import { downloadWithTries } from './download-tries.ts';
import type { EventLog } from './event-log.ts';
import type { ImageService } from './image-service.ts';
import { reasonOf } from './folder-tree.ts';
import { isThere, PartFile, partOf, removePart } from './part-file.ts';
import { sumFromUrl } from './sum-from-url.ts';

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

/** One arrival while it is under way. */
interface Live {
  arrival: Arrival;
  readonly part: PartFile;
  readonly rate: ArrivalRate;
  readonly stop: AbortController;
  /** What is being done to it; the next waits for it. */
  work: Promise<unknown>;
}

/** Disc images that are loaded from elsewhere, or sent through the API; each becomes an image when it is whole. */
export class ImageArrivals {
  readonly #needs: ImageArrivalsNeeds;
  readonly #records: ArrivalRecords;
  readonly #live = new Map<string, Live>();
  /** One beginning at a time, so that two do not take the same name. */
  #beginning: Promise<unknown> = Promise.resolve();

  constructor(needs: ImageArrivalsNeeds) {
    this.#needs = needs;
    this.#records = new ArrivalRecords(needs);
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
    [...this.#live.values()].some(({ arrival }) => this.#placeOf(arrival) === path);

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

  async #goOn(arrival: Arrival, part: PartFile): Promise<Live> {
    await this.#records.begins(arrival);
    const rate = new ArrivalRate(this.#needs.clock, part.bytes);
    const live: Live = { arrival, part, rate, stop: new AbortController(), work: Promise.resolve() };
    this.#live.set(arrival.name, live);
    if (arrival.way === 'download')
      live.work = this.#load(live).catch(async (error: unknown) => {
        this.#needs.failed(error);
        const because = error instanceof Error ? error.message : String(error);
        await this.#giveUp(live, because, 'keep').catch(this.#needs.failed);
      });
    return live;
  }

  async #load(live: Live): Promise<void> {
    const last = await downloadWithTries({
      tryOnce: () => this.#tryToLoad(live),
      here: () => live.part.bytes,
      stop: live.stop.signal,
      retryMs: this.#needs.retryMs,
    });
    if (live.stop.signal.aborted) return;
    if (last.done) return await this.#arrive(live);
    await this.#giveUp(live, last.because, last.spoilt === true ? 'remove' : 'keep');
  }

  async #tryToLoad(live: Live): Promise<Downloaded> {
    const { url = '', validator } = live.arrival;
    return await download({
      url,
      validator,
      part: live.part,
      fetch: this.#needs.fetch,
      enough: live.stop.signal,
      learned: async (facts) => {
        live.arrival = { ...live.arrival, ...facts };
        await this.#records.learned(live.arrival);
      },
    });
  }

  async #takePiece(live: Live, offset: number, bytes: Uint8Array): Promise<PieceTaken> {
    const { part, arrival, stop } = live;
    const { bytes: whole = 0, name } = arrival;
    if (stop.signal.aborted) return { taken: false, because: `upload "${name}" was ended` };
    if (offset !== part.bytes)
      return { taken: false, because: `${part.bytes} bytes are here, and the piece is from ${offset} on` };
    if (offset + bytes.length > whole)
      return { taken: false, because: `the file was said to have ${whole} bytes, and this is more` };
    const kept = await part.add(bytes);
    if (!kept.kept) {
      await this.#giveUp(live, kept.because, 'remove');
      return { taken: false, because: kept.because };
    }
    if (part.bytes === whole) await this.#arrive(live);
    const shown = this.byName(name);
    return shown ? { taken: true, shown } : { taken: false, because: `upload "${name}" was ended` };
  }

  async #arrive(live: Live): Promise<void> {
    const { arrival, part } = live;
    const { name } = arrival;
    const expected = await this.#expectedOf(live);
    const computed = part.sha256();
    if (expected !== undefined && computed !== undefined && computed !== expected.sha256) {
      const because = `its sha256 is ${computed}, and ${expected.from} says ${expected.sha256}`;
      return await this.#giveUp(live, because, 'remove');
    }
    const here = part.bytes;
    const finished = await part.finish();
    if (!finished.kept) return await this.#giveUp(live, finished.because, 'remove');
    const folder = this.#placeOf(arrival);
    const known = expected === undefined ? {} : { sha256: expected.sha256, sha256From: expected.from };
    const added = await this.#needs.service.add({ ...arrival.image, folder, ...known });
    if (added.added) {
      const note = added.note === undefined ? {} : { note: added.note };
      const imageName = added.image.name;
      await this.#records.arrives({ arrival, state: 'arrived', here, imageName, ...note });
    } else await this.#records.fails(arrival, `it is here, and is no image by itself: ${added.because}`);
    this.#live.delete(name);
  }

  /** What its user said, or a list beside it. */
  async #expectedOf({ arrival, stop }: Live): Promise<ExpectedSum | undefined> {
    if (arrival.sha256 !== undefined) return { sha256: arrival.sha256, from: '--sha256' };
    if (arrival.url === undefined) return undefined;
    return await sumFromUrl(arrival.url, { fetch: this.#needs.fetch, enough: stop.signal });
  }

  async #giveUp(live: Live, because: string, part: 'keep' | 'remove'): Promise<void> {
    await live.part.close();
    if (part === 'remove') await removePart(this.#placeOf(live.arrival));
    await this.#records.fails(live.arrival, because);
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

function shownLive({ arrival, part, rate }: Live): ArrivalShown {
  const bytesPerSecond = rate.now(part.bytes);
  return {
    arrival,
    state: 'under way',
    here: part.bytes,
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
  };
}
