import type { ChainName } from '../boot/firmware.ts';

/** How to install: an image, the answer file's template, kernel arguments and variables. */
export interface Profile {
  readonly name: string;
  /** Name of the image. */
  readonly image: string;
  /** A template in Jinja; absent: the one that comes with Muster for the image's answer kind. */
  readonly template?: string;
  /** Added to the kernel's command line as they stand. */
  readonly arguments: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The chain of loaders for its installs, in place of the firmware table's order. */
  readonly loader?: ChainName;
}
