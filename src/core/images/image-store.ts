import type { Image } from './image.ts';

export interface ImageStore {
  list(): Promise<readonly Image[]>;
  byName(name: string): Promise<Image | undefined>;
  /** Refused when the name is taken by another image. */
  add(image: Image): Promise<{ put: true } | { put: false; because: string }>;
  /** Refused while a profile uses it. The folder stays as it is. */
  remove(name: string): Promise<{ removed: true } | { removed: false; because: string }>;
}
