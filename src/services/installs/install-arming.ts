import { objectionToImage } from '../../core/images/image-condition.ts';
import type { Image } from '../../core/images/image.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Install, Moment } from '../../core/install/install.ts';
import { hoursMs, type InstallPolicy } from '../../core/install/install-policy.ts';
import type { InstallStore, InstallWithEvent } from '../../core/install/install-store.ts';
import { objectionToErase } from '../../core/install/objection-to-erase.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { FactStore } from '../../core/machines/fact-store.ts';
import { disksHoldingData } from '../../core/machines/facts.ts';
import { withoutProfile } from '../../core/machines/groups.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import { mergeFacts } from '../../core/machines/merge-facts.ts';
import { attemptsOf } from '../../core/tools/decide-tool-end.ts';
import type { PolicyStore } from '../../core/policy/policy-store.ts';
import type {
  ArmAnswer,
  ArmManyAnswer,
  ArmManyOptions,
  ArmOneOptions,
  ArmOptions,
  ArmWish,
  CreateWith,
  RefusedMachine,
} from './arm-options.ts';
import type { EventLog } from '../event-log.ts';
import { describeArming } from './install-happenings.ts';

/** Times that machines which were armed by others meanwhile are passed over. */
const MAX_RACES = 5;

export interface InstallArmingNeeds {
  readonly installs: InstallStore;
  readonly machines: Pick<MachineStore, 'byId'>;
  /** What machines said of their disks. */
  readonly facts: Pick<FactStore, 'ofMachine'>;
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly policy: Pick<PolicyStore, 'get'>;
  readonly events: EventLog;
  readonly now: () => Moment;
  /** Whether machines can fetch answer files and packages here. */
  readonly machineHttp: 'on' | 'off';
  /** Why the machine cannot be given the image as things are now; left out: nobody looks. */
  readonly objectionToWay?: (install: WantedInstall) => Promise<string | undefined>;
  /** That many random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string;
}

interface WantedInstall {
  readonly machine: Machine;
  readonly profile: Profile;
  readonly image: Image;
}

/** What holds for all that are armed together. */
interface Terms {
  readonly options: ArmOptions;
  readonly policy: InstallPolicy;
}

type WithProfile = Extract<ArmWish, { readonly profile: string }>;

type Refusal = Omit<RefusedMachine, 'machine'>;

/** Arms installs: looks whether one can be done, and writes it, for one machine or for many at once. */
export class InstallArming {
  readonly #needs: InstallArmingNeeds;

  constructor(needs: InstallArmingNeeds) {
    this.#needs = needs;
  }

  async arm(machine: Machine, profileName: string, options: ArmOneOptions): Promise<ArmAnswer> {
    if (options.create) return await this.#armWith(options.create, machine, profileName, options);
    const answer = await this.armMany([{ machine, profile: profileName }], options);
    if (answer.armed) {
      const [install] = answer.installs;
      return install ? { armed: true, install } : { armed: false, ...refusedAs('there is no such machine') };
    }
    const [first] = answer.refused;
    const { no, because } = first ?? refusedAs('there is no such machine');
    return { armed: false, no, because };
  }

  async armMany(wishes: readonly ArmWish[], options: ArmManyOptions): Promise<ArmManyAnswer> {
    const { installs: policy } = await this.#needs.policy.get();
    const skips = options.refused === 'pass over';
    const limit = options.limit ?? wishes.length;
    const refused: RefusedMachine[] = [];
    let willing: readonly WithProfile[] = [];
    for (const wish of wishes) {
      if (willing.length === limit || (!skips && willing.length + refused.length === limit)) break;
      const { machine } = wish;
      if (wish.profile === undefined) {
        refused.push({ machine, ...refusedAs(withoutProfile(wish)) });
        continue;
      }
      const no = await this.#objectionTo(wish, options);
      if (no) refused.push({ machine, ...no });
      else willing = [...willing, wish];
    }
    for (let race = 0; race < MAX_RACES; race += 1) {
      if (willing.length === 0 || (refused.length > 0 && !skips)) return { armed: false, refused };
      const created = await this.#create(willing, { options, policy });
      if (created.created) return { armed: true, installs: created.installs, passedOver: refused };
      // Somebody else armed them in the meantime.
      for (const open of created.open) {
        const machine = willing.find((wish) => wish.machine.id === open.machineId)?.machine;
        if (machine) refused.push({ machine, ...refusedAs(stillOpen(machine, open)) });
      }
      willing = willing.filter(
        ({ machine: { id } }) => !created.open.some(({ machineId }) => machineId === id),
      );
    }
    return { armed: false, refused };
  }

  async #armWith(
    create: CreateWith,
    machine: Machine,
    profileName: string,
    options: ArmOptions,
  ): Promise<ArmAnswer> {
    const { installs: policy } = await this.#needs.policy.get();
    const no =
      (await this.#objectionToProfile(machine, profileName)) ??
      (await this.#objectionToErasing(machine, options));
    if (no) return { armed: false, ...no };
    const { install, event } = this.#wanted({ machine, profile: profileName }, { options, policy });
    const created = await create(install, event);
    if (!created.started) return { armed: false, ...refusedAs(created.because), machine: created.machine };
    this.#needs.events.announce(created.event);
    return { armed: true, install };
  }

  async #create(
    wishes: readonly WithProfile[],
    terms: Terms,
  ): Promise<{ created: true; installs: readonly Install[] } | { created: false; open: readonly Install[] }> {
    const wanted = wishes.map((wish) => this.#wanted(wish, terms));
    const created = await this.#needs.installs.createAll(wanted);
    if (!created.created) return created;
    for (const event of created.events) this.#needs.events.announce(event);
    return { created: true, installs: wanted.map(({ install }) => install) };
  }

  #wanted(wish: WithProfile, terms: Terms): InstallWithEvent {
    const moment = this.#needs.now();
    const install = this.#installFor(wish, terms, moment);
    const because = terms.options.because ?? wish.because;
    const happening = describeArming(install, wish.machine.name, because);
    return { install, event: { ...happening, atMs: moment.wallMs } };
  }

  #installFor(
    { machine, profile }: WithProfile,
    { options, policy }: Terms,
    { wallMs, steadyMs }: Moment,
  ): Install {
    const wished = options.expires ?? hoursMs(policy.expireHours) ?? 'never';
    return {
      id: `i-${this.#needs.randomHex(6)}`,
      machineId: machine.id,
      profile,
      token: this.#needs.randomHex(16),
      state: 'requested',
      requestedAtMs: wallMs,
      changedAtMs: wallMs,
      attempt: 1,
      attempts: attemptsOf(profile, policy),
      ...(wished === 'never' ? {} : { expiresSteadyMs: steadyMs + wished }),
    };
  }

  async #objectionTo({ machine, profile }: WithProfile, options: ArmOptions): Promise<Refusal | undefined> {
    const objection = await this.#objectionToProfile(machine, profile);
    if (objection) return objection;
    const open = await this.#needs.installs.openOf(machine.id);
    return open ? refusedAs(stillOpen(machine, open)) : await this.#objectionToErasing(machine, options);
  }

  async #objectionToProfile(machine: Machine, profileName: string): Promise<Refusal | undefined> {
    const because = await this.objectionToWish(machine, profileName);
    return because === undefined ? undefined : refusedAs(because);
  }

  async #objectionToErasing(machine: Machine, options: ArmOptions): Promise<Refusal | undefined> {
    if (options.confirmErase === true) return undefined;
    const because = await this.objectionToErase(machine);
    return because === undefined ? undefined : { no: 'holds data', because };
  }

  /** What a person has to confirm first, or undefined. */
  async objectionToErase(machine: Machine): Promise<string | undefined> {
    const installed = await this.#needs.installs.lastInstalled(machine.id);
    const { facts } = mergeFacts(await this.#needs.facts.ofMachine(machine.id));
    return objectionToErase(machine, installed, disksHoldingData(facts));
  }

  /** Why the machine could not be given the profile's image as things are now, or undefined. */
  async objectionToWish(machine: Machine, profileName: string): Promise<string | undefined> {
    if (this.#needs.machineHttp === 'off') {
      return 'installers fetch their answer file over HTTP, and machineHttp.port is off: start Muster with a port there';
    }
    const profile = await this.#needs.profiles.byName(profileName);
    if (!profile) return `there is no profile "${profileName}": muster profile ls shows what is there`;
    const image = await this.#needs.images.byName(profile.image);
    if (!image) return `image "${profile.image}" of profile "${profileName}" is gone: add it again`;
    const objection = objectionToImage(image);
    if (objection !== undefined) return objection;
    if (image.kernel === undefined)
      return `image "${image.name}" holds no kernel to boot: it only serves files`;
    return await this.#needs.objectionToWay?.({ machine, profile, image });
  }
}

function refusedAs(because: string): Refusal {
  return { no: 'refused', because };
}

function stillOpen({ name }: Machine, { id, state }: Install): string {
  return `install ${id} of ${name} is ${state}: cancel it first, or let it end`;
}
