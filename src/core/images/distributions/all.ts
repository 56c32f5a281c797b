import { debian } from './debian.ts';
import type { Distribution } from './distribution.ts';
import { files } from './files.ts';
import { rhel } from './rhel.ts';

/** In the order in which they are tried: the surest sign first. */
export const DISTRIBUTIONS: readonly Distribution[] = [rhel, debian];

/** The row of an image; trees of no family are only files. */
export function distributionOf(family: string): Distribution {
  return DISTRIBUTIONS.find((distribution) => distribution.family === family) ?? files;
}
