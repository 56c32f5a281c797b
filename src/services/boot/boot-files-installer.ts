import type { IpAddress } from '../../lib/addresses.ts';
import {
  DISCOVERIES_DOOR,
  INSTALLS_DOOR,
  type InstallUrls,
  installUrls,
  type MachineHttp,
} from '../../core/boot/machine-urls.ts';
import { kernelCommandLine } from '../../core/answers/kernel-command-line.ts';
import type { RenderedAnswer } from '../../core/answers/render-answer.ts';
import type { BootPlan } from '../../core/boot/boot-plan.ts';
import type { ScriptName } from '../../core/boot/script-name.ts';
import { distributionOf } from '../../core/images/distributions/all.ts';
import { objectionToImage } from '../../core/images/image-condition.ts';
import type { Image } from '../../core/images/image.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { SourceProtocol } from '../../core/images/install-source.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { PolicyStore } from '../../core/policy/policy-store.ts';
import { SIGNATURE } from '../../core/scripts/ipxe.ts';
import { SCRIPT_LANGUAGES } from '../../core/scripts/all.ts';
import type { Installer, Menu, MenuEntry, ScriptPlace } from '../../core/scripts/script-language.ts';
import type { InstallSources } from '../installs/install-sources.ts';
import {
  architectureOf,
  installerOf,
  isOffered,
  objectionToAnswers,
  titleOf,
  unsignedOverlay,
  whyUnfit,
  withOverlay,
} from '../images/installer-of-image.ts';
import type { OpenInsideFolder } from './loader-service.ts';
import type { AppendedInitrd, OverlayFiles } from '../images/overlay-files.ts';
import type { Asker } from './who-asks.ts';

export interface CommandLines {
  /** Of an installer that reads its answer file. @throws RangeError when it cannot be put on one line. */
  kernelCommandLine(machine: Machine, profile: Profile, image: Image, urls: InstallUrls): Promise<string>;
  /** A text of the profile's overlay. */
  renderOverlay(template: string, path: string, whose: OverlayFor): Promise<RenderedAnswer>;
}

interface OverlayFor {
  readonly machine: Machine;
  readonly profile: Profile;
  readonly image: Image;
  readonly urls: InstallUrls;
}

export interface InstallerPlansNeeds {
  readonly images: Pick<ImageStore, 'byName' | 'list'>;
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly installs: Pick<InstallStore, 'byId'>;
  readonly policy: Pick<PolicyStore, 'get'>;
  readonly answers: CommandLines;
  readonly sources: Pick<InstallSources, 'decide'>;
  /** Files that profiles want in their initrds; left out: there are none. */
  readonly overlays?: Pick<OverlayFiles, 'has' | 'append'> | undefined;
  readonly machineHttpPort: number;
  /** The port for the logs of installers at an address; left out: there is none. */
  readonly syslogAt?: ((address: IpAddress) => number | undefined) | undefined;
  readonly openInsideFolder: OpenInsideFolder;
  /** Whether iPXE checks a signature beside each file. Off unless told. */
  readonly ipxeSignatures?: 'off' | 'required';
}

export type InstallerConfig =
  | {
      readonly ready: true;
      readonly text: string;
      /** What the text names, the kernel first, below this server's root. */
      readonly files: readonly string[];
      /** How it gets its tree, and why that way. */
      readonly source: FoundSource;
    }
  | { readonly ready: false; readonly because: string };

export interface FoundSource {
  readonly protocol: SourceProtocol;
  readonly because: string;
}

export type FoundInstaller =
  | {
      readonly ready: true;
      readonly image: Image;
      readonly installer: Installer;
      readonly source: FoundSource;
      /** Whose files stand behind its initrd; undefined where none do. */
      readonly overlay: OverlayFor | undefined;
    }
  | { readonly ready: false; readonly because: string };

type PlannedInstall = Pick<BootPlan & { readonly boot: 'installer' }, 'installId' | 'profile' | 'because'>;

interface PreparedBoot {
  readonly machine: Machine;
  readonly profile: Profile;
  readonly image: Image;
  readonly token: string;
  readonly door: typeof INSTALLS_DOOR | typeof DISCOVERIES_DOOR;
  /** Absent where nothing is installed. */
  readonly installId?: string;
}

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
    if (found.overlay && place.asked.language === 'ipxe' && this.#needs.ipxeSignatures === 'required')
      return { ready: false, because: unsignedOverlay(plan.profile) };
    return await this.#render(found, place, plan.because);
  }

  async #render(
    { image, installer, source }: FoundInstaller & { readonly ready: true },
    place: Place,
    because: string,
  ): Promise<InstallerConfig> {
    const unsigned = place.asked.language === 'ipxe' ? await this.#unsignedFile(image) : undefined;
    if (unsigned !== undefined) {
      return {
        ready: false,
        because: `image ${image.name} has no ${unsigned}${SIGNATURE}, and ipxe.signatures is required: sign it with openssl cms, or set ipxe.signatures to off`,
      };
    }
    try {
      const { installer: render } = SCRIPT_LANGUAGES[place.asked.language];
      const text = render(installer, this.#scriptPlace(place), because);
      return { ready: true, text, files: [installer.kernel, ...installer.initrds], source };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { ready: false, because: error.message };
    }
  }

  /**
   * What is fetched and said for an install, in no loader's language.
   *
   * @param architecture of the firmware that starts it.
   * @param suppose the architecture where that is not known, from the image.
   */
  async findInstaller(
    plan: PlannedInstall,
    place: Pick<Place, 'asker' | 'localAddress'>,
    architecture: number | undefined,
    suppose: (image: Image) => number = () => 0,
  ): Promise<FoundInstaller> {
    const { machine } = place.asker;
    const install = await this.#needs.installs.byId(plan.installId);
    const profile = await this.#needs.profiles.byName(plan.profile);
    if (!install || !machine) return { ready: false, because: `install ${plan.installId} is gone` };
    if (!profile) return { ready: false, because: `profile ${plan.profile} is gone` };
    const image = await this.#needs.images.byName(profile.image);
    if (!image) return { ready: false, because: `image ${profile.image} of profile ${profile.name} is gone` };
    const { installId } = plan;
    const boot = { machine, profile, image, token: install.token, door: INSTALLS_DOOR, installId } as const;
    return await this.#prepare(boot, place, architecture ?? suppose(image));
  }

  /** The same for a boot in which an unknown machine tells its hardware. */
  async forDiscovery(
    { machine, profile, image, token }: Pick<PreparedBoot, 'machine' | 'profile' | 'image' | 'token'>,
    place: Place,
  ): Promise<InstallerConfig> {
    const boot = { machine, profile, image, token, door: DISCOVERIES_DOOR } as const;
    const found = await this.#prepare(boot, place, architectureOf(place.asker) ?? 0);
    return found.ready ? await this.#render(found, place, 'it tells its hardware') : found;
  }

  async #prepare(
    { machine, profile, image, token, door, installId }: PreparedBoot,
    { localAddress }: Pick<Place, 'localAddress'>,
    architecture: number,
  ): Promise<FoundInstaller> {
    const objection = objectionToImage(image);
    if (objection !== undefined) return { ready: false, because: objection };
    if (image.kernel === undefined)
      return { ready: false, because: `image ${image.name} has no kernel to boot` };
    const noAnswers = objectionToAnswers(image, profile);
    if (noAnswers !== undefined) return { ready: false, because: noAnswers };
    const unfit = whyUnfit(image, architecture);
    if (unfit !== undefined)
      return { ready: false, because: `${unfit}: arm it with a profile of another image` };
    const way = await this.#needs.sources.decide({ image, machine, profile, localAddress });
    if (!way.decided) return { ready: false, because: way.because };
    const urls = installUrls(this.#http({ localAddress }), way.source, token, image.answerKind, door);
    try {
      const words = await this.#needs.answers.kernelCommandLine(machine, profile, image, urls);
      const source = { protocol: way.source.protocol, because: way.because };
      const own = installerOf(image, image.kernel, words);
      const hasOverlay = installId !== undefined && (await this.#needs.overlays?.has(profile.name)) === true;
      if (!hasOverlay) return { ready: true, image, installer: own, source, overlay: undefined };
      const overlay = { machine, profile, image, urls };
      return { ready: true, image, installer: withOverlay(own, installId), source, overlay };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { ready: false, because: error.message };
    }
  }

  /** The last initrd of an install's image, with the files of its profile behind it. */
  async openOverlay(
    plan: PlannedInstall,
    place: Pick<Place, 'asker' | 'localAddress'>,
  ): Promise<AppendedInitrd> {
    const { openInsideFolder, overlays, answers } = this.#needs;
    const found = await this.findInstaller(plan, place, architectureOf(place.asker));
    if (!found.ready) return { found: false, because: found.because };
    const { image, overlay } = found;
    if (!overlay || !overlays) return { found: false, because: `profile ${plan.profile} has no overlay` };
    const path = image.initrds.at(-1);
    const opened = path === undefined ? undefined : await openInsideFolder(image.folder, path);
    if (opened && !opened.found) return { found: false, because: opened.because };
    return await overlays.append(plan.profile, opened?.source, (template, path) =>
      answers.renderOverlay(template, path, overlay),
    );
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
    const { localAddress } = place;
    const architecture = architectureOf(place.asker);
    const entries: MenuEntry[] = [];
    const leftOut: Menu['leftOut'][number][] = [];
    for (const image of await this.#needs.images.list()) {
      if (image.kernel === undefined || !isOffered(image, menu, architecture)) continue;
      const objection = objectionToImage(image);
      if (objection !== undefined) {
        leftOut.push({ name: image.name, because: objection });
        continue;
      }
      try {
        const way = await this.#needs.sources.decide({ image, localAddress, machine: place.asker.machine });
        if (!way.decided) throw new RangeError(way.because);
        const attended = distributionOf(image.family).attendedArguments(image, way.source);
        const words = kernelCommandLine(attended, '');
        const installer = installerOf(image, image.kernel, words);
        entries.push({ ...installer, name: image.name, title: titleOf(image) });
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        leftOut.push({ name: image.name, because: error.message });
      }
    }
    const { menu: render } = SCRIPT_LANGUAGES[place.asked.language];
    const shown = render(menu, entries, { ...this.#scriptPlace(place), menuModule });
    return { ...shown, leftOut: [...leftOut, ...shown.leftOut] };
  }

  #http({ localAddress }: Pick<Place, 'localAddress'>): MachineHttp {
    const { machineHttpPort, syslogAt } = this.#needs;
    return { address: localAddress, port: machineHttpPort, syslogPort: syslogAt?.(localAddress) };
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
