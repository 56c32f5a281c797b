import type { DhcpBootStep } from '../../core/boot/next-step.ts';
import { SaidRecently } from '../../core/dhcp/said-recently.ts';
import type { Dhcpv6Answer } from '../../core/dhcpv6/decide-answer.ts';
import { otherDhcpv6ServerLines } from '../../core/dhcpv6/other-server-lines.ts';
import type { Dhcpv6Client } from '../../core/dhcpv6/read-client.ts';
import type { Dhcpv6Silence, Dhcpv6SilenceKind } from '../../core/dhcpv6/silence.ts';
import type { EventData } from '../../core/events/timeline-event.ts';
import type { Clock } from '../../lib/clock.ts';
import { Tally } from '../../lib/tally.ts';
import type { Dhcpv6Packet } from '../../protocols/dhcpv6/message.ts';
import type { Dhcpv6Place } from './dhcpv6-service.ts';
import type { EventLog, Happening } from '../event-log.ts';
import type { Asker } from '../boot/who-asks.ts';

/** A message, and who it is from as far as is known. */
export interface Heard {
  readonly request: Dhcpv6Packet;
  readonly client: Dhcpv6Client;
  readonly asker: Asker;
  /** By what the machine or its card was known; undefined where nothing told. */
  readonly knownBy: string | undefined;
  readonly place: Dhcpv6Place;
}

/** The same is not told again within this time. */
const SAY_AGAIN_AFTER_MS = 60_000;
/** Different things told in that time at most. */
const MAX_SAID = 1000;

/** Counted, and no more: operating systems ask other servers all day. */
const NOT_TOLD: ReadonlySet<Dhcpv6SilenceKind> = new Set(['noFirmware', 'otherServer', 'notAsked']);

/** What happened in DHCPv6, as events of the timeline. */
export class Dhcpv6Events {
  readonly silences = new Tally<Dhcpv6SilenceKind>();
  readonly #events: Pick<EventLog, 'note'>;
  readonly #clock: Clock;
  readonly #said = new SaidRecently({ periodMs: SAY_AGAIN_AFTER_MS, max: MAX_SAID });
  readonly #told = new SaidRecently({ periodMs: SAY_AGAIN_AFTER_MS, max: MAX_SAID });
  readonly #otherServers = new SaidRecently({ periodMs: SAY_AGAIN_AFTER_MS, max: MAX_SAID });

  constructor(needs: { readonly events: Pick<EventLog, 'note'>; readonly clock: Clock }) {
    this.#events = needs.events;
    this.#clock = needs.clock;
  }

  /** Once for each question: firmware repeats it until it has waited long enough for all answers. */
  told(heard: Heard, answer: Dhcpv6Answer, step: DhcpBootStep, url: string): void {
    const { client, request } = heard;
    const question = `${whoOf(client)} ${request.message.transactionId}`;
    if (!this.#told.say(`${question} ${answer} ${url}`, this.#clock.nowMs())) return;
    this.#note(heard, {
      kind: 'dhcpv6.told',
      text: `Told the client over DHCPv6 to boot ${url}`,
      because: `${knownAs(heard)}; boot: ${step.because}`,
      data: { ...dataOf(heard), answer, bootFile: url },
    });
  }

  /** Once a minute for each client and reason. */
  silent(heard: Heard, { silent, because }: Dhcpv6Silence): void {
    this.silences.count(silent);
    if (NOT_TOLD.has(silent)) return;
    const { client, request } = heard;
    if (!this.#said.say(`${whoOf(client)} ${because}`, this.#clock.nowMs())) return;
    this.#note(heard, {
      kind: 'dhcpv6.silent',
      text: `No answer to ${request.message.type} over DHCPv6`,
      because,
      data: { ...dataOf(heard), reason: silent },
    });
  }

  /** @param url of iPXE's script. */
  otherServerMustSay(heard: Heard, url: string): void {
    if (!this.#otherServers.say(whoOf(heard.client), this.#clock.nowMs())) return;
    this.#note(heard, {
      kind: 'dhcpv6.otherServer',
      text: 'iPXE takes its IPv6 address, and with it what it boots, from another DHCPv6 server',
      because: `iPXE hears no second server there: let the other one say it, with its lines of these: ${otherDhcpv6ServerLines(url).join(' | ')}`,
      data: dataOf(heard),
    });
  }

  #note(
    { asker }: Heard,
    { kind, text, because, data }: Pick<Happening, 'kind' | 'text' | 'because' | 'data'>,
  ): void {
    this.#events.note({ kind, text, because, mac: asker.mac, machineId: asker.machine?.id, data });
  }
}

function whoOf({ duid, peerAddress }: Dhcpv6Client): string {
  return `${duid} ${peerAddress}`;
}

function knownAs({ asker, knownBy }: Heard): string {
  if (knownBy === undefined) return 'nothing tells which machine asks';
  return asker.machine ? `it is ${asker.machine.name} by ${knownBy}` : `its card is known by ${knownBy}`;
}

function dataOf({ request, client, knownBy, place }: Heard): EventData {
  const { message, relays } = request;
  return {
    message: message.type,
    interface: place.interfaceName,
    xid: `0x${message.transactionId.toString(16).padStart(6, '0')}`,
    address: client.peerAddress,
    relays: relays.length === 0 ? undefined : relays.length,
    duid: client.duid === '' ? undefined : client.duid,
    knownBy,
    stage: client.boot.stage,
    vendorClass: client.vendorClass,
    architecture: client.boot.architecture,
  };
}
