import { programsBeside } from '../../core/answers/programs-beside.ts';
import { reportUrl } from '../../core/boot/machine-urls.ts';
import type { Install } from '../../core/install/install.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import { objectionToReport } from '../../core/install/objection-to-asker.ts';
import type { Facts } from '../../core/machines/facts.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import { parseToolProfile } from '../../core/tools/tool-profile.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import type { EventLog } from '../event-log.ts';
import type { FactService } from '../machines/fact-service.ts';
import { type AnswerFile, bearingOf, type InstallBearing, type Reported } from './install-files.ts';
import type { WhoAsks } from '../boot/who-asks.ts';

export interface InstallFactsNeeds {
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly installs: Pick<InstallStore, 'byToken'>;
  readonly machines: Pick<MachineStore, 'byId'>;
  readonly facts: Pick<FactService, 'said'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly machineHttpPort: number;
}

export interface FactsRequest {
  readonly token: string;
  readonly clientAddress: IpAddress;
  /** The address of this server that was asked. */
  readonly localAddress: IpAddress;
}

type Claim = { readonly bearing: InstallBearing } & (
  | { readonly holds: true; readonly install: Install; readonly machine: Machine }
  | { readonly holds: false; readonly refusal: 'not yours' | 'not now'; readonly because: string }
);

/** What an installer tells of the hardware it runs on, and the program that looks. */
export class InstallFacts {
  readonly #needs: InstallFactsNeeds;

  constructor(needs: InstallFactsNeeds) {
    this.#needs = needs;
  }

  /** `facts.sh`: posts what it finds to where it came from. */
  async openScript(request: FactsRequest): Promise<AnswerFile> {
    return this.#program(await this.#claim(request), request, 'facts.sh');
  }

  /** `tool.sh`: what a tool does where nobody sits before it. */
  async openTool(request: FactsRequest): Promise<AnswerFile> {
    return this.#program(await this.#claim(request), request, 'tool.sh');
  }

  #program(claim: Claim, { token, localAddress }: FactsRequest, name: 'facts.sh' | 'tool.sh'): AnswerFile {
    const { bearing } = claim;
    if (!claim.holds) return { ...bearing, found: false, because: claim.because };
    const { install, machine } = claim;
    const http = { address: localAddress, port: this.#needs.machineHttpPort };
    const text = programsBeside(install.profile, reportUrl(http, token)).get(name);
    if (text === undefined)
      return { ...bearing, found: false, because: `install ${install.id} is of no tool that runs by itself` };
    return { ...bearing, found: true, content: text, label: `${name} of ${machine.name}` };
  }

  /** On disk when it resolves. */
  async take(request: FactsRequest, facts: Facts): Promise<Reported> {
    const claim = await this.#claim(request);
    const { bearing } = claim;
    if (!claim.holds) {
      const { refusal, because } = claim;
      return { ...bearing, reported: false, refusal, because };
    }
    const source = parseToolProfile(claim.install.profile)?.tool === 'discover' ? 'discovery' : 'installer';
    await this.#needs.facts.said(claim.machine.id, source, facts);
    this.#needs.events.note({
      kind: 'machine.facts',
      text: `${claim.machine.name} told its hardware`,
      because: `the installer of install ${claim.install.id} looked`,
      ...bearing,
    });
    return { ...bearing, reported: true };
  }

  async #claim({ token, clientAddress }: FactsRequest): Promise<Claim> {
    const { installs, machines, whoAsks } = this.#needs;
    const install = /^[\da-f]{32}$/.test(token) ? await installs.byToken(token) : undefined;
    const machine = install && (await machines.byId(install.machineId));
    if (!install || !machine)
      return { bearing: {}, holds: false, refusal: 'not yours', because: 'no install has this token' };
    const asker = await whoAsks.byAddress(clientAddress);
    const bearing = bearingOf({ installId: install.id, machineId: machine.id, mac: asker.mac });
    const objection = objectionToReport(machine, asker);
    if (objection !== undefined) return { bearing, holds: false, refusal: 'not yours', because: objection };
    if (install.state !== 'booting' && install.state !== 'installing') {
      const because = `install ${install.id} is ${install.state}, and facts are taken only while the installer boots or runs`;
      return { bearing, holds: false, refusal: 'not now', because };
    }
    return { bearing, holds: true, install, machine };
  }
}
