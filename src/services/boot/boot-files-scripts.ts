import type { IpAddress } from '../../lib/addresses.ts';
import { WaitingReads } from './waiting-reads.ts';
import type { Clock } from '../../lib/clock.ts';
import type { BootPlan } from '../../core/boot/boot-plan.ts';
import { chooseScript, type ScriptAsker, type ScriptChoice } from '../../core/boot/choose-script.ts';
import { firmwareOf } from '../../core/boot/firmware.ts';
import { type LoaderName, MENU_MODULE } from '../../core/boot/loaders.ts';
import type { ScriptName } from '../../core/boot/script-name.ts';
import { Recently } from '../../core/events/recently.ts';
import { askWhoScript } from '../../core/scripts/ipxe.ts';
import { SCRIPT_LANGUAGES } from '../../core/scripts/all.ts';
import type { Claims } from '../../core/machines/identify.ts';
import type { InstallEvent } from '../../core/install/life.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { findHandMade, type HandMade } from './boot-files-hand-made.ts';
import { InstallerPlans, type InstallerPlansNeeds, scriptPlace } from './boot-files-installer.ts';
import type { BootService } from './boot-service.ts';
import type { DiscoveryService } from '../machines/discovery-service.ts';
import { architectureOf } from '../images/installer-of-image.ts';
import type { EventLog } from '../event-log.ts';
import type { Happened, InstallDetails } from '../installs/install-service.ts';
import type { Asker } from './who-asks.ts';

/** Two answers of one boot lie closer together than this; a new boot begins with the loader itself. */
const ONE_BOOT_MS = 60_000;
/** Machines whose last decision is remembered. */
const MAX_REMEMBERED = 4_096;
/** A decision that was overtaken by a cancellation is made once more, and not again. */
const MAX_DECISIONS = 2;
const PXELINUX: LoaderName = 'pxelinux.0';

export interface ScriptRequest {
  readonly asked: ScriptName;
  /** The whole name, as normalised. */
  readonly path: string;
  readonly asker: Asker;
  readonly clientAddress: IpAddress;
  readonly localAddress: IpAddress;
  /** What the machine says of itself, where it was asked. */
  readonly says?: Claims | undefined;
}

/** `hand-made` is for the caller to open; `text` may hold a token and is for this asker alone. */
export type ScriptAnswer =
  | {
      readonly give: 'text';
      readonly text: string;
      readonly label: string;
      readonly installId?: string;
      readonly plan: BootPlan;
      /** What the text of an installer names, the kernel first, below this server's root. */
      readonly files?: readonly string[];
    }
  | { readonly give: 'hand-made'; readonly path: string }
  | { readonly give: 'nothing'; readonly because: string };

export interface BootScriptsNeeds extends InstallerPlansNeeds {
  readonly boot: Pick<BootService, 'planFor'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  /** What unknown machines are started with to tell their hardware; left out: they do not. */
  readonly discovery?: Pick<DiscoveryService, 'bootFor'> | undefined;
  readonly installHappened: (
    installId: string,
    event: InstallEvent & 'bootOffered',
    details: Pick<InstallDetails, 'address'>,
  ) => Promise<Happened>;
  /** Tells that the machine boots: true where that ended an installer, so that another plan holds from now on. */
  readonly bootsAnew: (machine: Machine) => Promise<boolean>;
  /** A machine stands at the waiting menu, or asks again from there. */
  readonly stoodWaiting?: (machineId: string) => void;
  /** Whether the user's tree has a file of exactly this name. */
  readonly treeHas: (path: string) => Promise<boolean>;
  /** Whether a loader that puts `folder` before its names can load the module. */
  readonly hasModule: (name: LoaderName, folder: string) => Promise<boolean>;
}

interface Decision {
  readonly plan: BootPlan;
  readonly handMade: HandMade;
  readonly choice: ScriptChoice;
}

/** Answers the names of scripts: asks for the plan, lets it be decided who gets what, renders, records. */
export class BootScripts {
  readonly #needs: BootScriptsNeeds;
  readonly #installers: InstallerPlans;
  readonly #told = new Recently({ keepMs: ONE_BOOT_MS, keys: MAX_REMEMBERED });
  /** Which install was offered to whom and is written down so. */
  readonly #offered = new Recently({ keepMs: ONE_BOOT_MS, keys: MAX_REMEMBERED });

  readonly #waits = new WaitingReads(MAX_REMEMBERED);

  constructor(needs: BootScriptsNeeds) {
    this.#needs = needs;
    this.#installers = new InstallerPlans(needs);
  }

  /** The loader itself is being fetched: what it asks for next belongs to a new boot. */
  beginBoot(asker: Asker, clientAddress: IpAddress): void {
    const key = memoryKey(asker, clientAddress);
    this.#told.forget(key);
    this.#offered.forget(key);
    this.#waits.forget(key);
  }

  async answer(request: ScriptRequest): Promise<ScriptAnswer> {
    for (let decision = 1; ; decision += 1) {
      const { plan, handMade, choice } = await this.#decide(request);
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

  async #decide(request: ScriptRequest): Promise<Decision> {
    const { machine } = request.asker;
    const handMade = await findHandMade(request, this.#needs.treeHas);
    const decide = async (): Promise<Decision> => {
      const plan = await this.#needs.boot.planFor(machine);
      const asked = { asked: request.asked, asker: scriptAsker(request), handMade: handMade.which };
      return { plan, handMade, choice: chooseScript({ ...asked, plan }) };
    };
    const decision = await decide();
    // Only where the address proves who asks: whoever is sent on to his next name may be anybody.
    const { plan, choice } = decision;
    const isAnswered = plan.boot === 'local disk' || plan.boot === 'installer';
    const isProven = isAnswered && choice.give !== 'nothing';
    if (!machine || !isProven || !(await this.#needs.bootsAnew(machine))) return decision;
    return await decide();
  }

  async #generate(request: ScriptRequest, plan: BootPlan, choice: ScriptChoice): Promise<ScriptAnswer> {
    if (mustAsk(plan, request)) return this.#askWho(request, plan, choice);
    switch (plan.boot) {
      case 'installer':
        return await this.#offerInstaller(request, plan, choice);
      case 'local disk':
        this.#tell(request, plan, choice, 'boots its own disk');
        return localDisk(request, this.#needs.machineHttpPort, plan, plan.because);
      case 'wait':
        this.#tell(request, plan, choice, `gets the waiting menu of wave ${plan.wave}`);
        return await this.#waitingMenu(request, plan);
      case 'discovery':
        return await this.#offerDiscovery(request, plan, choice);
      case 'menu': {
        const menu = await this.#installers.menu(placeOf(request), await this.#menuModule(request));
        const leftOut = menu.leftOut.map(({ name, because }) => `${name}: ${because}`).join('; ');
        this.#tell(request, plan, choice, 'gets the menu', leftOut === '' ? {} : { leftOut });
        return { give: 'text', text: menu.text, label: `${request.path} (menu)`, plan };
      }
      case 'nothing':
        // iPXE alone was led here, to be asked; now it goes on as if it had not been.
        this.#tell(request, plan, choice, 'boots its own disk');
        return localDisk(request, this.#needs.machineHttpPort, plan, plan.because);
      default:
        return plan satisfies never;
    }
  }

  #askWho(request: ScriptRequest, plan: BootPlan, choice: ScriptChoice): ScriptAnswer {
    this.#tell(request, plan, choice, 'is asked who it is');
    const text = askWhoScript(scriptPlace(placeOf(request), this.#needs.machineHttpPort), plan.because);
    return { give: 'text', text, label: `${request.path} (question)`, plan };
  }

  async #offerInstaller(
    request: ScriptRequest,
    plan: BootPlan & { boot: 'installer' },
    choice: ScriptChoice,
  ): Promise<ScriptAnswer> {
    const installer = await this.#installers.forInstall(plan, placeOf(request));
    if (!installer.ready) {
      // Better its own disk, with the reason on the screen, than a loader that finds nothing and starts over.
      const because = `the installer cannot be started: ${installer.because}`;
      this.#tell(request, plan, { ...choice, because }, 'boots its own disk');
      return localDisk(request, this.#needs.machineHttpPort, { boot: 'local disk', because }, because);
    }
    const { installId } = plan;
    const label = `${request.path} (installer)`;
    const key = memoryKey(request.asker, request.clientAddress);
    if (!this.#offered.isKnown(key, installId, this.#needs.clock.nowMs())) {
      const address = request.clientAddress;
      const offered = await this.#needs.installHappened(installId, 'bootOffered', { address });
      if (!offered.happened) return { give: 'nothing', because: offered.because };
      this.#offered.remember(key, installId, this.#needs.clock.nowMs());
    }
    const { protocol, because } = installer.source;
    const boots = `boots the installer of profile ${plan.profile}`;
    this.#tell(request, plan, choice, boots, { source: protocol, sourceBecause: because });
    return { give: 'text', text: installer.text, label, installId, plan, files: installer.files };
  }

  async #waitingMenu(request: ScriptRequest, plan: BootPlan): Promise<ScriptAnswer> {
    const { asked, asker, clientAddress, path } = request;
    if (asker.machine) this.#needs.stoodWaiting?.(asker.machine.id);
    const isWorn = asked.language === 'pxelinux' && this.#waits.wears(memoryKey(asker, clientAddress));
    const anew = isWorn && (await this.#needs.hasModule(PXELINUX, asked.folder)) ? PXELINUX : undefined;
    const place = scriptPlace(placeOf(request), this.#needs.machineHttpPort);
    const text = SCRIPT_LANGUAGES[asked.language].wait({ because: plan.because, again: path, anew }, place);
    return { give: 'text', text, label: `${path} (waiting)`, plan };
  }

  /** Whatever stands in the way, it goes on to its own disk: it is not ours. */
  async #offerDiscovery(
    request: ScriptRequest,
    plan: BootPlan & { boot: 'discovery' },
    choice: ScriptChoice,
  ): Promise<ScriptAnswer> {
    const { discovery, machineHttpPort } = this.#needs;
    const architecture = architectureOf(request.asker) ?? 0;
    const boot = await discovery?.bootFor(request.asker, architecture);
    const found = boot?.ready ? await this.#installers.forDiscovery(boot, placeOf(request)) : boot;
    if (!found?.ready) {
      const because = `it cannot tell its hardware: ${found?.because ?? 'that is off here'}`;
      this.#tell(request, plan, { ...choice, because }, 'boots its own disk');
      return localDisk(request, machineHttpPort, { boot: 'local disk', because }, because);
    }
    this.#tell(request, plan, choice, 'tells its hardware', { image: boot?.ready ? boot.image.name : '' });
    return { give: 'text', text: found.text, label: `${request.path} (discovery)`, plan, files: found.files };
  }

  /** U-Boot reads the language and has no modules: it shows a menu of its own where it is told to prompt. */
  async #menuModule({ asked, asker }: ScriptRequest): Promise<string | undefined> {
    const isUBoot = firmwareOf(architectureOf(asker) ?? 0)?.platform === 'U-Boot';
    if (asked.language !== 'pxelinux' || isUBoot) return undefined;
    return (await this.#needs.hasModule(MENU_MODULE, asked.folder)) ? MENU_MODULE : undefined;
  }

  #tell(
    request: ScriptRequest,
    plan: BootPlan,
    choice: ScriptChoice,
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

function placeOf({ asker, localAddress, asked }: ScriptRequest): Parameters<InstallerPlans['menu']>[0] {
  return { asker, localAddress, asked };
}

function localDisk(request: ScriptRequest, httpPort: number, plan: BootPlan, because: string): ScriptAnswer {
  const { localDisk: render } = SCRIPT_LANGUAGES[request.asked.language];
  const text = render(scriptPlace(placeOf(request), httpPort), because);
  return { give: 'text', text, label: `${request.path} (local disk)`, plan };
}

/** Only iPXE can be asked, and who has no lease here would not be believed. */
function mustAsk(plan: BootPlan, { asked, asker, says }: ScriptRequest): boolean {
  const asks = (plan.boot === 'nothing' || plan.boot === 'menu') && plan.asks !== undefined;
  return asks && asked.language === 'ipxe' && asker.mac !== undefined && says === undefined;
}

function memoryKey(asker: Asker, clientAddress: IpAddress): string {
  return asker.machine?.id ?? asker.mac ?? clientAddress;
}

function scriptAsker({ asker, clientAddress }: ScriptRequest): ScriptAsker {
  const { mac, machine, lease } = asker;
  return {
    address: clientAddress,
    macs: [...(mac ? [mac] : []), ...(machine?.macs ?? [])],
    uuids: [machine?.uuid, lease?.uuid].filter((uuid) => uuid !== undefined),
  };
}
