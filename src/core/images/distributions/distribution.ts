import type { MacAddress } from '../../../lib/addresses.ts';
import type { Image } from '../image.ts';
import type { TreeReader } from '../tree-reader.ts';

/** What a tree turned out to hold. Paths are relative to the tree's root. */
export type Recognised = Pick<
  Image,
  'family' | 'title' | 'release' | 'architecture' | 'kernel' | 'initrds' | 'answerKind'
> & {
  /** What the user should know before using it. */
  readonly note?: string;
};

export type Recognition =
  | { readonly recognised: true; readonly tree: Recognised }
  | { readonly recognised: false; readonly because: string };

/** Where the installer finds things: complete URLs without spaces, made by the door that serves them. */
interface InstallerUrls {
  /** The folder of the image, without a slash at its end. */
  readonly tree: string;
  readonly answer: string;
}

export interface InstallerBoot {
  readonly image: Pick<Image, 'title' | 'release'>;
  readonly urls: InstallerUrls;
  /** The machine's host name, a DNS label. */
  readonly hostName: string;
  readonly domain?: string;
  /**
   * The network card the machine boots from. Left out for loaders that tell the kernel themselves, as pxelinux
   * does with `ipappend 2`.
   */
  readonly bootMac?: MacAddress;
}

/** One family of operating systems: how its trees are recognised, and what its installer wants to be told. */
export interface Distribution {
  readonly family: string;
  /** What a tree of this family has, for the sentence that nothing was recognised. */
  readonly looksFor: string;
  recognise(tree: TreeReader): Promise<Recognition>;
  /** Words of the kernel's command line, in order, each without spaces. */
  installerArguments(boot: InstallerBoot): readonly string[];
  /**
   * The same for an installer that a person sits before: where its packages are, where it cannot ask for that
   * itself, and nothing that would answer a question for the person.
   */
  attendedArguments(image: Pick<Image, 'title' | 'release'>, treeUrl: string): readonly string[];
}

/** How loaders tell the kernel the network card they booted from: ARP type 1, then the address with dashes. */
export function bootifWords(bootMac: MacAddress | undefined): readonly string[] {
  return bootMac === undefined ? [] : [`BOOTIF=01-${bootMac.replaceAll(':', '-')}`];
}
