import { createHash } from 'node:crypto';
import type { BootPlan } from '../core/boot/boot-plan.ts';
import { type MachineHttp, mediaUrl } from '../core/boot/machine-urls.ts';
import { macFileName } from '../core/boot/script-name.ts';
import { type DiscWrites, decideDiscWrites } from '../core/images/disc-configs.ts';
import type { Image } from '../core/images/image.ts';
import type { Install } from '../core/install/install.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { InstallEvent } from '../core/install/life.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { MachineStore } from '../core/machines/machine-store.ts';
import { GRUB } from '../core/scripts/grub.ts';
import { PXELINUX } from '../core/scripts/pxelinux.ts';
import type { Installer } from '../core/scripts/script-language.ts';
import type { ByteSource } from '../lib/byte-source.ts';
import { type Patch, patchedSource } from '../lib/patched-source.ts';
import type { InstallerPlans } from './boot-files-installer.ts';
import type { BootService } from './boot-service.ts';
import { findDiscConfigs } from './disc-config-files.ts';
import type { Happened } from './install-service.ts';
import type { Disc } from './open-disc.ts';
import type { TreeRoots } from './tree-roots.ts';

export interface BootMediaNeeds {
  readonly machines: Pick<MachineStore, 'byName'>;
  readonly installs: Pick<InstallStore, 'byId'>;
  readonly boot: Pick<BootService, 'planFor'>;
  readonly installers: Pick<InstallerPlans, 'findInstaller'>;
  readonly roots: Pick<TreeRoots, 'disc' | 'open'>;
  /** Where the machine reaches this server; its BMC, which fetches the disc, may be in another network. */
  readonly machineHttp: () => MachineHttp;
  readonly installHappened: (id: string, event: InstallEvent & 'bootOffered') => Promise<Happened>;
}

export type Media =
  | {
      readonly found: true;
      readonly source: ByteSource;
      readonly image: Image;
      readonly mtimeMs: number;
    }
  | { readonly found: false; readonly because: string };

export type MediaUrl =
  | {
      readonly found: true;
      readonly url: string;
      readonly image: string;
      /** Loaders of the disc that start what they always did. */
      readonly left: readonly string[];
    }
  | { readonly found: false; readonly because: string };

interface Prepared {
  readonly patches: readonly Patch[];
  readonly left: readonly string[];
}

interface Armed {
  readonly install: Install;
  readonly image: Image;
  readonly disc: Disc;
  readonly prepared: Prepared;
}

type Found<Value> = ({ readonly found: true } & Value) | { readonly found: false; readonly because: string };

const DISC_ENDING = '.iso';
const KEY_LENGTH = 32;
/** Discs that are being read; what is written into one stays the same for as long as its install does. */
const MAX_PREPARED = 64;
/** IANA "Processor Architecture Types", for the question whether an image fits: a disc has loaders of its own. */
const ARCHITECTURES: Readonly<Record<string, number>> = { aarch64: 11, riscv64: 27 };
const X86_BIOS = 0;

/**
 * The disc of an armed machine's image, with its loaders told to start the installer: for the virtual drive of a BMC.
 * Only the bytes of configurations differ, and they stay where they are.
 */
export class BootMedia {
  readonly #needs: BootMediaNeeds;
  readonly #prepared = new Map<string, Promise<Found<{ prepared: Prepared }>>>();

  constructor(needs: BootMediaNeeds) {
    this.#needs = needs;
  }

  async urlFor(machine: Machine): Promise<MediaUrl> {
    const armed = await this.#armed(machine);
    if (!armed.found) return armed;
    const { install, image, prepared } = armed;
    const url = mediaUrl(this.#needs.machineHttp(), keyOf(install), `${machine.name}${DISC_ENDING}`);
    return { found: true, url, image: image.name, left: prepared.left };
  }

  /**
   * The caller closes the source.
   *
   * @param purpose `look` tells only what would be sent and changes nothing (HEAD).
   */
  async open(key: string, file: string, purpose: 'fetch' | 'look'): Promise<Media> {
    const name = file.endsWith(DISC_ENDING) ? file.slice(0, -DISC_ENDING.length) : undefined;
    const machine = name === undefined ? undefined : await this.#needs.machines.byName(name);
    if (!machine) return { found: false, because: 'no machine has this name' };
    const armed = await this.#armed(machine);
    if (!armed.found) return armed;
    const { install, image, prepared } = armed;
    if (keyOf(install) !== key) return { found: false, because: 'it is asked for with another key' };
    const opened = await this.#needs.roots.open(image.folder, '');
    if (!opened.found) return opened;
    if (purpose === 'fetch' && install.state === 'requested') {
      const offered = await this.#needs.installHappened(install.id, 'bootOffered');
      if (!offered.happened) {
        await opened.source.close();
        return { found: false, because: offered.because };
      }
    }
    return {
      found: true,
      source: patchedSource(opened.source, prepared.patches),
      image,
      // Of the moment at which these bytes came to be.
      mtimeMs: install.requestedAtMs,
    };
  }

  async #armed(machine: Machine): Promise<Found<Armed>> {
    const plan = await this.#needs.boot.planFor(machine);
    if (plan.boot !== 'installer') return { found: false, because: plan.because };
    const install = await this.#needs.installs.byId(plan.installId);
    if (!install) return { found: false, because: `install ${plan.installId} is gone` };
    const place = {
      asker: { machine, mac: machine.macs[0] },
      localAddress: this.#needs.machineHttp().address,
    };
    const first = await this.#needs.installers.findInstaller(plan, place, undefined, architectureFor);
    if (!first.ready) return { found: false, because: first.because };
    const { image, installer, overlay } = first;
    if (overlay)
      return {
        found: false,
        because: `profile ${plan.profile} has an overlay, and a disc has no room for one: boot over the network, or use a profile without it`,
      };
    const disc = await this.#needs.roots.disc(image.folder);
    if (!disc)
      return {
        found: false,
        because: `image ${image.name} is a folder of files: add the disc image itself`,
      };
    const key = `${install.id} ${disc.identity}`;
    const preparing = this.#prepared.get(key) ?? this.#prepare(plan, machine, image, installer, disc);
    if (!this.#prepared.has(key)) {
      const [oldest] = this.#prepared.keys();
      if (this.#prepared.size >= MAX_PREPARED && oldest !== undefined) this.#prepared.delete(oldest);
      this.#prepared.set(key, preparing);
    }
    const prepared = await preparing;
    if (!prepared.found) {
      // The profile may be another one the next time.
      this.#prepared.delete(key);
      return prepared;
    }
    return { found: true, install, image, disc, prepared: prepared.prepared };
  }

  async #prepare(
    plan: BootPlan & { readonly boot: 'installer' },
    machine: Machine,
    image: Image,
    installer: Installer,
    disc: Disc,
  ): Promise<Found<{ prepared: Prepared }>> {
    const files = await findDiscConfigs(disc);
    if (files.length === 0)
      return { found: false, because: `no loader of image ${image.name} has a configuration that is known` };
    let written: DiscWrites;
    try {
      const because = `install ${plan.installId} of profile ${plan.profile}`;
      written = decideDiscWrites(files, this.#textsFor(machine, image, installer, because));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { found: false, because: error.message };
    }
    const { writes, left } = written;
    if (writes.length === 0) {
      const advice = "shorten the profile's arguments, or boot over the network";
      return {
        found: false,
        because: `the disc has no room for the arguments: ${left.join('; ')}: ${advice}`,
      };
    }
    const patches = writes.flatMap(({ place, path, bytes }) => {
      const file = files.find((one) => one.place === place && one.path === path);
      const neighbours = files.flatMap((one) => (one.place === place ? one.neighbours : []));
      return patchesOf((file ?? neighbours.find((one) => one.path === path))?.extents ?? [], bytes);
    });
    return { found: true, prepared: { patches, left } };
  }

  #textsFor(
    machine: Machine,
    { kernel = '', initrds }: Image,
    { arguments: words }: Installer,
    because: string,
  ): { readonly isolinux: string; readonly grub: string } {
    const [mac] = machine.macs;
    const { address, port: httpPort } = this.#needs.machineHttp();
    const place = { address, httpPort, folder: '', mac, from: 'disc' } as const;
    const bootif = mac === undefined ? '' : ` BOOTIF=${macFileName(mac)}`;
    return {
      // It counts names from its own folder.
      isolinux: PXELINUX.installer(
        {
          kernel: `/${kernel}`,
          initrds: initrds.map((path) => `/${path}`),
          arguments: `${words}${bootif}`.trim(),
        },
        place,
        because,
      ),
      grub: GRUB.installer({ kernel, initrds, arguments: words }, place, because),
    };
  }
}

/** So that whoever reads the URL on a BMC's page has not read the token of the install. */
function keyOf({ token }: Install): string {
  return createHash('sha256').update(`media ${token}`).digest('hex').slice(0, KEY_LENGTH);
}

function architectureFor({ architecture }: Image): number {
  return ARCHITECTURES[architecture] ?? X86_BIOS;
}

function patchesOf(
  extents: readonly { readonly offset: number; readonly length: number }[],
  bytes: Uint8Array,
): readonly Patch[] {
  const patches: Patch[] = [];
  let at = 0;
  for (const { offset, length } of extents) {
    patches.push({ offset, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return patches;
}
