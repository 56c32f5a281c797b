import { watch, type FSWatcher } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decideOnImage } from '../../core/images/decide-on-image.ts';
import { mayBeImage } from '../../core/images/images-folder.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Image } from '../../core/images/image.ts';
import type { EventLog } from '../event-log.ts';
import { type ImageIdentity, isInside } from './image-place.ts';
import type { ImageService } from './image-service.ts';
import { type PathSignature, signatureOf } from '../path-signature.ts';

export interface ImageWatchNeeds {
  readonly images: Pick<ImageStore, 'list' | 'change' | 'setAside' | 'aside'>;
  readonly service: Pick<ImageService, 'add' | 'lookAgain'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly identify: (image: Pick<Image, 'folder' | 'kernel' | 'initrds'>) => Promise<ImageIdentity>;
  /** Where whatever appears is added by itself. */
  readonly imagesFolder: string;
  /** Files that something of ours is putting there just now. */
  readonly isClaimed: (path: string) => boolean;
  readonly isOpenForWriting: (path: string) => Promise<boolean>;
  /** Its checksum is to be computed. */
  readonly check: (name: string) => void;
  readonly failed: (error: unknown) => void;
}

/** Between two looks; file systems of other computers tell nothing by themselves. */
const LOOK_EVERY_MS = 10_000;
/** After something moved: long enough that a copy that goes on is seen to grow. */
const LOOK_SOON_MS = 1_500;
/** Entries of the folder of images that are looked at. */
const MAX_ENTRIES = 1_000;
/** Files and folders that were told to be no image are remembered, so that each is told once. */
const MAX_REMEMBERED = 1_000;

/** Looks after the files of images: what appears in their folder, what goes, and what is changed. */
export class ImageWatch {
  readonly #needs: ImageWatchNeeds;
  /** How each file looked the last time, by its path. */
  readonly #seen = new Map<string, string>();
  /** What is no image, and how it looked then. */
  readonly #refused = new Map<string, string>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  /** Something moves: the next look comes sooner. */
  #soon = false;
  #closed = false;

  constructor(needs: ImageWatchNeeds) {
    this.#needs = needs;
  }

  start(): void {
    try {
      this.#watcher = watch(this.#needs.imagesFolder, () => this.#lookIn(LOOK_SOON_MS));
      // It may be that the folder went; the slow look says so.
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      this.#watcher = undefined; // Too many watches, or a file system without: the slow look is enough.
    }
    this.#lookIn(0);
  }

  /** One at a time; for tests too. */
  async look(): Promise<void> {
    await this.#looking;
    this.#looking = this.#lookAtAll();
    await this.#looking;
    this.#looking = undefined;
  }

  /** What its user forgot is not added again by itself while it stays as it is. */
  async leave({ folder }: Pick<Image, 'folder'>): Promise<void> {
    if (!isInside(this.#needs.imagesFolder, folder)) return;
    const signature = await signatureOf(folder);
    if (signature !== undefined) await this.#needs.images.setAside(folder, signature.text);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watcher?.close();
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #lookIn(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#soon = false;
      void this.look().then(() => this.#lookIn(this.#soon ? LOOK_SOON_MS : LOOK_EVERY_MS));
    }, ms);
    this.#timer.unref();
  }

  async #lookAtAll(): Promise<void> {
    try {
      const images = await this.#needs.images.list();
      for (const image of images) if (!this.#closed) await this.#lookAtImage(image);
      const known = new Set(images.map(({ folder }) => folder));
      await this.#lookAtFolder(known);
    } catch (error) {
      this.#needs.failed(error);
    }
  }

  async #lookAtImage(image: Image): Promise<void> {
    const found = await this.#needs.identify(image);
    const before = this.#seen.get(image.folder);
    if (found.there) this.#seen.set(image.folder, found.identity);
    else this.#seen.delete(image.folder);
    if (found.there && this.#refused.get(image.folder) === found.identity) return;
    const decision = decideOnImage(image, found, before);
    if (decision.do !== 'nothing') this.#soon = true;
    switch (decision.do) {
      case 'nothing':
        return;
      case 'mark':
        await this.#mark(image, decision.trouble);
        return;
      case 'look into':
        await this.#lookInto(image, decision.because, found);
        return;
      default:
        decision satisfies never;
    }
  }

  async #mark(image: Image, trouble: NonNullable<Image['condition']>['trouble']): Promise<void> {
    if (image.condition === undefined) return;
    const { trouble: before, ...condition } = image.condition;
    const changed = { ...image, condition: { ...condition, ...(trouble === undefined ? {} : { trouble }) } };
    if (!(await this.#needs.images.change(changed))) return;
    if (trouble === undefined) {
      if (condition.checksum.state === 'waiting') this.#needs.check(image.name);
      this.#tell('image.returned', image, `Image ${image.name} is as it was, and boots again`);
      return;
    }
    if (before?.kind === trouble.kind) return;
    const kind = trouble.kind === 'missing' ? 'image.missing' : 'image.changed';
    this.#tell(
      kind,
      image,
      `Image ${image.name} is ${trouble.kind}, and no machine boots it`,
      trouble.because,
    );
  }

  async #lookInto(image: Image, because: string, found: ImageIdentity): Promise<void> {
    const looked = await this.#needs.service.lookAgain(image);
    if (looked.looked) {
      if (image.condition === undefined) return;
      const text = `Image ${image.name} was changed, and is ${looked.image.title} now`;
      this.#tell('image.changed', image, text, because);
      return;
    }
    if (found.there) this.#remember(image.folder, found.identity);
    await this.#mark(image, { kind: 'changed', because: looked.because });
  }

  async #lookAtFolder(known: ReadonlySet<string>): Promise<void> {
    const { imagesFolder, images, isClaimed } = this.#needs;
    const entries = await readdir(imagesFolder).catch(() => []);
    const aside = await images.aside();
    for (const name of entries.slice(0, MAX_ENTRIES)) {
      const path = join(imagesFolder, name);
      const isKnown = [...known].some((folder) => isInside(path, folder));
      if (isKnown || isClaimed(path) || this.#closed) continue;
      const signature = await signatureOf(path);
      if (signature === undefined || !mayBeImage(name, signature.kind)) continue;
      if (aside.get(path) !== signature.text) await this.#lookAtNew(path, signature);
    }
  }

  async #lookAtNew(path: string, { text, kind }: PathSignature): Promise<void> {
    const before = this.#seen.get(path);
    this.#seen.set(path, text);
    if (this.#refused.get(path) === text) return;
    const isStill = before === text && !(kind === 'file' && (await this.#needs.isOpenForWriting(path)));
    if (!isStill) {
      this.#soon = true;
      return;
    }
    const added = await this.#needs.service.add({ folder: path });
    if (added.added) return;
    this.#remember(path, text);
    this.#needs.events.note({
      kind: 'image.refused',
      text: `"${path}" is no image by itself: put another file there, or add it by hand`,
      because: added.because,
      data: { folder: path },
    });
  }

  #remember(path: string, identity: string): void {
    if (this.#refused.size >= MAX_REMEMBERED) this.#refused.clear();
    this.#refused.set(path, identity);
  }

  #tell(
    kind: 'image.missing' | 'image.changed' | 'image.returned',
    { name, folder }: Image,
    text: string,
    because?: string,
  ): void {
    const data = { image: name, folder };
    this.#needs.events.note({ kind, text, ...(because === undefined ? {} : { because }), data });
  }
}
