import type { Install } from '../../core/install/install.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import { objectionToReport } from '../../core/install/objection-to-asker.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import type { InstallerLine } from '../../core/progress/progress-reader.ts';
import {
  failureOfReporting,
  progressOfReporting,
  type ReportingEvent,
  reportingLine,
} from '../../core/progress/subiquity.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { Tally } from '../../lib/tally.ts';
import { LineBudget, type LineRate } from '../../protocols/syslog/line-budget.ts';
import type { SyslogMessage } from '../../protocols/syslog/message.ts';
import type { SyslogDrop } from '../../protocols/syslog/server.ts';
import { bearingOf, type InstallBearing, type Reported } from './install-files.ts';
import type { InstallLogs } from './install-logs.ts';
import type { InstallService } from './install-service.ts';
import type { InstallerWords } from './installer-words.ts';
import { keptLine, linesOfMessage, linesOfText } from './installer-lines.ts';
import { takesLines, type WhoLogs } from './who-logs.ts';
import type { WhoAsks } from '../boot/who-asks.ts';

/** Messages whose sender is being looked up, at most; more are dropped. */
export const MAX_LOOKED_UP = 20_000;

/** Lines of one piece of a log that is posted. */
export const MAX_POSTED_LINES = 50_000;
/** Of one install, events too: the logs of a whole install may come at its end. */
export const POSTED_RATE: LineRate = { perSecond: 500, burst: 2 * MAX_POSTED_LINES };

/** What became of a message of syslog. `nobody`: no machine with an install has the address. */
export type MessageFate = 'taken' | 'cut' | 'nobody' | 'too many' | SyslogDrop;

export interface InstallIntakeNeeds {
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly whoLogs: Pick<WhoLogs, 'byAddress'>;
  readonly installs: Pick<InstallStore, 'byToken'>;
  readonly machines: Pick<MachineStore, 'byId'>;
  readonly logs: Pick<InstallLogs, 'append'>;
  readonly words: Pick<InstallerWords, 'read' | 'tell'>;
  readonly installHappened: InstallService['happened'];
  /** Something was heard of an install. */
  readonly heard: InstallService['heard'];
  readonly clock: Clock;
  /** A fault of ours while a line was taken. */
  readonly failed: (error: unknown) => void;
}

type Claim =
  | (InstallBearing & { readonly install: Install })
  | (InstallBearing & { readonly install?: undefined; readonly refused: Reported });

/** What installers say while they work, however it comes: over syslog, posted as text, or posted as JSON. */
export class InstallIntake {
  /** Messages of syslog by what became of them, since the start. */
  readonly fates = new Tally<MessageFate>();
  readonly #needs: InstallIntakeNeeds;
  readonly #posted = new LineBudget(POSTED_RATE);
  #lookedUp = 0;

  constructor(needs: InstallIntakeNeeds) {
    this.#needs = needs;
  }

  /** A message of syslog. Never rejects, and keeps the order of what comes from one address. */
  async takeMessage(
    message: SyslogMessage,
    from: IpAddress,
    { isCut }: { readonly isCut: boolean },
  ): Promise<void> {
    if (this.#lookedUp >= MAX_LOOKED_UP) return this.fates.count('too many');
    this.#lookedUp += 1;
    try {
      const install = await this.#needs.whoLogs.byAddress(from);
      this.fates.count(install ? (isCut ? 'cut' : 'taken') : 'nobody');
      if (install) await this.#keep(install, linesOfMessage(message), message);
    } catch (error) {
      this.#needs.failed(error);
    } finally {
      this.#lookedUp -= 1;
    }
  }

  /** A piece of a log, posted to the install's own address. */
  async takeText(token: string, text: string, from: IpAddress): Promise<Reported> {
    const claim = await this.#claim(token, from);
    if (!claim.install) return claim.refused;
    const lines = linesOfText(text);
    const because = this.#tooMany(claim.install, lines.length);
    if (because !== undefined) return tooMuch(claim, because);
    await this.#keep(
      claim.install,
      lines.map((line) => readPosted(line)),
    );
    return reported(claim);
  }

  /** An event of cloud-init's, curtin's or subiquity's webhook. */
  async takeReporting(token: string, event: ReportingEvent, from: IpAddress): Promise<Reported> {
    const claim = await this.#claim(token, from);
    if (!claim.install) return claim.refused;
    const { install } = claim;
    const because = this.#tooMany(install, 1);
    if (because !== undefined) return tooMuch(claim, because);
    const { clock, logs, words, installHappened, heard } = this.#needs;
    heard(install.id);
    logs.append(install.id, [keptLine({ program: 'reporting', text: reportingLine(event) }, clock.nowMs())]);
    const hint = progressOfReporting(event);
    if (hint) await words.tell(install, hint);
    const failure = failureOfReporting(event);
    if (failure !== undefined && install.state === 'installing')
      await installHappened(install.id, 'failed', { message: failure });
    return reported(claim);
  }

  /** Why so many lines more of an install are not taken, and what to do. */
  #tooMany({ id }: Install, lines: number): string | undefined {
    if (lines > MAX_POSTED_LINES)
      return `a piece of a log may have ${MAX_POSTED_LINES} lines, and this one has ${lines}: post it in smaller pieces`;
    if (this.#posted.take(id, this.#needs.clock.nowMs(), lines)) return undefined;
    const { perSecond, burst } = POSTED_RATE;
    return `install ${id} may post ${burst} lines at once and ${perSecond} a second: wait, and post it again`;
  }

  async #keep(
    install: Install,
    lines: readonly InstallerLine[],
    about?: Pick<SyslogMessage, 'severity' | 'processId'>,
  ): Promise<void> {
    const { logs, words, clock, heard } = this.#needs;
    heard(install.id);
    const nowMs = clock.nowMs();
    logs.append(
      install.id,
      lines.map((line) => keptLine(line, nowMs, about)),
    );
    await words.read(install, lines);
  }

  async #claim(token: string, from: IpAddress): Promise<Claim> {
    const { installs, machines, whoAsks, clock } = this.#needs;
    const install = /^[\da-f]{32}$/.test(token) ? await installs.byToken(token) : undefined;
    const machine = install && (await machines.byId(install.machineId));
    if (!install || !machine)
      return { refused: { reported: false, refusal: 'not yours', because: 'no install has this token' } };
    const asker = await whoAsks.byAddress(from);
    const bearing = bearingOf({ installId: install.id, machineId: machine.id, mac: asker.mac });
    const objection = objectionToReport(machine, asker);
    if (objection !== undefined)
      return {
        ...bearing,
        refused: { ...bearing, reported: false, refusal: 'not yours', because: objection },
      };
    if (!takesLines(install, clock.nowMs())) {
      const because = `install ${install.id} is ${install.state}, and a log is taken while an installer runs`;
      return { ...bearing, refused: { ...bearing, reported: false, refusal: 'not now', because } };
    }
    return { ...bearing, install };
  }
}

function tooMuch({ installId, machineId, mac }: InstallBearing, because: string): Reported {
  return { ...bearingOf({ installId, machineId, mac }), reported: false, refusal: 'too much', because };
}

function reported({ installId, machineId, mac }: InstallBearing): Reported {
  return { ...bearingOf({ installId, machineId, mac }), reported: true };
}

/** Time and program of a line as log files have it: `06:01:02,123 INF packaging: …`, `Nov 27 06:01:02 program[1]: …`. */
function readPosted(line: string): InstallerLine {
  const [, program, text] =
    /^(?:[A-Z][a-z]{2} [ 0-3]?\d \d\d:\d\d:\d\d )([\w./-]{1,64})(?:\[\d+\])?: (.*)$/.exec(line) ?? [];
  return program === undefined || text === undefined ? { text: line } : { program, text };
}
