import type { IpAddress, MacAddress } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import {
  ANSWER_FILES,
  type InstallUrls,
  installUrls,
  type ReportName,
  REPORTS,
} from '../core/boot/machine-urls.ts';
import type { Image } from '../core/images/image.ts';
import type { ImageStore } from '../core/images/image-store.ts';
import type { Install } from '../core/install/install.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { InstallEvent } from '../core/install/life.ts';
import { objectionToAnswer, objectionToReport } from '../core/install/objection-to-asker.ts';
import type { Profile } from '../core/install/profile.ts';
import type { ProfileStore } from '../core/install/profile-store.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { MachineStore } from '../core/machines/machine-store.ts';
import type { LeaseStore } from '../core/network/lease-store.ts';
import type { Happened, InstallDetails } from './install-service.ts';
import type { InstallSources } from './install-sources.ts';
import type { WhoAsks } from './who-asks.ts';

/** Whose install it is, for the timeline; absent where no token told. */
export interface InstallBearing {
  readonly installId?: string;
  readonly machineId?: string;
  readonly mac?: MacAddress;
}

export type AnswerFile = InstallBearing &
  (
    | { readonly found: true; readonly text: string; readonly label: string }
    /** `because` is for the timeline; whoever asks is told nothing that depends on it. */
    | { readonly found: false; readonly because: string }
  );

export type Reported = InstallBearing &
  (
    | { readonly reported: true }
    /** `not yours`: to be answered as if there were no such install. `not now`: the asker may know why. */
    | { readonly reported: false; readonly refusal: 'not yours' | 'not now'; readonly because: string }
  );

export interface AnswerRequest {
  readonly token: string;
  /** The last part of the URL. */
  readonly file: string;
  readonly clientAddress: IpAddress;
  readonly localAddress: IpAddress;
  /** `look` tells only what would be sent and changes nothing (HEAD). */
  readonly purpose: 'fetch' | 'look';
}

export interface InstallFilesNeeds {
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly installs: Pick<InstallStore, 'byToken'>;
  readonly machines: Pick<MachineStore, 'byId'>;
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly leases: Pick<LeaseStore, 'ofMac'>;
  readonly answers: {
    render(
      machine: Machine,
      profileName: string,
      urls: InstallUrls,
    ): Promise<{ rendered: true; text: string } | { rendered: false; because: string }>;
  };
  readonly sources: Pick<InstallSources, 'decide'>;
  readonly installHappened: (id: string, event: InstallEvent, details?: InstallDetails) => Promise<Happened>;
  readonly clock: Clock;
  readonly machineHttpPort: number;
  /** The port for the logs of installers at an address; left out: there is none. */
  readonly syslogAt?: ((address: IpAddress) => number | undefined) | undefined;
}

interface Claim {
  readonly install: Install;
  readonly machine: Machine;
}

/** What only one machine may have, and only while it installs: its answer file, and its say in the install's life. */
export class InstallFiles {
  readonly #needs: InstallFilesNeeds;

  constructor(needs: InstallFilesNeeds) {
    this.#needs = needs;
  }

  async openAnswer(request: AnswerRequest): Promise<AnswerFile> {
    const claim = await this.#findClaim(request.token);
    if (!claim) return { found: false, because: 'no install has this token' };
    const asker = await this.#needs.whoAsks.byAddress(request.clientAddress);
    const bearing = bearingOfClaim(claim, asker.mac);
    const { install, machine } = claim;
    const objection =
      objectionToState(install) ??
      objectionToAnswer(
        machine,
        { ...asker, address: request.clientAddress },
        { machineHoldsLease: await this.#holdsLease(machine), bootAddress: install.bootAddress },
      );
    if (objection !== undefined) return { ...bearing, found: false, because: objection };
    const { image, profile } = await this.#imageOf(install);
    if (!image || image.answerKind === 'none' || ANSWER_FILES[image.answerKind] !== request.file) {
      const because = `${request.file} is not the answer file that the installer of profile ${install.profile} reads`;
      return { ...bearing, found: false, because };
    }
    const { localAddress } = request;
    const { machineHttpPort, syslogAt } = this.#needs;
    const http = { address: localAddress, port: machineHttpPort, syslogPort: syslogAt?.(localAddress) };
    const way = await this.#needs.sources.decide({ image, machine, profile, localAddress });
    if (!way.decided) return { ...bearing, found: false, because: way.because };
    const urls = installUrls(http, way.source, install.token, image.answerKind);
    const rendered = await this.#needs.answers.render(machine, install.profile, urls);
    if (!rendered.rendered) return { ...bearing, found: false, because: rendered.because };
    if (request.purpose === 'fetch') {
      const served = await this.#needs.installHappened(install.id, 'answerServed');
      if (!served.happened) return { ...bearing, found: false, because: served.because };
    }
    return { ...bearing, found: true, text: rendered.text, label: `${request.file} of ${machine.name}` };
  }

  /** On disk when it resolves. */
  async report(
    token: string,
    name: ReportName,
    details: InstallDetails,
    clientAddress: IpAddress,
  ): Promise<Reported> {
    const claim = await this.#findClaim(token);
    if (!claim) return { reported: false, refusal: 'not yours', because: 'no install has this token' };
    const asker = await this.#needs.whoAsks.byAddress(clientAddress);
    const bearing = bearingOfClaim(claim, asker.mac);
    const objection = objectionToReport(claim.machine, asker);
    if (objection !== undefined)
      return { ...bearing, reported: false, refusal: 'not yours', because: objection };
    const happened = await this.#needs.installHappened(claim.install.id, REPORTS[name], details);
    if (happened.happened) return { ...bearing, reported: true };
    return { ...bearing, reported: false, refusal: 'not now', because: happened.because };
  }

  async #findClaim(token: string): Promise<Claim | undefined> {
    if (!/^[\da-f]{32}$/.test(token)) return undefined;
    const install = await this.#needs.installs.byToken(token);
    const machine = install && (await this.#needs.machines.byId(install.machineId));
    return install && machine ? { install, machine } : undefined;
  }

  async #holdsLease(machine: Machine): Promise<boolean> {
    for (const mac of machine.macs) {
      if (await this.#needs.leases.ofMac(mac, this.#needs.clock.nowMs())) return true;
    }
    return false;
  }

  async #imageOf(install: Install): Promise<{ image?: Image | undefined; profile?: Profile | undefined }> {
    const profile = await this.#needs.profiles.byName(install.profile);
    return { profile, image: profile && (await this.#needs.images.byName(profile.image)) };
  }
}

/** An answer file may hold secrets, so it is there only while the installer is. */
function objectionToState({ id, state }: Install): string | undefined {
  if (state === 'booting' || state === 'installing') return undefined;
  return `install ${id} is ${state}, and an answer file is given only while the installer boots or runs`;
}

/** Of whatever is known. */
export function bearingOf({
  installId,
  machineId,
  mac,
}: { [Key in keyof InstallBearing]: InstallBearing[Key] | undefined }): InstallBearing {
  return {
    ...(installId === undefined ? {} : { installId }),
    ...(machineId === undefined ? {} : { machineId }),
    ...(mac === undefined ? {} : { mac }),
  };
}

function bearingOfClaim({ install, machine }: Claim, mac: MacAddress | undefined): InstallBearing {
  return { installId: install.id, machineId: machine.id, ...(mac === undefined ? {} : { mac }) };
}
