import type { BootPlan } from '../../core/boot/boot-plan.ts';
import { isRaspberryPiLease, RASPBERRY_PI, raspberryPiSerial } from '../../core/boot/raspberry-pi.ts';
import {
  choosePiFile,
  isOfPiRom,
  parsePiName,
  type PiAsker,
  type PiChoice,
  type PiName,
} from '../../core/boot/raspberry-pi-name.ts';
import { Recently } from '../../core/events/recently.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { piCommandLine, piConfig } from '../../core/scripts/raspberry-pi.ts';
import type { Installer } from '../../core/scripts/script-language.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import { type ByteSource, sourceOfText } from '../../lib/byte-source.ts';
import type { Clock } from '../../lib/clock.ts';
import { InstallerPlans, type InstallerPlansNeeds } from './boot-files-installer.ts';
import type { BootScriptsNeeds } from './boot-files-scripts.ts';
import type { BootService } from './boot-service.ts';
import type { EventLog } from '../event-log.ts';
import type { Asker } from './who-asks.ts';

/** A Pi asks for its settings several times in one boot; the next one is further away. */
const ONE_BOOT_MS = 60_000;
const MAX_REMEMBERED = 4_096;
/** A longer config.txt is none: the firmware's own documentation has a few hundred settings. */
const MAX_CONFIG_BYTES = 65_536;

type Opened =
  | {
      readonly found: true;
      readonly source: ByteSource;
      readonly label: string;
      readonly because?: string;
    }
  | { readonly found: false; readonly because: string };

type PlannedInstall = BootPlan & { readonly boot: 'installer' };

export interface PiQuestion {
  /** Normalised. */
  readonly path: string;
  readonly asker: Asker;
  readonly clientAddress: IpAddress;
  readonly localAddress: IpAddress;
}

export interface PiFilesNeeds extends InstallerPlansNeeds {
  readonly boot: Pick<BootService, 'planFor'>;
  readonly installHappened: BootScriptsNeeds['installHappened'];
  readonly bootsAnew: BootScriptsNeeds['bootsAnew'];
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  /** A file of the user's tree. */
  readonly openTree: (path: string) => Promise<Opened>;
}

/** What a Raspberry Pi gets for a name: a file of its own folder or of the common one, or settings for its install. */
export class RaspberryPiFiles {
  readonly #needs: PiFilesNeeds;
  readonly #installers: InstallerPlans;
  readonly #told = new Recently({ keepMs: ONE_BOOT_MS, keys: MAX_REMEMBERED });

  constructor(needs: PiFilesNeeds) {
    this.#needs = needs;
    this.#installers = new InstallerPlans(needs);
  }

  /** Undefined where neither the name nor who asks is one of a Raspberry Pi. */
  async open(question: PiQuestion): Promise<Opened | undefined> {
    const { path, asker } = question;
    const name = parsePiName(path);
    const pi = piAsker(asker);
    if (name.folder === '' && !pi.isRaspberryPi) return undefined;
    const plan = await this.#planFor(asker.machine, name);
    const choice = choosePiFile(name, pi, plan);
    if (choice.made !== undefined && plan.boot === 'installer')
      return await this.#make(question, choice, plan);
    const opened = await this.#openFirst(choice.paths);
    if (!opened || opened.label === path) return opened;
    return { ...opened, because: `it was asked for as "${path}"` };
  }

  /** Of a Pi that boots anew the installer does not run any more. */
  async #planFor(machine: Machine | undefined, name: PiName): Promise<BootPlan> {
    const plan = await this.#needs.boot.planFor(machine);
    const isCutOff =
      plan.boot === 'local disk' && machine && isOfPiRom(name) && (await this.#needs.bootsAnew(machine));
    return isCutOff ? await this.#needs.boot.planFor(machine) : plan;
  }

  async #make(question: PiQuestion, { made, paths }: PiChoice, plan: PlannedInstall): Promise<Opened> {
    const found = await this.#installers.findInstaller(plan, question, RASPBERRY_PI);
    const text = found.ready ? await this.#write(question, made, paths, found.installer, plan) : found;
    if (typeof text !== 'string') {
      this.#tell(question, plan, 'gets no installer', text.because);
      return { found: false, because: `the installer cannot be started: ${text.because}` };
    }
    const what = `boots the installer of profile ${plan.profile}`;
    if (!this.#isTold(question, plan, what)) {
      const address = question.clientAddress;
      const offered = await this.#needs.installHappened(plan.installId, 'bootOffered', { address });
      if (!offered.happened) return { found: false, because: offered.because };
      this.#tell(question, plan, what, plan.because);
    }
    return { found: true, source: sourceOfText(text), label: `${question.path} (installer)` };
  }

  async #write(
    { asker }: PiQuestion,
    made: PiChoice['made'],
    paths: readonly string[],
    installer: Installer,
    { because }: PlannedInstall,
  ): Promise<string | { readonly because: string }> {
    try {
      if (made === 'cmdline.txt') return piCommandLine(installer, asker.mac);
      return piConfig(await this.#textOf(paths), installer, because);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { because: error.message };
    }
  }

  /** The user's own settings, empty where there are none. @throws RangeError for a file that is none. */
  async #textOf(paths: readonly string[]): Promise<string> {
    const own = await this.#openFirst(paths);
    if (!own?.found) return '';
    try {
      if (own.source.size > MAX_CONFIG_BYTES)
        throw new RangeError(
          `${own.label} has ${own.source.size} bytes, and a config.txt has ${MAX_CONFIG_BYTES} at most`,
        );
      return new TextDecoder().decode(await own.source.read(0, own.source.size));
    } finally {
      await own.source.close();
    }
  }

  async #openFirst(paths: readonly string[]): Promise<(Opened & { readonly found: true }) | undefined> {
    for (const path of paths) {
      const opened = await this.#needs.openTree(path);
      if (opened.found) return opened;
    }
    return undefined;
  }

  #isTold({ asker, clientAddress }: PiQuestion, { installId }: PlannedInstall, what: string): boolean {
    const key = asker.machine?.id ?? clientAddress;
    return this.#told.isKnown(key, `${what} ${installId}`, this.#needs.clock.nowMs());
  }

  #tell(question: PiQuestion, plan: PlannedInstall, what: string, because: string): void {
    if (this.#isTold(question, plan, what)) return;
    const { asker, path, clientAddress } = question;
    const { machine, mac } = asker;
    const { installId } = plan;
    this.#told.remember(machine?.id ?? clientAddress, `${what} ${installId}`, this.#needs.clock.nowMs());
    this.#needs.events.note({
      kind: 'boot.decided',
      text: `${machine?.name ?? mac ?? clientAddress} ${what}`,
      because,
      ...(machine ? { machineId: machine.id } : {}),
      ...(mac ? { mac } : {}),
      installId,
      data: { boot: plan.boot, asked: path, address: clientAddress },
    });
  }
}

function piAsker({ mac, lease }: Asker): PiAsker {
  const uuid = lease?.uuid;
  return {
    mac,
    serial: uuid && raspberryPiSerial(uuid),
    isRaspberryPi: isRaspberryPiLease({ mac, uuid }),
  };
}
