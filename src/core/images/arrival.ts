import { nameWord } from './image-name.ts';
import type { ChosenFiles } from './image.ts';

/** A disc image on its way to this server. It is kept, so that it goes on after a restart. */
export interface Arrival {
  /** Of its own; what is told of it, and taken away, goes by it. */
  readonly name: string;
  readonly way: 'download' | 'upload';
  /** Of a download. */
  readonly url?: string;
  /** What the file is called once it is whole, in the folder of images. */
  readonly fileName: string;
  /** In all, where that is known. */
  readonly bytes?: number;
  /** What the other server calls this version of the file (RFC 9110 §8.8): ETag, or Last-Modified. */
  readonly validator?: string;
  /** What its user says of it. */
  readonly sha256?: string;
  readonly image: ArrivingImage;
  /** Why it does not go on; absent while it does. */
  readonly failed?: string;
  readonly startedAtMs: number;
}

/** What is made of it when it is there. */
export interface ArrivingImage extends ChosenFiles {
  readonly name?: string;
  readonly force?: boolean;
}

export interface ArrivalStore {
  /** By name. */
  list(): Promise<readonly Arrival[]>;
  put(arrival: Arrival): Promise<void>;
  /** False where there is none. */
  remove(name: string): Promise<boolean>;
}

/** Characters of a file's name in the folder of images. */
const MAX_FILE_NAME = 200;
const DISC_NAME = /\.(?:iso|img)$/i;
const PLAIN = /^[A-Za-z0-9][\w.+~ ()@-]*$/;

export type FileNamed =
  | { readonly named: true; readonly fileName: string }
  | { readonly named: false; readonly because: string };

/**
 * What the file is called here: as there, where that is the name of a disc image, else as the image.
 *
 * @param offered the last part of a URL, or the name of the file that is sent; any text.
 */
export function chooseFileName(offered: string, imageName: string | undefined): FileNamed {
  if (DISC_NAME.test(offered) && PLAIN.test(offered) && offered.length <= MAX_FILE_NAME)
    return { named: true, fileName: offered };
  if (imageName !== undefined) return { named: true, fileName: `${imageName}.iso` };
  return {
    named: false,
    because: `"${offered.slice(0, MAX_FILE_NAME)}" is not the name of a disc image (NAME.iso or NAME.img): say what the image shall be called (--name)`,
  };
}

/** The last part of a URL's path, as people read it. */
export function lastPartOf(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // A stray "%" is a letter of its name.
  }
}

/** How an arrival is called when its user says nothing. */
export function arrivalName(fileName: string): string {
  return nameWord(fileName.replace(DISC_NAME, ''));
}
