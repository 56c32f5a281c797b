import { createHash } from 'node:crypto';
import { type MachineHttp, mediaUrl } from '../../core/boot/machine-urls.ts';
import type { Image } from '../../core/images/image.ts';
import type { Install } from '../../core/install/install.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import type { InstallEvent } from '../../core/install/life.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import { patchedSource } from '../../lib/patched-source.ts';
import type { InstallerPlans } from './boot-files-installer.ts';
import type { BootService } from './boot-service.ts';
import { type Found, type PreparedDisc, prepareDisc } from './boot-media-writes.ts';
import type { EventLog } from '../event-log.ts';
import type { InstallBearing } from '../installs/install-files.ts';
import type { Happened } from '../installs/install-service.ts';
import type { TreeRoots } from '../images/tree-roots.ts';

export interface BootMediaNeeds {
  readonly machines: Pick<MachineStore, 'byName'>;
  readonly installs: Pick<InstallStore, 'byId' | 'list'>;
  readonly boot: Pick<BootService, 'planFor'>;
  readonly installers: Pick<InstallerPlans, 'findInstaller'>;
  readonly roots: Pick<TreeRoots, 'disc' | 'open'>;
  /** Where the machine reaches this server; its BMC, which fetches the disc, may be in another network. */
  readonly machineHttp: () => MachineHttp;
  readonly events: Pick<EventLog, 'note'>;
  readonly installHappened: (id: string, event: InstallEvent & 'bootOffered') => Promise<Happened>;
}

export type Media =
  | {
      readonly found: true;
      readonly source: ByteSource;
      readonly image: Image;
      readonly mtimeMs: number;
    }
  /** It bears on a machine only where its key was known. */
  | { readonly found: false; readonly because: string; readonly bearing?: InstallBearing };

export type MediaUrl =
  | {
      readonly found: true;
      readonly url: string;
      readonly image: string;
      /** Loaders of the disc that start what they always did. */
      readonly left: readonly string[];
    }
  | { readonly found: false; readonly because: string };

interface Armed {
  readonly because: string;
  readonly install: Install;
  readonly image: Image;
  readonly prepared: PreparedDisc;
}

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
  readonly #prepared = new Map<string, Promise<Found<{ prepared: PreparedDisc }>>>();

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
    const [newest] = await this.#needs.installs.list({ machineId: machine.id, limit: 1 });
    if (!newest || keyOf(newest) !== key)
      return { found: false, because: 'it is asked for with a key that is not that of its newest install' };
    const bearing = { machineId: machine.id, installId: newest.id };
    const armed = await this.#armed(machine);
    if (!armed.found) return { ...armed, bearing };
    const { install, image, prepared } = armed;
    const opened = await this.#needs.roots.open(image.folder, '');
    if (!opened.found) return { ...opened, bearing };
    if (purpose === 'fetch' && install.state === 'requested') {
      this.#tell(machine, armed);
      const offered = await this.#needs.installHappened(install.id, 'bootOffered');
      if (!offered.happened) {
        await opened.source.close();
        return { found: false, because: offered.because, bearing };
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

  #tell({ id, name }: Machine, { install, image, because }: Armed): void {
    this.#needs.events.note({
      kind: 'boot.decided',
      text: `${name} boots the installer of ${image.name} from a disc in its BMC's drive`,
      because,
      machineId: id,
      installId: install.id,
      data: { boot: 'installer', image: image.name },
    });
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
    const preparing =
      this.#prepared.get(key) ??
      prepareDisc({ plan, machine, image, installer, disc, server: this.#needs.machineHttp() });
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
    return { found: true, because: plan.because, install, image, prepared: prepared.prepared };
  }
}

/** So that whoever reads the URL on a BMC's page has not read the token of the install. */
function keyOf({ token }: Install): string {
  return createHash('sha256').update(`media ${token}`).digest('hex').slice(0, KEY_LENGTH);
}

function architectureFor({ architecture }: Image): number {
  return ARCHITECTURES[architecture] ?? X86_BIOS;
}
