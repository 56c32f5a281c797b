import type { IpAddress, MacAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import {
  ANSWER_FILES,
  type InstallUrls,
  installUrls,
  type ReportName,
  REPORTS,
} from '../../core/boot/machine-urls.ts';
import { sideFile, type SideFile } from '../../core/answers/side-files.ts';
import type { AnswerKind, Image } from '../../core/images/image.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Install } from '../../core/install/install.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import type { InstallEvent } from '../../core/install/life.ts';
import { objectionToAnswer, objectionToReport } from '../../core/install/objection-to-asker.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import type { LeaseStore } from '../../core/network/lease-store.ts';
import type { RenderedFile } from '../answers/answer-service.ts';
import type { Happened, InstallDetails } from './install-service.ts';
import type { InstallSources } from './install-sources.ts';
import type { Asker, WhoAsks } from '../boot/who-asks.ts';

/**
 * In the place of a token: the install of whoever asks. Proxmox's installer is told one URL for all machines, in DHCP's
 * option 250 or in its disc, and is given it alone.
 */
const INSTALL_OF_ASKER = 'mine';

/** Whose install it is, for the timeline; absent where no token told. */
export interface InstallBearing {
  readonly installId?: string;
  readonly machineId?: string;
  readonly mac?: MacAddress;
}

export type AnswerFile = InstallBearing &
  (
    | { readonly found: true; readonly content: string | Uint8Array; readonly label: string }
    /** `because` is for the timeline; whoever asks is told nothing that depends on it. */
    | { readonly found: false; readonly because: string }
  );

export type Reported = InstallBearing &
  (
    | { readonly reported: true }
    /** `not yours`: to be answered as if there were no such install. `not now`, `too much`: the asker may know why. */
    | {
        readonly reported: false;
        readonly refusal: 'not yours' | 'not now' | 'too much';
        readonly because: string;
      }
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
  readonly installs: Pick<InstallStore, 'byToken' | 'openOf'>;
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
    renderBeside(
      machine: Machine,
      profileName: string,
      urls: InstallUrls,
      file: SideFile,
    ): Promise<RenderedFile>;
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
    const asker = await this.#needs.whoAsks.byAddress(request.clientAddress);
    const claim = await this.#findClaim(request.token, asker);
    if (!claim) return { found: false, because: 'no install has this token' };
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
    const wanted = image === undefined ? undefined : wantedFile(image.answerKind, request);
    if (!image || !wanted) {
      const because = `${request.file} is not the answer file that the installer of profile ${install.profile} reads`;
      return { ...bearing, found: false, because };
    }
    const { localAddress } = request;
    const { machineHttpPort, syslogAt } = this.#needs;
    const http = { address: localAddress, port: machineHttpPort, syslogPort: syslogAt?.(localAddress) };
    const way = await this.#needs.sources.decide({ image, machine, profile, localAddress });
    if (!way.decided) return { ...bearing, found: false, because: way.because };
    const urls = installUrls(http, way.source, install.token, wanted.kind);
    const rendered = await this.#content(machine, install.profile, urls, wanted.beside);
    if (!rendered.rendered) return { ...bearing, found: false, because: rendered.because };
    // Only the answer file itself says that the installer is at work: others come before it, or beside it.
    if (request.purpose === 'fetch' && !wanted.beside) {
      const served = await this.#needs.installHappened(install.id, 'answerServed');
      if (!served.happened) return { ...bearing, found: false, because: served.because };
    }
    return {
      ...bearing,
      found: true,
      content: rendered.content,
      label: `${request.file} of ${machine.name}`,
    };
  }

  async #content(
    machine: Machine,
    profile: string,
    urls: InstallUrls,
    beside: SideFile | undefined,
  ): Promise<RenderedFile> {
    if (beside) return await this.#needs.answers.renderBeside(machine, profile, urls, beside);
    const answer = await this.#needs.answers.render(machine, profile, urls);
    return answer.rendered ? { rendered: true, content: answer.text } : answer;
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

  async #findClaim(token: string, asker?: Asker): Promise<Claim | undefined> {
    if (token === INSTALL_OF_ASKER) return asker && (await this.#claimOf(asker));
    if (!/^[\da-f]{32}$/.test(token)) return undefined;
    const install = await this.#needs.installs.byToken(token);
    const machine = install && (await this.#needs.machines.byId(install.machineId));
    return install && machine ? { install, machine } : undefined;
  }

  /** Where a lease of ours says which machine it is, as for the script that tells a loader the token. */
  async #claimOf({ machine, lease }: Asker): Promise<Claim | undefined> {
    const install = machine && lease && (await this.#needs.installs.openOf(machine.id));
    return install ? { install, machine } : undefined;
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

/** The answer file, or one beside it that the installer fetches, too. */
function wantedFile(
  kind: AnswerKind | 'none',
  { file, token }: Pick<AnswerRequest, 'file' | 'token'>,
): { readonly kind: AnswerKind; readonly beside: SideFile | undefined } | undefined {
  if (kind === 'none' || (token === INSTALL_OF_ASKER && kind !== 'proxmox')) return undefined;
  const beside = sideFile(kind, file);
  return beside !== undefined || ANSWER_FILES[kind] === file ? { kind, beside } : undefined;
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
