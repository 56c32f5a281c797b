import { tellsByIpxe } from '../../core/boot/ask-first.ts';
import { decideEnrolment, type EnrolmentDecision } from '../../core/machines/decide-enrolment.ts';
import type { EnrolPolicy, StrangerFacts } from '../../core/machines/enrol-rule.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import type { PolicyStore } from '../../core/policy/policy-store.ts';
import { SaidRecently } from '../../core/dhcp/said-recently.ts';
import { isWorthlessText, isWorthlessUuid } from '../../core/machines/worthless-values.ts';
import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import { BoundedCache } from '../../lib/bounded-cache.ts';
import { withoutUndefined } from '../../lib/without-undefined.ts';
import type { Clock } from '../../lib/clock.ts';
import type { EventLog } from '../event-log.ts';
import type { InstallService } from '../installs/install-service.ts';

/** An unknown machine, as far as it is known. */
export interface Stranger extends StrangerFacts {
  readonly mac: MacAddress;
  readonly uuid?: Uuid | undefined;
}

export interface EnrolmentServiceNeeds {
  readonly machines: Pick<MachineStore, 'names' | 'byMac' | 'enrol' | 'unmet'>;
  readonly policy: Pick<PolicyStore, 'get'>;
  readonly installs: Pick<InstallService, 'arm'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  /** That many random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string;
}

/** Times a lost race for a name is run again; the machine asks again by itself. */
const MAX_RACES = 5;
/** A machine that was not taken is looked at again after so long, and its reason told again no sooner. */
export const LOOK_AGAIN_AFTER_MS = 60_000;
/** Machines that were not taken, of which it is remembered. */
const MAX_REFUSED = 4_096;
/** Machines of which is remembered what their ROM told, until iPXE or discovery tells more. */
const MAX_MET = 4_096;
const ID_BYTES = 6;

/** Makes unknown machines known by the rules of the policy. */
export class EnrolmentService {
  readonly #needs: EnrolmentServiceNeeds;
  /** What DHCP told, such as the port, is not told again over HTTP. */
  readonly #met = new BoundedCache<MacAddress, Stranger>(MAX_MET, () => 1);
  readonly #refused = new SaidRecently({ periodMs: LOOK_AGAIN_AFTER_MS, max: MAX_REFUSED });
  /** There were as many as may be, and so nobody is looked at for a while, unless more may be. */
  #full = { maximum: -1, untilMs: 0 };

  constructor(needs: EnrolmentServiceNeeds) {
    this.#needs = needs;
  }

  /**
   * An unknown machine boots. Undefined where it stays unknown; why is in its timeline, once.
   *
   * @param knowledge `some`: iPXE may tell more of it in a moment.
   */
  async meet(stranger: Stranger, knowledge: 'all' | 'some'): Promise<Machine | undefined> {
    const { unknownMachines, enrol } = await this.#needs.policy.get();
    if (unknownMachines !== 'enrol') return undefined;
    // It may be one that is waited for: its ROM does not tell, and by iPXE it is known before it comes here again.
    if (knowledge === 'some' && (await this.#needs.machines.unmet()).some(tellsByIpxe)) {
      this.#known(stranger);
      return undefined;
    }
    return await this.#enrol(stranger, knowledge, enrol);
  }

  /**
   * It told its hardware. It becomes known in any case, so that it need not tell it at each boot.
   *
   * @param keep writes down what it told: before anything is armed, since its disks may hold data.
   */
  async discovered(
    stranger: Stranger,
    keep: (machine: Machine) => Promise<unknown>,
  ): Promise<Machine | undefined> {
    const { enrol } = await this.#needs.policy.get();
    const rules = [...enrol.rules, { when: {}, name: 'node-{mac}', labels: {}, variables: {} }];
    return await this.#enrol(stranger, 'all', { ...enrol, rules }, keep);
  }

  async #enrol(
    told: Stranger,
    knowledge: 'all' | 'some',
    { rules, maximum }: EnrolPolicy,
    keep?: (machine: Machine) => Promise<unknown>,
  ): Promise<Machine | undefined> {
    const { machines, clock } = this.#needs;
    const stranger = this.#known(told);
    if (this.#full.maximum === maximum && clock.nowMs() < this.#full.untilMs) return undefined;
    for (let race = 0; race < MAX_RACES; race += 1) {
      const decision = await this.#decide(rules, stranger, knowledge);
      if (decision.enrol !== 'yes') {
        this.#refuse(stranger, decision.because);
        return undefined;
      }
      const { rule, name, because } = decision;
      const machine: Machine = {
        id: `m-${this.#needs.randomHex(ID_BYTES)}`,
        name,
        macs: [stranger.mac],
        ...(stranger.uuid === undefined || isWorthlessUuid(stranger.uuid) ? {} : { uuid: stranger.uuid }),
        labels: rule.labels,
        variables: rule.variables,
        createdAtMs: clock.nowMs(),
      };
      const result = await machines.enrol(machine, { rule: because, atMs: clock.nowMs() }, maximum);
      if (result.enrolled) {
        await keep?.(machine);
        await this.#welcome(machine, because, rule.arm === true ? rule.profile : undefined);
        return machine;
      }
      if (result.why === 'full') {
        this.#close(stranger, maximum, result.because);
        return undefined;
      }
      // It asked twice at the same time, or somebody made it known.
      const known = await machines.byMac(stranger.mac);
      if (known) {
        await keep?.(known);
        return known;
      }
    }
    return undefined;
  }

  /** Names are read only for one that a rule fits: of the others there may be any number, and each asks again. */
  async #decide(
    rules: EnrolPolicy['rules'],
    stranger: Stranger,
    knowledge: 'all' | 'some',
  ): Promise<EnrolmentDecision> {
    const whateverItsName = decideEnrolment(rules, stranger, knowledge, () => false);
    if (whateverItsName.enrol !== 'yes') return whateverItsName;
    const names = await this.#needs.machines.names();
    return decideEnrolment(rules, stranger, knowledge, (name) => names.has(name));
  }

  async #welcome(machine: Machine, because: string, profile: string | undefined): Promise<void> {
    const { events, installs } = this.#needs;
    const whose = { machineId: machine.id, ...(machine.macs[0] ? { mac: machine.macs[0] } : {}) };
    events.note({
      kind: 'machine.enrolled',
      text: `${machine.name} is known from now on`,
      because,
      ...whose,
    });
    if (profile === undefined) return;
    const armed = await installs.arm(machine, profile);
    if (armed.armed) return;
    const text = `The install of ${machine.name} by profile ${profile} could not be armed, as its rule says`;
    events.note({ kind: 'machine.notArmed', text, because: armed.because, ...whose });
  }

  /** All that is known of it by now. A serial number that thousands of boards have is none. */
  #known(told: Stranger): Stranger {
    const { serial, ...rest } = told;
    const said = serial === undefined || isWorthlessText(serial) ? rest : told;
    const stranger = { ...this.#met.get(told.mac), ...withoutUndefined(said) };
    this.#met.set(told.mac, stranger);
    return stranger;
  }

  #refuse({ mac }: Stranger, because: string): void {
    if (!this.#refused.say(`${mac} ${because}`, this.#needs.clock.nowMs())) return;
    const text = `The unknown machine ${mac} stays unknown`;
    this.#needs.events.note({ kind: 'machine.notEnrolled', text, because, mac });
  }

  /** One event for all of them: made-up machines without end must not fill the timeline, nor ask the store. */
  #close({ mac }: Stranger, maximum: number, because: string): void {
    this.#full = { maximum, untilMs: this.#needs.clock.nowMs() + LOOK_AGAIN_AFTER_MS };
    this.#needs.events.note({
      kind: 'machine.notEnrolled',
      text: `The unknown machine ${mac} stays unknown, and so do others for a minute`,
      because: `${because}: muster policy enrol --maximum raises it`,
      mac,
    });
  }
}
