import type { ChainName } from '../boot/firmware.ts';
import type { MemoryCheck } from '../boot/memory-check.ts';
import type { SourceProtocol } from '../images/install-source.ts';

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
  /** Over what its installers get the tree of the image, in place of their own order. */
  readonly source?: SourceProtocol;
  /** Of a tool: it is started for a person who sits before it, and reads no answer file. */
  readonly attended?: true;
  /** Off: whether there is enough memory for an image is nobody's business. */
  readonly memoryCheck?: MemoryCheck;
}
