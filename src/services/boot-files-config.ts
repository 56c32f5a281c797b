import type { Ipv4Address } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import type { BootPlan } from '../core/boot/boot-plan.ts';
import { chooseConfig, type ConfigAsker, type ConfigChoice } from '../core/boot/choose-pxelinux-config.ts';
import { type LoaderName, MENU_MODULE } from '../core/boot/loaders.ts';
import { addressDigits, macFileName, type PxelinuxName } from '../core/boot/pxelinux-name.ts';
import { Recently } from '../core/events/recently.ts';
import { pxelinuxLocalDisk } from '../core/scripts/pxelinux.ts';
import type { InstallEvent } from '../core/install/life.ts';
import { InstallerPlans, type InstallerPlansNeeds } from './boot-files-installer.ts';
import type { BootService } from './boot-service.ts';
import type { EventLog } from './event-log.ts';
import type { Happened } from './install-service.ts';
import type { Asker } from './who-asks.ts';

/** Two answers of one boot lie closer together than this; a new boot begins with the loader itself. */
const ONE_BOOT_MS = 60_000;
/** Machines whose last decision is remembered. */
const MAX_REMEMBERED = 4_096;
/** A decision that was overtaken by a cancellation is made once more, and not again. */
const MAX_DECISIONS = 2;

export interface ConfigRequest {
  readonly asked: PxelinuxName;
  /** The whole name, as normalised. */
  readonly path: string;
  readonly asker: Asker;
  readonly clientAddress: Ipv4Address;
  readonly localAddress: Ipv4Address;
}

/** `hand-made` is for the caller to open; `text` may hold a token and is for this asker alone. */
export type ConfigAnswer =
  | { readonly give: 'text'; readonly text: string; readonly label: string; readonly installId?: string }
  | { readonly give: 'hand-made'; readonly path: string }
  | { readonly give: 'nothing'; readonly because: string };

export interface PxelinuxConfigsNeeds extends InstallerPlansNeeds {
  readonly boot: Pick<BootService, 'planFor'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  readonly installHappened: (installId: string, event: InstallEvent & 'bootOffered') => Promise<Happened>;
  /** Whether the user's tree has a file of exactly this name. */
  readonly treeHas: (path: string) => Promise<boolean>;
  /** Whether a loader that puts `folder` before its names can load the module. */
  readonly hasModule: (name: LoaderName, folder: string) => Promise<boolean>;
}

/** Answers the names below `pxelinux.cfg/`: asks for the plan, lets it be decided who gets what, renders, records. */
export class PxelinuxConfigs {
  readonly #needs: PxelinuxConfigsNeeds;
  readonly #installers: InstallerPlans;
  readonly #told = new Recently({ keepMs: ONE_BOOT_MS, keys: MAX_REMEMBERED });
  /** Which install was offered to whom and is written down so. */
  readonly #offered = new Recently({ keepMs: ONE_BOOT_MS, keys: MAX_REMEMBERED });

  constructor(needs: PxelinuxConfigsNeeds) {
    this.#needs = needs;
    this.#installers = new InstallerPlans(needs);
  }

  /** The loader itself is being fetched: what it asks for next belongs to a new boot. */
  beginBoot(asker: Asker, clientAddress: Ipv4Address): void {
    const key = memoryKey(asker, clientAddress);
    this.#told.forget(key);
    this.#offered.forget(key);
  }

  async answer(request: ConfigRequest): Promise<ConfigAnswer> {
    for (let decision = 1; ; decision += 1) {
      const plan = await this.#needs.boot.planFor(request.asker.machine);
      const handMade = await this.#findHandMade(request);
      const asker = configAsker(request);
      const choice = chooseConfig({ asked: request.asked, asker, plan, handMade: handMade.which });
      switch (choice.give) {
        case 'nothing':
          // The hunt goes on; only at its last name is this what the machine gets.
          if (request.asked.asks === 'default') this.#tell(request, plan, choice, 'gets no configuration');
          return { give: 'nothing', because: choice.because };
        case 'hand-made':
          this.#tell(request, plan, choice, `gets the file ${handMade.path} of the user's tree`);
          return { give: 'hand-made', path: handMade.path };
        case 'generated': {
          const answer = await this.#generate(request, plan, choice);
          if (answer.give !== 'nothing' || decision === MAX_DECISIONS) return answer;
          break;
        }
        default:
          return choice.give satisfies never;
      }
    }
  }

  async #generate(request: ConfigRequest, plan: BootPlan, choice: ConfigChoice): Promise<ConfigAnswer> {
    switch (plan.boot) {
      case 'installer':
        return await this.#offerInstaller(request, plan, choice);
      case 'local disk':
        this.#tell(request, plan, choice, 'boots its own disk');
        return { give: 'text', text: pxelinuxLocalDisk(plan.because), label: `${request.path} (local disk)` };
      case 'menu': {
        const menu = await this.#installers.menu(placeOf(request), await this.#menuModule(request));
        const leftOut = menu.leftOut.map(({ name, because }) => `${name}: ${because}`).join('; ');
        this.#tell(request, plan, choice, 'gets the menu', leftOut === '' ? {} : { leftOut });
        return { give: 'text', text: menu.text, label: `${request.path} (menu)` };
      }
      case 'nothing':
        return { give: 'nothing', because: plan.because };
      default:
        return plan satisfies never;
    }
  }

  async #offerInstaller(
    request: ConfigRequest,
    plan: BootPlan & { boot: 'installer' },
    choice: ConfigChoice,
  ): Promise<ConfigAnswer> {
    const installer = await this.#installers.forInstall(plan, placeOf(request));
    if (!installer.ready) {
      // Better its own disk, with the reason on the screen, than a loader that finds nothing and starts over.
      const because = `the installer cannot be started: ${installer.because}`;
      this.#tell(request, plan, { ...choice, because }, 'boots its own disk');
      return { give: 'text', text: pxelinuxLocalDisk(because), label: `${request.path} (local disk)` };
    }
    const { installId } = plan;
    const label = `${request.path} (installer)`;
    const key = memoryKey(request.asker, request.clientAddress);
    if (!this.#offered.isKnown(key, installId, this.#needs.clock.nowMs())) {
      const offered = await this.#needs.installHappened(installId, 'bootOffered');
      if (!offered.happened) return { give: 'nothing', because: offered.because };
      this.#offered.remember(key, installId, this.#needs.clock.nowMs());
    }
    this.#tell(request, plan, choice, `boots the installer of profile ${plan.profile}`);
    return { give: 'text', text: installer.text, label, installId };
  }

  async #menuModule({ asked }: ConfigRequest): Promise<string | undefined> {
    return (await this.#needs.hasModule(MENU_MODULE, asked.folder)) ? MENU_MODULE : undefined;
  }

  /** Looks for a file of the asked name, and for those of the machine's own names that come after it in the hunt. */
  async #findHandMade(
    request: ConfigRequest,
  ): Promise<{ which: 'this name' | 'a later name' | 'none'; path: string }> {
    const { path, asked } = request;
    for (const candidate of [path, ...otherSpelling(asked)]) {
      if (await this.#needs.treeHas(candidate)) return { which: 'this name', path: candidate };
    }
    for (const candidate of laterNames(request)) {
      if (await this.#needs.treeHas(candidate)) return { which: 'a later name', path };
    }
    return { which: 'none', path };
  }

  #tell(
    request: ConfigRequest,
    plan: BootPlan,
    choice: ConfigChoice,
    what: string,
    data: Readonly<Record<string, string>> = {},
  ): void {
    const { asker, clientAddress, path } = request;
    const key = memoryKey(asker, clientAddress);
    const install = plan.boot === 'installer' ? plan.installId : '';
    if (this.#told.isRepeated(key, `${what} ${install}`, this.#needs.clock.nowMs())) return;
    const who = asker.machine?.name ?? `The unknown machine ${asker.mac ?? clientAddress}`;
    this.#needs.events.note({
      kind: 'boot.decided',
      text: `${who} ${what}`,
      because: choice.because,
      ...(asker.machine ? { machineId: asker.machine.id } : {}),
      ...(asker.mac ? { mac: asker.mac } : {}),
      ...(plan.boot === 'installer' ? { installId: plan.installId } : {}),
      data: { boot: plan.boot, asked: path, address: clientAddress, ...data },
    });
  }
}

function placeOf({ asker, localAddress, asked }: ConfigRequest): Parameters<InstallerPlans['menu']>[0] {
  return { asker, localAddress, folder: asked.folder };
}

function memoryKey(asker: Asker, clientAddress: Ipv4Address): string {
  return asker.machine?.id ?? asker.mac ?? clientAddress;
}

function configAsker({ asker, clientAddress }: ConfigRequest): ConfigAsker {
  const { mac, machine, lease } = asker;
  return {
    address: clientAddress,
    macs: [...(mac ? [mac] : []), ...(machine?.macs ?? [])],
    uuids: [machine?.uuid, lease?.uuid].filter((uuid) => uuid !== undefined),
  };
}

/** A file named by hand may have the UUID in the other byte order. */
function otherSpelling(asked: PxelinuxName): readonly string[] {
  return asked.asks === 'uuid' ? [`${asked.folder}pxelinux.cfg/${asked.uuids[1]}`] : [];
}

/** The names of this machine alone that pxelinux asks for after the one it asks for now. */
function laterNames({ asked, asker, clientAddress }: ConfigRequest): readonly string[] {
  const mac = asker.mac ? [macFileName(asker.mac)] : [];
  const own = { uuid: [...mac, addressDigits(clientAddress)], mac: [addressDigits(clientAddress)] };
  const names = asked.asks === 'uuid' || asked.asks === 'mac' ? own[asked.asks] : [];
  return names.map((name) => `${asked.folder}pxelinux.cfg/${name}`);
}
