import { factsScript } from '../../core/answers/facts-script.ts';
import { ANSWER_FILES, DISCOVERIES_DOOR, installUrls, reportUrl } from '../../core/boot/machine-urls.ts';
import { objectionToImage } from '../../core/images/image-condition.ts';
import type { Image } from '../../core/images/image.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { Facts } from '../../core/machines/facts.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { PolicyStore } from '../../core/policy/policy-store.ts';
import { toolProgram } from '../../core/tools/tool-program.ts';
import { toolProfile } from '../../core/tools/tool-profile.ts';
import { chooseToolImage, wayOf } from '../../core/tools/tools.ts';
import type { IpAddress, MacAddress } from '../../lib/addresses.ts';
import { BoundedCache } from '../../lib/bounded-cache.ts';
import type { Clock } from '../../lib/clock.ts';
import type { AnswerService } from '../answers/answer-service.ts';
import type { EnrolmentService } from './enrolment-service.ts';
import type { EventLog } from '../event-log.ts';
import type { FactService } from './fact-service.ts';
import type { InstallSources } from '../installs/install-sources.ts';
import { whyUnfit } from '../images/installer-of-image.ts';
import type { Asker, WhoAsks } from '../boot/who-asks.ts';

export interface DiscoveryServiceNeeds {
  readonly images: Pick<ImageStore, 'list'>;
  readonly policy: Pick<PolicyStore, 'get'>;
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly answers: Pick<AnswerService, 'renderOverlay'>;
  readonly sources: Pick<InstallSources, 'decide'>;
  readonly enrolment: Pick<EnrolmentService, 'discovered'>;
  readonly facts: Pick<FactService, 'said'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  readonly randomHex: (bytes: number) => string;
  readonly machineHttpPort: number;
}

/** A boot in which one unknown machine may tell its hardware. */
interface Discovery {
  readonly token: string;
  readonly mac: MacAddress;
  readonly image: string;
  readonly beganAtMs: number;
  /** How often its installer was begun since. */
  begun: number;
}

export type DiscoveryBoot =
  | {
      readonly ready: true;
      readonly machine: Machine;
      readonly profile: Profile;
      readonly image: Image;
      readonly token: string;
    }
  | { readonly ready: false; readonly because: string };

export interface DiscoveryRequest {
  readonly token: string;
  readonly clientAddress: IpAddress;
  readonly localAddress: IpAddress;
}

export type DiscoveryAnswer =
  | { readonly found: true; readonly text: string; readonly mac: MacAddress }
  | { readonly found: false; readonly because: string; readonly mac?: MacAddress };

/** Unknown machines that may be telling their hardware at one time. */
const MAX_DISCOVERIES = 4_096;
/** After so long it is a new try. */
const DISCOVERY_MS = 3_600_000;
/** A machine that cannot tell its hardware starts over; after so many times it goes on to its next boot device. */
export const MAX_TRIES = 3;
const TOKEN_BYTES = 16;

/** Unknown machines tell their hardware, and are known from then on. */
export class DiscoveryService {
  readonly #needs: DiscoveryServiceNeeds;
  readonly #byMac = new BoundedCache<MacAddress, Discovery>(MAX_DISCOVERIES, () => 1);
  readonly #byToken = new BoundedCache<string, Discovery>(MAX_DISCOVERIES, () => 1);

  constructor(needs: DiscoveryServiceNeeds) {
    this.#needs = needs;
  }

  /** What an unknown machine is started with; asking twice gives the same. */
  async bootFor({ mac }: Asker, architecture: number): Promise<DiscoveryBoot> {
    if (mac === undefined) return { ready: false, because: 'no lease tells who asks' };
    const known = this.#current(mac);
    if (known && known.begun >= MAX_TRIES) {
      const because = `it was to tell its hardware ${MAX_TRIES} times and did not; in an hour it is asked again`;
      return { ready: false, because };
    }
    const found = await this.#imageFor(architecture);
    if (!found.ready) return found;
    const { image } = found;
    const discovery = known?.image === image.name ? known : this.#begin(mac, image.name);
    const profile = await this.#profileOf(image);
    if (!profile) return { ready: false, because: `image ${image.name} cannot tell the hardware any more` };
    return { ready: true, machine: strangerAsMachine(mac), profile, image, token: discovery.token };
  }

  /** The answer file, `tool.sh` or `facts.sh`. */
  async open(request: DiscoveryRequest, file: string): Promise<DiscoveryAnswer> {
    const claim = await this.#claim(request);
    if ('because' in claim) return { found: false, ...claim };
    const { mac, token } = claim;
    const http = { address: request.localAddress, port: this.#needs.machineHttpPort };
    const url = reportUrl(http, token, DISCOVERIES_DOOR);
    if (file === 'facts.sh') return { found: true, mac, text: factsScript(`${url}/facts`) };
    if (file === 'tool.sh') return { found: true, mac, text: toolProgram({ tool: 'discover' }, url) ?? '' };
    const image = (await this.#needs.images.list()).find(({ name }) => name === claim.image);
    const profile = image && (await this.#profileOf(image));
    if (!image || !profile || image.answerKind === 'none' || ANSWER_FILES[image.answerKind] !== file)
      return { found: false, mac, because: `${file} is not what its installer reads` };
    const { localAddress } = request;
    const way = await this.#needs.sources.decide({ image, profile, localAddress });
    if (!way.decided) return { found: false, mac, because: way.because };
    const urls = installUrls(http, way.source, token, image.answerKind, DISCOVERIES_DOOR);
    const machine = strangerAsMachine(mac);
    const whose = { machine, profile, image, urls };
    const answer = await this.#needs.answers.renderOverlay(profile.template ?? '', file, whose);
    if (!answer.rendered) return { found: false, mac, because: answer.because };
    claim.begun += 1;
    return { found: true, mac, text: answer.text };
  }

  /** It tells its hardware, and is known from then on if that may be. On disk when this resolves. */
  async take(
    request: DiscoveryRequest,
    facts: Facts,
  ): Promise<
    { readonly taken: true } | { readonly taken: false; readonly because: string; readonly mac?: MacAddress }
  > {
    const claim = await this.#claim(request);
    if ('because' in claim) return { taken: false, ...claim };
    const { mac } = claim;
    const { machine: known, subnet } = await this.#whoIs(request.clientAddress);
    const { firmware, architecture, vendor, product, serial, uuid } = facts;
    const stranger = { mac, subnet, firmware, architecture, vendor, product, serial, uuid };
    const keep = async ({ id }: Machine): Promise<boolean> =>
      await this.#needs.facts.said(id, 'discovery', facts);
    const machine = known ?? (await this.#needs.enrolment.discovered(stranger, keep));
    if (!machine) return { taken: false, mac, because: 'it may not become known, as its timeline tells' };
    if (known) await keep(known);
    this.#needs.events.note({
      kind: 'machine.facts',
      text: `${machine.name} told its hardware`,
      because: 'it was not known, and unknown machines tell their hardware',
      machineId: machine.id,
      mac,
    });
    return { taken: true };
  }

  /** Whether a report may come from there; nothing hangs on what it says. */
  async hears(request: DiscoveryRequest): Promise<boolean> {
    return !('because' in (await this.#claim(request)));
  }

  async #imageFor(
    architecture: number,
  ): Promise<{ ready: true; image: Image } | { ready: false; because: string }> {
    const { discovery } = await this.#needs.policy.get();
    const all = await this.#needs.images.list();
    if (discovery.image !== 'auto') {
      const image = all.find(({ name }) => name === discovery.image);
      if (!image) return { ready: false, because: `the policy's discovery image ${discovery.image} is gone` };
      const way = wayOf('discover', image);
      return way.can ? { ready: true, image } : { ready: false, because: way.because };
    }
    const startable = all.filter(
      (image) => objectionToImage(image) === undefined && whyUnfit(image, architecture) === undefined,
    );
    const choice = chooseToolImage('discover', startable);
    return choice.chosen ? { ready: true, image: choice.image } : { ready: false, because: choice.because };
  }

  async #profileOf(image: Image): Promise<Profile | undefined> {
    const way = wayOf('discover', image);
    const { tools } = await this.#needs.policy.get();
    return way.can ? toolProfile({ tool: 'discover', image: image.name }, image, way.way, tools) : undefined;
  }

  #current(mac: MacAddress): Discovery | undefined {
    const known = this.#byMac.get(mac);
    return known && this.#needs.clock.nowMs() - known.beganAtMs < DISCOVERY_MS ? known : undefined;
  }

  #begin(mac: MacAddress, image: string): Discovery {
    const beganAtMs = this.#needs.clock.nowMs();
    const discovery = { token: this.#needs.randomHex(TOKEN_BYTES), mac, image, beganAtMs, begun: 0 };
    this.#byMac.set(mac, discovery);
    this.#byToken.set(discovery.token, discovery);
    return discovery;
  }

  /** Only to the address of the machine it was made for, as far as leases tell. */
  async #claim({
    token,
    clientAddress,
  }: DiscoveryRequest): Promise<Discovery | { readonly because: string; readonly mac?: MacAddress }> {
    const discovery = this.#byToken.get(token);
    if (!discovery || this.#current(discovery.mac) !== discovery)
      return { because: 'no unknown machine was told this token' };
    const { unknownMachines } = await this.#needs.policy.get();
    if (unknownMachines !== 'discover')
      return {
        because: `unknown machines are not asked for their hardware any more: the policy says ${unknownMachines}`,
      };
    const { mac } = await this.#needs.whoAsks.byAddress(clientAddress);
    if (mac === undefined || mac === discovery.mac) return discovery;
    return { mac, because: `the address that asks is leased to ${mac}, and not to ${discovery.mac}` };
  }

  async #whoIs(address: IpAddress): Promise<{ machine?: Machine | undefined; subnet?: string | undefined }> {
    const { machine, lease } = await this.#needs.whoAsks.byAddress(address);
    return { machine, subnet: lease?.subnet };
  }
}

/** What templates and command lines need of a machine that is none yet. */
function strangerAsMachine(mac: MacAddress): Machine {
  return {
    id: '',
    name: `unknown-${mac.replaceAll(':', '')}`,
    macs: [mac],
    labels: {},
    variables: {},
    createdAtMs: 0,
  };
}
