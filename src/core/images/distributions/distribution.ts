import type { IpAddress, MacAddress } from '../../../lib/addresses.ts';
import type { AnswerKind, Image } from '../image.ts';
import { type InstallSource, isOverIpv6, type TakenSource } from '../install-source.ts';
import type { TreeReader } from '../tree-reader.ts';

/** What a tree turned out to hold. Paths are relative to the tree's root. */
export type Recognised = Pick<
  Image,
  | 'family'
  | 'title'
  | 'release'
  | 'architecture'
  | 'kernel'
  | 'initrds'
  | 'answerKind'
  | 'facts'
  | 'memoryMegabytes'
  | 'needs'
> & {
  /** What the user should know before using it. */
  readonly note?: string;
};

export type Recognition =
  | { readonly recognised: true; readonly tree: Recognised }
  | {
      readonly recognised: false;
      readonly because: string;
      /** Some of its signs are there: the reason is worth telling whatever else was looked for. */
      readonly nearly?: true;
    };

/** Where the installer finds things, made by the doors that serve them. */
interface InstallerUrls {
  readonly source: InstallSource;
  /** A complete URL without spaces. */
  readonly answer: string;
  /** Where it sends its log over syslog; left out: nowhere. */
  readonly syslog?: { readonly address: IpAddress; readonly port: number } | undefined;
}

/** What of an image the words of its kernel depend on. */
export type BootImage = Pick<Image, 'title' | 'release' | 'facts'>;

export interface InstallerBoot {
  readonly image: BootImage;
  readonly urls: InstallerUrls;
  /** The machine's host name, a DNS label. */
  readonly hostName: string;
  readonly domain?: string;
  /** The disk to install on, by its name below /dev, for installers that are told it before they have an answer file. */
  readonly disk?: string;
  /**
   * The network card the machine boots from. Left out for loaders that tell the kernel themselves, as pxelinux
   * does with `ipappend 2`.
   */
  readonly bootMac?: MacAddress;
}

/** One family of operating systems: how its trees are recognised, and what its installer wants to be told. */
export interface Distribution {
  readonly family: string;
  /** Its systems, as people call them. */
  readonly systems: string;
  /** What a tree of this family has, for the sentence that nothing was recognised. */
  readonly looksFor: string;
  /** How it can be given its files, the best way first; none where all of them are in its initrd. */
  readonly sources: readonly TakenSource[];
  /** The answer files that its installers read. */
  readonly answers: readonly AnswerKind[];
  /** How much memory a boot over the network takes, in words. */
  readonly memory: string;
  recognise(tree: TreeReader): Promise<Recognition>;
  /**
   * Words of the kernel's command line, in order, each without spaces.
   *
   * @throws RangeError where the source is not one of `sources`.
   */
  installerArguments(boot: InstallerBoot): readonly string[];
  /**
   * The same for an installer that a person sits before: where its packages are, where it cannot ask for that
   * itself, and nothing that would answer a question for the person.
   *
   * @throws RangeError where the source is not one of `sources`.
   */
  attendedArguments(image: BootImage, source: InstallSource): readonly string[];
}

/** A file that lies in the same folder as the answer file (`core/answers/side-files.ts`). */
export function besideAnswer(answer: string, file: string): string {
  return `${answer.slice(0, answer.lastIndexOf('/') + 1)}${file}`;
}

/** How loaders tell the kernel the network card they booted from: ARP type 1, then the address with dashes. */
export function bootifWords(bootMac: MacAddress | undefined): readonly string[] {
  return bootMac === undefined ? [] : [`BOOTIF=01-${bootMac.replaceAll(':', '-')}`];
}

/**
 * What dracut is told of the network: with BOOTIF it means that card alone. `auto6` takes addresses as the router says,
 * from DHCPv6 too (dracut.cmdline(7)).
 */
export function dracutNetworkWord(source: InstallSource): string {
  return isOverIpv6(source) ? 'ip=auto6' : 'ip=dhcp';
}

export function notThis(because: string): Recognition {
  return { recognised: false, because };
}

export function nearlyThis(because: string): Recognition {
  return { recognised: false, because, nearly: true };
}

/** What a row for systems that Muster cannot start says of their words: there is no kernel they could go to. */
export const BOOTS_NOTHING: Pick<
  Distribution,
  'sources' | 'answers' | 'installerArguments' | 'attendedArguments'
> = {
  sources: [],
  answers: [],
  installerArguments: () => [],
  attendedArguments: () => [],
};
