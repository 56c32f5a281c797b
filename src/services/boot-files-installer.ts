import type { IpAddress } from '../lib/addresses.ts';
import {
  imagePath,
  type InstallUrls,
  installUrls,
  type MachineHttp,
  treeUrl,
} from '../core/boot/machine-urls.ts';
import type { BootPlan } from '../core/boot/boot-plan.ts';
import { firmwareName, firmwareOf, fitsFirmware } from '../core/boot/firmware.ts';
import type { ScriptName } from '../core/boot/script-name.ts';
import { distributionOf } from '../core/images/distributions/all.ts';
import type { Image } from '../core/images/image.ts';
import type { ImageStore } from '../core/images/image-store.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { Profile } from '../core/install/profile.ts';
import type { ProfileStore } from '../core/install/profile-store.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';
import { SIGNATURE } from '../core/scripts/ipxe.ts';
import { SCRIPT_LANGUAGES } from '../core/scripts/all.ts';
import type { Installer, Menu, MenuEntry, ScriptPlace } from '../core/scripts/script-language.ts';
import { architectureOfClass } from '../protocols/dhcp/pxe.ts';
import type { OpenInsideFolder } from './loader-service.ts';
import type { Asker } from './who-asks.ts';

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
  readonly openInsideFolder: OpenInsideFolder;
  /** Whether iPXE checks a signature beside each file. Off unless told. */
  readonly ipxeSignatures?: 'off' | 'required';
}

export type InstallerConfig =
  /** `files`: what the text names, the kernel first, below this server's root. */
  | { readonly ready: true; readonly text: string; readonly files: readonly string[] }
  | { readonly ready: false; readonly because: string };

export type FoundInstaller =
  | { readonly ready: true; readonly image: Image; readonly installer: Installer }
  | { readonly ready: false; readonly because: string };

type PlannedInstall = Pick<BootPlan & { readonly boot: 'installer' }, 'installId' | 'profile' | 'because'>;

interface Place {
  readonly asker: Asker;
  readonly localAddress: IpAddress;
  readonly asked: ScriptName;
}

/** From an install, or from the images there are, to what a loader has to fetch and say. */
export class InstallerPlans {
  readonly #needs: InstallerPlansNeeds;

  constructor(needs: InstallerPlansNeeds) {
    this.#needs = needs;
  }

  async forInstall(plan: PlannedInstall, place: Place): Promise<InstallerConfig> {
    const found = await this.findInstaller(plan, place, architectureOf(place.asker));
    if (!found.ready) return found;
    const { image, installer } = found;
    const unsigned = place.asked.language === 'ipxe' ? await this.#unsignedFile(image) : undefined;
    if (unsigned !== undefined) {
      return {
        ready: false,
        because: `image ${image.name} has no ${unsigned}${SIGNATURE}, and ipxe.signatures is required: sign it with openssl cms, or set ipxe.signatures to off`,
      };
    }
    try {
      const { installer: render } = SCRIPT_LANGUAGES[place.asked.language];
      const text = render(installer, this.#scriptPlace(place), plan.because);
      return { ready: true, text, files: [installer.kernel, ...installer.initrds] };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { ready: false, because: error.message };
    }
  }

  /**
   * What is fetched and said for an install, in no loader's language.
   *
   * @param architecture of the firmware that starts it.
   */
  async findInstaller(
    plan: PlannedInstall,
    place: Pick<Place, 'asker' | 'localAddress'>,
    architecture: number | undefined,
  ): Promise<FoundInstaller> {
    const { machine } = place.asker;
    const install = await this.#needs.installs.byId(plan.installId);
    const profile = await this.#needs.profiles.byName(plan.profile);
    if (!install || !machine) return { ready: false, because: `install ${plan.installId} is gone` };
    if (!profile) return { ready: false, because: `profile ${plan.profile} is gone` };
    const image = await this.#needs.images.byName(profile.image);
    if (!image) return { ready: false, because: `image ${profile.image} of profile ${profile.name} is gone` };
    if (image.kernel === undefined || image.answerKind === 'none') {
      return { ready: false, because: `image ${image.name} has no installer that reads an answer file` };
    }
    const unfit = whyUnfit(image, architecture ?? 0);
    if (unfit !== undefined)
      return { ready: false, because: `${unfit}: arm it with a profile of another image` };
    const urls = installUrls(this.#http(place), image, install.token, image.answerKind);
    try {
      const words = this.#needs.answers.kernelCommandLine(machine, profile, image, urls);
      return { ready: true, image, installer: installerOf(image, image.kernel, words) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { ready: false, because: error.message };
    }
  }

  /** Of the files that iPXE is to verify, the first that has no signature beside it. */
  async #unsignedFile({ folder, kernel, initrds }: Image): Promise<string | undefined> {
    if (this.#needs.ipxeSignatures !== 'required') return undefined;
    for (const file of [kernel, ...initrds]) {
      if (file === undefined) continue;
      const signature = await this.#needs.openInsideFolder(folder, `${file}${SIGNATURE}`);
      if (!signature.found) return file;
      await signature.source.close();
    }
    return undefined;
  }

  async menu(place: Place, menuModule: string | undefined): Promise<Menu> {
    const { menu } = await this.#needs.policy.get();
    const http = this.#http(place);
    const architecture = architectureOf(place.asker);
    const entries: MenuEntry[] = [];
    for (const image of await this.#needs.images.list()) {
      if (image.kernel === undefined || !isOffered(image, menu, architecture)) continue;
      const distribution = distributionOf(image.family);
      const words = distribution.attendedArguments(image, treeUrl(http, image.name)).join(' ');
      const installer = installerOf(image, image.kernel, words);
      entries.push({ ...installer, name: image.name, title: titleOf(image) });
    }
    const { menu: render } = SCRIPT_LANGUAGES[place.asked.language];
    return render(menu, entries, { ...this.#scriptPlace(place), menuModule });
  }

  #http({ localAddress }: Pick<Place, 'localAddress'>): MachineHttp {
    return { address: localAddress, port: this.#needs.machineHttpPort };
  }

  #scriptPlace(place: Place): ScriptPlace {
    const signatures = this.#needs.ipxeSignatures === 'required' ? 'required' : undefined;
    return { ...scriptPlace(place, this.#needs.machineHttpPort), signatures };
  }
}

export function scriptPlace({ asker, localAddress, asked }: Place, httpPort: number): ScriptPlace {
  return {
    address: localAddress,
    httpPort,
    folder: asked.folder,
    mac: asker.mac,
    from: asked.from,
    // Who has no lease here and is known all the same was seen to take another server's address.
    isProxied: asker.mac !== undefined && asker.lease === undefined,
  };
}

/** Why this firmware does not start the image, or undefined. */
function whyUnfit(image: Image, architecture: number): string | undefined {
  const firmware = firmwareName(architecture);
  if (!fitsFirmware(image.architecture, architecture))
    return `image ${image.name} is for ${image.architecture}, which ${firmware} does not start`;
  // It takes the list for the name of one file (U-Boot 2023.01).
  if (image.initrds.length > 1 && firmwareOf(architecture)?.platform === 'U-Boot')
    return `image ${image.name} has ${image.initrds.length} initrds, and ${firmware} loads one`;
  return undefined;
}

/** What the firmware of the lease said of itself; undefined where it said nothing. */
export function architectureOf({ vendorClass }: Asker): number | undefined {
  return architectureOfClass(vendorClass ?? '');
}

function installerOf(image: Image, kernel: string, words: string): Installer {
  return {
    kernel: imagePath(image.name, kernel),
    initrds: image.initrds.map((path) => imagePath(image.name, path)),
    arguments: words,
  };
}

function isOffered(image: Image, { images }: Policy['menu'], architecture: number | undefined): boolean {
  if (!fitsFirmware(image.architecture, architecture)) return false;
  return images === 'all' || images.includes(image.name);
}

function titleOf(image: Image): string {
  return image.architecture === '' ? image.title : `${image.title} ${image.architecture}`;
}
