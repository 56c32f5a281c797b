import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Profile } from '../../core/install/profile.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { GroupStore } from '../../core/machines/group-store.ts';
import {
  chooseProfile,
  type Group,
  groupsOf,
  type Membership,
  type Origins,
  originsOf,
  type ProfileChoice,
} from '../../core/machines/groups.ts';
import { LabelIndex } from '../../core/machines/label-index.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import { chooseMachines, EMPTY_SELECTOR_SENTENCE } from '../../core/machines/selector.ts';
import { type HashPassword, hidePasswords } from '../answers/hide-passwords.ts';
import { type Outcome, refusal } from '../refusal.ts';

/** Groups whose machines are found before others have their turn: one that is wide looks at each machine. */
const GROUPS_IN_A_TURN = 25;

export interface GroupServiceNeeds {
  readonly groups: GroupStore;
  readonly machines: Pick<MachineStore, 'list'>;
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly hashPassword: HashPassword;
}

/** A group, and who is in it now. */
export interface KnownGroup {
  readonly group: Group;
  /** By name. */
  readonly machines: readonly Machine[];
}

export interface KnownGroupPage {
  readonly groups: readonly KnownGroup[];
  /** Undefined at the end. */
  readonly next: string | undefined;
}

/** What a machine gets from its groups, a profile and itself. */
export interface Inheritance extends Origins {
  readonly memberships: readonly Membership[];
  readonly choice: ProfileChoice;
}

/** Machines that have something in common, and what each gets of it. */
export class GroupService {
  readonly #needs: GroupServiceNeeds;
  #labelIndex: LabelIndex<Machine> | undefined;

  constructor(needs: GroupServiceNeeds) {
    this.#needs = needs;
  }

  async page(query: Parameters<GroupStore['page']>[0]): Promise<KnownGroupPage> {
    const { groups, next } = await this.#needs.groups.page(query);
    const byLabel = this.#labelIndexOf(await this.#needs.machines.list());
    const known: KnownGroup[] = [];
    for (const [at, group] of groups.entries()) {
      if (at > 0 && at % GROUPS_IN_A_TURN === 0) await othersTurn();
      known.push({ group, machines: byLabel.choose(group.selector) });
    }
    return { groups: known, next };
  }

  /** That of the last page, where no machine has changed since. */
  #labelIndexOf(machines: readonly Machine[]): LabelIndex<Machine> {
    if (this.#labelIndex?.machines !== machines) this.#labelIndex = new LabelIndex(machines);
    return this.#labelIndex;
  }

  async byName(name: string): Promise<KnownGroup | undefined> {
    const group = await this.#needs.groups.byName(name);
    return group && withMachines(group, await this.#needs.machines.list());
  }

  /** Passwords in it are kept as their hashes. */
  async put(draft: Group): Promise<Outcome<KnownGroup>> {
    if (draft.selector.length === 0) return refusal('bad configuration', EMPTY_SELECTOR_SENTENCE);
    const hidden = await hidePasswords(draft.variables, this.#needs.hashPassword);
    if (!hidden.done) return hidden;
    const group = { ...draft, variables: hidden.variables };
    const result = await this.#needs.groups.put(group);
    if (!result.put) return refusal('refused', result.because);
    return { done: true, ...withMachines(group, await this.#needs.machines.list()) };
  }

  async remove(name: string): Promise<Outcome> {
    const removed = await this.#needs.groups.remove(name);
    return removed ? { done: true } : refusal('not found', `there is no group "${name}"`);
  }

  /** The profile that its groups name for this machine. */
  async profileFor(machine: Machine): Promise<ProfileChoice> {
    return chooseProfile(machine, groupsOf(machine, await this.#needs.groups.list()));
  }

  /** The same for many, each with its own, by the groups as they are at one moment. */
  async profilesFor(
    machines: readonly Machine[],
  ): Promise<readonly (ProfileChoice & { readonly machine: Machine })[]> {
    const groups = await this.#needs.groups.list();
    return machines.map((machine) => ({ machine, ...chooseProfile(machine, groupsOf(machine, groups)) }));
  }

  /** @param profileName as if installed with this one; undefined: with the one its groups name, if one does. */
  async inheritanceOf(machine: Machine, profileName?: string): Promise<Outcome<Inheritance>> {
    const memberships = groupsOf(machine, await this.#needs.groups.list());
    const choice: ProfileChoice =
      profileName === undefined
        ? chooseProfile(machine, memberships)
        : { profile: profileName, because: 'it was asked for' };
    const profile = await this.#profile(choice);
    if (choice.profile !== undefined && profile === undefined)
      return refusal('not found', `there is no profile "${choice.profile}"`);
    return { done: true, memberships, choice, ...originsOf(machine, profile, memberships) };
  }

  async #profile({ profile }: ProfileChoice): Promise<Profile | undefined> {
    return profile === undefined ? undefined : await this.#needs.profiles.byName(profile);
  }
}

function withMachines(group: Group, machines: readonly Machine[]): KnownGroup {
  return { group, machines: chooseMachines(group.selector, machines).map(({ machine }) => machine) };
}
