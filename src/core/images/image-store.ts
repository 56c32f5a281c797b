import type { Image } from './image.ts';

export interface ImageStore {
  list(): Promise<readonly Image[]>;
  byName(name: string): Promise<Image | undefined>;
  /** Refused when the name is taken by another image. */
  add(image: Image): Promise<{ put: true } | { put: false; because: string }>;
  /** What is known of it now. False where it was taken away, or added anew, meanwhile. */
  change(image: Image): Promise<boolean>;
  /** What its user does not want in the folder of images, and how it looked then. */
  setAside(folder: string, signature: string): Promise<void>;
  /** By path. */
  aside(): Promise<ReadonlyMap<string, string>>;
  /** Refused while a profile uses it. The folder stays as it is. */
  remove(name: string): Promise<{ removed: true } | { removed: false; because: string }>;
}
