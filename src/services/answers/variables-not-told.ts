import type { Finding } from '../../core/answers/lint/finding.ts';
import { type VariableNotTold, variablesNotTold } from '../../core/answers/variables-not-told.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { GroupStore } from '../../core/machines/group-store.ts';
import { groupsOf, inherit } from '../../core/machines/groups.ts';
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

/** Tells of variables that somebody set, and that an installer hears nothing of: it goes on without them. */
export class VariablesNotTold {
  readonly #needs: VariablesNotToldNeeds;

  constructor(needs: VariablesNotToldNeeds) {
    this.#needs = needs;
  }

  async findings(wanted: Wanted): Promise<readonly Finding[]> {
    const [all = []] = await this.#ofEach([wanted]);
    return all.map((one) => ({ level: 'warning', line: 1, text: sentence(one) }));
  }

  /** One sentence for each variable, with the machines it is of. */
  async warnings(wanted: readonly Wanted[]): Promise<string[]> {
    const machines = new Map<string, string[]>();
    for (const [index, all] of (await this.#ofEach(wanted)).entries())
      for (const one of all) {
        const names = machines.get(sentence(one)) ?? [];
        machines.set(sentence(one), [...names, wanted[index]?.machine.name ?? '']);
      }
    return [...machines].map(([text, names]) => `${namesText(names)}: ${text}`);
  }

  async #ofEach(wanted: readonly Wanted[]): Promise<readonly (readonly VariableNotTold[])[]> {
    const groups = await this.#needs.groups.list();
    const known = new Map(
      await Promise.all(
        [...new Set(wanted.map(({ profile }) => profile))].map(
          async (name) => [name, await this.#profileAndImage(name)] as const,
        ),
      ),
    );
    return wanted.map(({ machine, profile: name }) => {
      const { profile, image } = known.get(name) ?? {};
      // What a template of one's own does with its variables, nobody knows.
      if (!profile || !image || profile.template !== undefined) return [];
      const { variables } = inherit(profile, groupsOf(machine, groups));
      return variablesNotTold(image, { ...variables, ...machine.variables });
    });
  }

  async #profileAndImage(name: string) {
    const profile = await this.#needs.profiles.byName(name);
    const image = profile && (await this.#needs.images.byName(profile.image));
    return { profile, image };
  }
}

function sentence({ variable, because }: VariableNotTold): string {
  return `variable ${variable} is set, and its installer is not told of it: ${because}`;
}

function namesText(names: readonly string[]): string {
  const told = names.slice(0, MACHINES_TOLD).join(', ');
  return names.length > MACHINES_TOLD ? `${told} and ${names.length - MACHINES_TOLD} more` : told;
}
