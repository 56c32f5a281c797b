import type { Finding } from '../../core/answers/lint/finding.ts';
import { nobodyLogsIn, variablesNotTold } from '../../core/answers/variables-not-told.ts';
import type { Image } from '../../core/images/image.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { GroupStore } from '../../core/machines/group-store.ts';
import { type Group, groupsOf, inherit } from '../../core/machines/groups.ts';
import type { Machine } from '../../core/machines/machine.ts';

export interface VariablesNotToldNeeds {
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly groups: Pick<GroupStore, 'list'>;
}

/** A machine and the profile that it is installed by. */
export interface Wanted {
  readonly machine: Machine;
  readonly profile: string;
}

/** Machines that are named in one sentence. */
const MACHINES_TOLD = 5;

const NOBODY_LOGS_IN =
  'nobody can log in to what is installed: no password and no SSH key is set (variables root_password, root_ssh_keys; or user with user_password or user_ssh_keys)';

/**
 * Tells of variables that somebody set, and that an installer hears nothing of, and of systems into which nobody can log
 * in: the install goes on all the same.
 */
export class VariablesNotTold {
  readonly #needs: VariablesNotToldNeeds;

  constructor(needs: VariablesNotToldNeeds) {
    this.#needs = needs;
  }

  async findings(wanted: Wanted): Promise<readonly Finding[]> {
    const [all = []] = await this.#ofEach([wanted]);
    return all.map(asWarning);
  }

  /** Of a profile that is kept nowhere. */
  async findingsOfDraft(machine: Machine, profile: Profile, image: Image): Promise<readonly Finding[]> {
    return sentencesFor(machine, { profile, image }, await this.#needs.groups.list()).map(asWarning);
  }

  /** One sentence for each thing, with the machines it is of. */
  async warnings(wanted: readonly Wanted[]): Promise<string[]> {
    const machines = new Map<string, string[]>();
    for (const [index, all] of (await this.#ofEach(wanted)).entries())
      for (const text of all)
        machines.set(text, [...(machines.get(text) ?? []), wanted[index]?.machine.name ?? '']);
    return [...machines].map(([text, names]) => `${namesText(names)}: ${text}`);
  }

  async #ofEach(wanted: readonly Wanted[]): Promise<readonly (readonly string[])[]> {
    const groups = await this.#needs.groups.list();
    const known = new Map(
      await Promise.all(
        [...new Set(wanted.map(({ profile }) => profile))].map(
          async (name) => [name, await this.#profileAndImage(name)] as const,
        ),
      ),
    );
    return wanted.map(({ machine, profile }) => sentencesFor(machine, known.get(profile), groups));
  }

  async #profileAndImage(name: string) {
    const profile = await this.#needs.profiles.byName(name);
    const image = profile && (await this.#needs.images.byName(profile.image));
    return { profile, image };
  }
}

interface ProfileAndImage {
  readonly profile: Profile | undefined;
  readonly image: Image | undefined;
}

function sentencesFor(
  machine: Machine,
  { profile, image }: ProfileAndImage = { profile: undefined, image: undefined },
  groups: readonly Group[],
): readonly string[] {
  // What a template of one's own does with its variables, nobody knows.
  if (!profile || !image || profile.template !== undefined) return [];
  const { variables } = inherit(profile, groupsOf(machine, groups));
  const given = { ...variables, ...machine.variables };
  const untold = variablesNotTold(image, given).map(
    ({ variable, because }) => `variable ${variable} is set, and its installer is not told of it: ${because}`,
  );
  return nobodyLogsIn(image, given) ? [...untold, NOBODY_LOGS_IN] : untold;
}

function asWarning(text: string): Finding {
  return { level: 'warning', line: 1, text };
}

function namesText(names: readonly string[]): string {
  const told = names.slice(0, MACHINES_TOLD).join(', ');
  return names.length > MACHINES_TOLD ? `${told} and ${names.length - MACHINES_TOLD} more` : told;
}
