import type { ExpectedSum } from '../../core/images/image-condition.ts';
import { imageNameOf, objectionToName } from '../../core/images/image-name.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { ChosenFiles, Image } from '../../core/images/image.ts';
import type { Clock } from '../../lib/clock.ts';
import { withoutUndefined } from '../../lib/without-undefined.ts';
import type { EventLog } from '../event-log.ts';
import type { ImageChecks } from './image-checks.ts';
import { findImagePlace, isInside, type OwnFolders } from './image-place.ts';
import { lookIntoImage } from './look-into-image.ts';
import type { TreeRoots } from './tree-roots.ts';

export interface ImageServiceNeeds extends OwnFolders {
  readonly images: ImageStore;
  readonly roots: Pick<TreeRoots, 'reader' | 'disc'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  /** They are computed in the background. */
  readonly checks: Pick<ImageChecks, 'check' | 'leave'>;
}

export interface NewImage extends ChosenFiles {
  /** Absolute: a folder, or a disc image. */
  readonly folder: string;
  readonly name?: string;
  /** What the user knows of the disc image as a whole. */
  readonly sha256?: string;
  /** Where that stands; absent: on the command line. */
  readonly sha256From?: string;
  /** Take it, and boot it, although it is damaged. */
  readonly force?: boolean;
}

export type ImageAdded =
  | { readonly added: true; readonly image: Image; readonly note?: string }
  | { readonly added: false; readonly because: string };

export type ImageLookedAgain =
  | { readonly looked: true; readonly image: Image }
  | { readonly looked: false; readonly because: string };

/** The images: folders and disc images of this server that hold an operating system, or packages, or plain files. */
export class ImageService {
  readonly #needs: ImageServiceNeeds;

  constructor(needs: ImageServiceNeeds) {
    this.#needs = needs;
  }

  /** It can be booted when this resolves; its checksum comes later. */
  async add(wanted: NewImage): Promise<ImageAdded> {
    const { images, roots, clock, checks } = this.#needs;
    const place = await findImagePlace(wanted.folder, this.#needs);
    if (!place.there) return { added: false, because: place.because };
    const chosen = chosenOf(wanted);
    const looked = await lookIntoImage(roots, place.folder, chosen);
    if (!looked.looked) return { added: false, because: looked.because };
    const name = wanted.name ?? (await this.#nameFor(looked.image, place.folder));
    const wrong = objectionToName(name) ?? objectionToDisc(looked.image, wanted);
    if (wrong !== undefined) return { added: false, because: wrong };
    const neighbours = await this.#neighboursOf(place.real, name, chosen);
    if (neighbours.because !== undefined) return { added: false, because: neighbours.because };
    if (neighbours.unnamed !== undefined) {
      const removed = await this.remove(neighbours.unnamed);
      if (!removed.removed) {
        const because = `"${place.real}" is image "${neighbours.unnamed}" already, and ${removed.because}`;
        return { added: false, because };
      }
    }
    const image: Image = {
      name,
      ...looked.image,
      ...conditionWith(looked.image, wanted),
      addedAtMs: clock.nowMs(),
    };
    const put = await images.add(image);
    if (!put.put) return { added: false, because: put.because };
    this.#note('image.added', image, `Image ${name} is there: ${image.title}`);
    checks.check(name);
    const note = [looked.note, neighbours.note].filter((text) => text !== undefined).join('; ');
    return { added: true, image, ...(note === '' ? {} : { note }) };
  }

  /** What is in its files now, under the same name. */
  async lookAgain(image: Image): Promise<ImageLookedAgain> {
    const looked = await lookIntoImage(this.#needs.roots, image.folder, image.chosen ?? {});
    if (!looked.looked) return looked;
    const { name, addedAtMs } = image;
    const expected = image.condition?.expected;
    const now: Image = { ...looked.image, name, addedAtMs, ...withExpected(looked.image, expected) };
    if (!(await this.#needs.images.change(now)))
      return { looked: false, because: `image ${image.name} is not the same any more` };
    this.#needs.checks.check(image.name);
    return { looked: true, image: now };
  }

  /** Its checksum is computed anew; `force` boots it whatever comes of that. */
  async checkAgain(
    name: string,
    { sha256, force }: Pick<NewImage, 'sha256' | 'force'>,
  ): Promise<Image | undefined> {
    const image = await this.#needs.images.byName(name);
    if (!image) return undefined;
    if (image.condition === undefined) {
      const looked = await this.lookAgain(image);
      return looked.looked ? looked.image : image;
    }
    const { force: _before, ...condition } = image.condition;
    const checked: Image = {
      ...image,
      condition: {
        ...condition,
        checksum: { state: 'waiting' },
        ...(sha256 === undefined ? {} : { expected: { sha256: sha256.toLowerCase(), from: GIVEN } }),
        ...(force === true ? { force } : {}),
      },
    };
    await this.#needs.images.change(checked);
    this.#needs.checks.check(name);
    return checked;
  }

  list(): Promise<readonly Image[]> {
    return this.#needs.images.list();
  }

  byName(name: string): Promise<Image | undefined> {
    return this.#needs.images.byName(name);
  }

  /** The folder stays as it is. */
  async remove(name: string): Promise<{ removed: true } | { removed: false; because: string }> {
    const image = await this.#needs.images.byName(name);
    const removed = await this.#needs.images.remove(name);
    if (removed.removed) this.#needs.checks.leave(name);
    if (removed.removed && image)
      this.#note('image.removed', image, `Image ${name} is forgotten; its files are as they were`);
    return removed;
  }

  async #nameFor(image: Pick<Image, 'family' | 'title'>, folder: string): Promise<string> {
    return nameByItself(image, folder, new Set((await this.#needs.images.list()).map(({ name }) => name)));
  }

  /** Other images of the same file, or around it. One that nobody named yet may get its name now. */
  async #neighboursOf(
    real: string,
    name: string,
    chosen: ChosenFiles,
  ): Promise<{ readonly because?: string; readonly note?: string; readonly unnamed?: string }> {
    for (const other of await this.#needs.images.list()) {
      if (other.name === name) continue;
      const place = await findImagePlace(other.folder, this.#needs);
      if (!place.there) continue;
      const isSame = JSON.stringify(chosen) === JSON.stringify(other.chosen ?? {});
      if (place.real === real && isSame) {
        if (isNamedByItself(other)) return { unnamed: other.name };
        return {
          because: `"${real}" is image "${other.name}" already: use that, or forget it first (muster image rm ${other.name})`,
        };
      }
      if (place.real !== real && (isInside(place.real, real) || isInside(real, place.real)))
        return { note: `it shares files with image "${other.name}" in ${other.folder}` };
    }
    return {};
  }

  #note(kind: 'image.added' | 'image.removed', { name, folder }: Image, text: string): void {
    this.#needs.events.note({ kind, text, data: { image: name, folder } });
  }
}

/** Where the sum stands that the user wrote on the command line. */
const GIVEN = '--sha256';

function chosenOf({ as, kernel, initrds, title, release, architecture }: NewImage): ChosenFiles {
  return withoutUndefined({ as, kernel, initrds, title, release, architecture });
}

function objectionToDisc({ folder, condition }: Omit<Image, 'name' | 'addedAtMs'>, wanted: NewImage) {
  const missing = condition?.disc?.missingBytes ?? 0;
  if (missing > 0 && wanted.force !== true)
    return `"${folder}" is cut off: ${missing} bytes at its end are missing, as of a download that broke; load it anew, or add it all the same with --force`;
  if (wanted.sha256 !== undefined && condition?.disc === undefined)
    return `"${folder}" is a folder, and a sha256 is of a disc image`;
  return undefined;
}

function conditionWith(
  { condition }: Pick<Image, 'condition'>,
  { sha256, sha256From = GIVEN, force }: NewImage,
): Pick<Image, 'condition'> {
  if (condition === undefined) return {};
  return {
    condition: {
      ...condition,
      ...(sha256 === undefined ? {} : { expected: { sha256: sha256.toLowerCase(), from: sha256From } }),
      ...(force === true ? { force } : {}),
    },
  };
}

/** What its user knows of it holds for the file that takes its place, which may be the whole one at last. */
function withExpected(
  { condition }: Pick<Image, 'condition'>,
  expected: ExpectedSum | undefined,
): Pick<Image, 'condition'> {
  if (condition === undefined || expected === undefined) return {};
  return { condition: { ...condition, expected } };
}

/** Plain files are named for their folder or disc image. */
function nameByItself(
  { family, title }: Pick<Image, 'family' | 'title'>,
  folder: string,
  taken: ReadonlySet<string>,
): string {
  const ofFile = fileTitle(folder);
  return imageNameOf(family === 'files' ? ofFile : title, ofFile, taken);
}

/** As those are that appeared in the folder of images. */
function isNamedByItself(image: Image): boolean {
  return nameByItself(image, image.folder, new Set()) === image.name;
}

function fileTitle(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1).replace(/\.(?:iso|img)$/i, '');
}
