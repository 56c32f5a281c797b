import { parseOverlayName } from '../../core/boot/overlay-name.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import type { InstallerPlans } from './boot-files-installer.ts';
import type { BootService } from './boot-service.ts';
import type { Asker } from './who-asks.ts';

export interface OverlayInitrdsNeeds {
  readonly boot: Pick<BootService, 'planFor'>;
  readonly installs: Pick<InstallStore, 'byId'>;
  readonly installers: Pick<InstallerPlans, 'openOverlay'>;
}

export interface OverlayQuestion {
  /** Normalised. */
  readonly path: string;
  readonly asker: Asker;
  readonly localAddress: IpAddress;
}

type Opened =
  | { readonly found: true; readonly source: ByteSource; readonly label: string }
  | { readonly found: false; readonly because: string };

/** The initrd of an install with the files of its profile behind it. */
export class OverlayInitrds {
  readonly #needs: OverlayInitrdsNeeds;

  constructor(needs: OverlayInitrdsNeeds) {
    this.#needs = needs;
  }

  /** Undefined where no such name is asked for. */
  async open({ path, asker, localAddress }: OverlayQuestion): Promise<Opened | undefined> {
    const name = parseOverlayName(path);
    if (!name) return undefined;
    const plan = await this.#needs.boot.planFor(asker.machine);
    // It may hold secrets: they are for the machine of the install, from the offer of its installer until that runs.
    const install = await this.#needs.installs.byId(name.installId);
    if (plan.boot !== 'installer' || plan.installId !== name.installId || install?.state !== 'booting')
      return { found: false, because: `install ${name.installId} is not one that this machine boots now` };
    const opened = await this.#needs.installers.openOverlay(plan, { asker, localAddress });
    const file = path.slice(path.lastIndexOf('/') + 1);
    return opened.found
      ? { ...opened, label: `${file} with the overlay of profile ${plan.profile}` }
      : opened;
  }
}
