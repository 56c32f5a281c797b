import type { Ipv4Address } from '../lib/addresses.ts';
import {
  imagePath,
  type InstallUrls,
  installUrls,
  type MachineHttp,
  treeUrl,
} from '../core/boot/machine-urls.ts';
import { distributionOf } from '../core/images/distributions/all.ts';
import type { Image } from '../core/images/image.ts';
import type { ImageStore } from '../core/images/image-store.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { Profile } from '../core/install/profile.ts';
import type { ProfileStore } from '../core/install/profile-store.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';
import {
  type Installer,
  type Menu,
  type MenuEntry,
  pxelinuxInstaller,
  pxelinuxMenu,
} from '../core/scripts/pxelinux.ts';
import type { Asker } from './who-asks.ts';

/** Kernels that a BIOS machine can start; an image that does not say its architecture is offered too. */
const BIOS_ARCHITECTURES = /^(?:|x86_64|amd64|i[3-6]86)$/;

export interface CommandLines {
  /** Of an installer that reads its answer file. @throws RangeError when it cannot be put on one line. */
  kernelCommandLine(machine: Machine, profile: Profile, image: Image, urls: InstallUrls): string;
}

export interface InstallerPlansNeeds {
  readonly images: Pick<ImageStore, 'byName' | 'list'>;
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly installs: Pick<InstallStore, 'byId'>;
  readonly policy: Pick<PolicyStore, 'get'>;
  readonly answers: CommandLines;
  readonly machineHttpPort: number;
}

export type InstallerConfig =
  | { readonly ready: true; readonly text: string }
  | { readonly ready: false; readonly because: string };

interface Place {
  readonly asker: Asker;
  readonly localAddress: Ipv4Address;
  /** What the loader puts before every name. */
  readonly folder: string;
}

/** From an install, or from the images there are, to what a loader has to fetch and say. */
export class InstallerPlans {
  readonly #needs: InstallerPlansNeeds;

  constructor(needs: InstallerPlansNeeds) {
    this.#needs = needs;
  }

  async forInstall(
    plan: { readonly installId: string; readonly profile: string; readonly because: string },
    { asker: { machine }, localAddress, folder }: Place,
  ): Promise<InstallerConfig> {
    const install = await this.#needs.installs.byId(plan.installId);
    const profile = await this.#needs.profiles.byName(plan.profile);
    if (!install || !machine) return { ready: false, because: `install ${plan.installId} is gone` };
    if (!profile) return { ready: false, because: `profile ${plan.profile} is gone` };
    const image = await this.#needs.images.byName(profile.image);
    if (!image) return { ready: false, because: `image ${profile.image} of profile ${profile.name} is gone` };
    if (image.kernel === undefined || image.answerKind === 'none') {
      return { ready: false, because: `image ${image.name} has no installer that reads an answer file` };
    }
    const urls = installUrls(this.#http(localAddress), image, install.token, image.answerKind);
    try {
      const words = this.#needs.answers.kernelCommandLine(machine, profile, image, urls);
      const installer = installerOf(image, image.kernel, words, folder);
      return { ready: true, text: pxelinuxInstaller(installer, plan.because) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { ready: false, because: error.message };
    }
  }

  async menu({ localAddress, folder }: Place, menuModule: string | undefined): Promise<Menu> {
    const { menu } = await this.#needs.policy.get();
    const http = this.#http(localAddress);
    const entries: MenuEntry[] = [];
    for (const image of await this.#needs.images.list()) {
      if (image.kernel === undefined || !isOffered(image, menu)) continue;
      const distribution = distributionOf(image.family);
      const words = distribution.attendedArguments(image, treeUrl(http, image.name)).join(' ');
      const installer = installerOf(image, image.kernel, words, folder);
      entries.push({ ...installer, name: image.name, title: titleOf(image) });
    }
    return pxelinuxMenu(menu, entries, menuModule);
  }

  #http(localAddress: Ipv4Address): MachineHttp {
    return { address: localAddress, port: this.#needs.machineHttpPort };
  }
}

function installerOf(image: Image, kernel: string, words: string, folder: string): Installer {
  return {
    kernel: imagePath(image.name, kernel),
    initrds: image.initrds.map((path) => imagePath(image.name, path)),
    arguments: words,
    folder,
  };
}

function isOffered(image: Image, { images }: Policy['menu']): boolean {
  if (!BIOS_ARCHITECTURES.test(image.architecture)) return false;
  return images === 'all' || images.includes(image.name);
}

function titleOf(image: Image): string {
  return image.architecture === '' ? image.title : `${image.title} ${image.architecture}`;
}
