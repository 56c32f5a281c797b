import type { ImageStore } from '../core/images/image-store.ts';
import type { InstallPolicy } from '../core/install/install-policy.ts';
import type { MenuPolicy, Policy } from '../core/policy/policy.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';
import { type Outcome, refusal } from './refusal.ts';

/** What is absent stays as it is. */
export interface PolicyEdit {
  readonly unknownMachines?: Policy['unknownMachines'];
  readonly authoritative?: boolean;
  readonly newClients?: Partial<Policy['newClients']>;
  readonly menu?: Partial<MenuPolicy>;
  readonly installs?: Partial<InstallPolicy>;
}

export interface PolicyServiceNeeds {
  readonly policy: PolicyStore;
  readonly images: Pick<ImageStore, 'list'>;
}

/** What holds for every machine. */
export class PolicyService {
  readonly #needs: PolicyServiceNeeds;

  constructor(needs: PolicyServiceNeeds) {
    this.#needs = needs;
  }

  get(): Promise<Policy> {
    return this.#needs.policy.get();
  }

  async change(edit: PolicyEdit): Promise<Outcome<{ policy: Policy }>> {
    const policy = editPolicy(await this.#needs.policy.get(), edit);
    // A menu that went wrong since, for an image was taken away, does not stand in the way of another change.
    if (edit.menu) {
      const images = (await this.#needs.images.list()).map((image) => image.name);
      const objection = objectionToMenu(policy.menu, images);
      if (objection !== undefined) return refusal('bad configuration', objection);
    }
    await this.#needs.policy.put(policy);
    return { done: true, policy };
  }
}

/** The policy as the edit makes it. */
export function editPolicy(policy: Policy, edit: PolicyEdit): Policy {
  return {
    ...policy,
    ...edit,
    newClients: { ...policy.newClients, ...edit.newClients },
    menu: { ...policy.menu, ...edit.menu },
    installs: { ...policy.installs, ...edit.installs },
  };
}

/** Why the menu could not be shown as it says, or undefined when it can. */
export function objectionToMenu(menu: MenuPolicy, images: readonly string[]): string | undefined {
  const offered = menu.images === 'all' ? images : menu.images;
  const missing = offered.find((name) => !images.includes(name));
  if (missing !== undefined)
    return `the menu offers image "${missing}", which is not there: there are ${listed(images)}`;
  if (menu.default === 'local' || offered.includes(menu.default)) return undefined;
  return `the menu's default is "${menu.default}", which it does not offer: it may be local${offered.map((name) => `, ${name}`).join('')}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
