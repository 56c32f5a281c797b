import type { IpAddress } from '../../lib/addresses.ts';
import {
  decideSource,
  objectionToWish,
  type SourceDecision,
  type SourceWish,
  sourceWish,
} from '../../core/boot/decide-source.ts';
import { memoryQuestion } from '../../core/boot/memory-check.ts';
import { offeredSources, type OpenDoors } from '../../core/boot/offered-sources.ts';
import { distributionOf } from '../../core/images/distributions/all.ts';
import type { Image } from '../../core/images/image.ts';
import type { SourceProtocol } from '../../core/images/install-source.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { Machine } from '../../core/machines/machine.ts';

export type TreeDoorsOpen = Pick<OpenDoors, 'trees' | 'closed'>;

export interface InstallSourcesNeeds {
  /** 0 while HTTP is off. */
  readonly machineHttpPort: number;
  /** The doors for whole trees beside HTTP, at an address of this server; left out: there are none. */
  readonly treesAt?: ((address: IpAddress) => TreeDoorsOpen) | undefined;
  /** Whether an image is one file; left out: none is. */
  readonly isDisc?: ((root: string) => Promise<boolean>) | undefined;
  /** What the machine said of its memory, where nobody else did; left out: nothing. */
  readonly memoryOf?: ((machineId: string) => Promise<number | undefined>) | undefined;
  /** Doors that are off by the settings, with the words for it; no boot will ever find them open. */
  readonly off?: Readonly<Partial<Record<SourceProtocol, string>>> | undefined;
}

export interface SourceFor {
  readonly image: Image;
  readonly machine?: Pick<Machine, 'id' | 'name' | 'source' | 'memoryMegabytes' | 'memoryCheck'> | undefined;
  readonly profile?: Pick<Profile, 'name' | 'source' | 'memoryCheck'> | undefined;
  /** The address of this server that the machine talks to. */
  readonly localAddress: IpAddress;
}

const NO_TREES: TreeDoorsOpen = { trees: [], closed: {} };

/** Over what an installer gets its tree: what is open, what the image takes, and who wishes for what. */
export class InstallSources {
  readonly #needs: InstallSourcesNeeds;

  constructor(needs: InstallSourcesNeeds) {
    this.#needs = needs;
  }

  async decide({ image, machine, profile, localAddress }: SourceFor): Promise<SourceDecision> {
    const { machineHttpPort, treesAt, isDisc } = this.#needs;
    const { trees, closed } = treesAt?.(localAddress) ?? NO_TREES;
    const doors = { address: localAddress, httpPort: machineHttpPort || undefined, trees };
    const wholeDisc = (await isDisc?.(image.folder)) ?? false;
    return decideSource({
      image: sayImage(image),
      taken: distributionOf(image.family).sources,
      offered: offeredSources(doors, { name: image.name, isDisc: wholeDisc }),
      closed,
      wish: sourceWish(machine, profile),
      memory: memoryQuestion(image.memoryMegabytes, await this.#withMemory(machine), profile),
    });
  }

  /** People have the last word; else it has what it says itself. */
  async #withMemory(machine: SourceFor['machine']): Promise<SourceFor['machine']> {
    if (machine === undefined || machine.memoryMegabytes !== undefined) return machine;
    const memoryMegabytes = await this.#needs.memoryOf?.(machine.id);
    return memoryMegabytes === undefined ? machine : { ...machine, memoryMegabytes };
  }

  /** Why a wish can never be had, as far as that is known before a boot; undefined where it may be. */
  objectionTo(wish: SourceWish, image?: Image): string | undefined {
    const off = this.#needs.off?.[wish.protocol];
    if (off !== undefined) return `${wish.by} says --source ${wish.protocol}, and ${off}`;
    return image && objectionToWish(sayImage(image), distributionOf(image.family).sources, wish);
  }
}

function sayImage({ name, title }: Image): string {
  return `image ${name} (${title})`;
}
