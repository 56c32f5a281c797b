import { wayOf } from '../core/tools/tools.ts';
import type { Image } from '../core/images/image.ts';
import type { ImageStore } from '../core/images/image-store.ts';
import type { InstallPolicy } from '../core/install/install-policy.ts';
import type { EnrolPolicy } from '../core/machines/enrol-rule.ts';
import { objectionToPattern } from '../core/machines/enrolled-name.ts';
import type { ProfileStore } from '../core/install/profile-store.ts';
import type { DiscoveryPolicy, MenuPolicy, Policy, ToolsPolicy } from '../core/policy/policy.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';
import { differingFields } from '../core/site/compare.ts';
import type { PolicyChange } from '../core/site/planned.ts';
import { type Outcome, refusal } from './refusal.ts';

/** What is absent stays as it is. */
export interface PolicyEdit {
  readonly unknownMachines?: Policy['unknownMachines'];
  readonly authoritative?: boolean;
  readonly enrol?: Partial<EnrolPolicy>;
  readonly discovery?: Partial<DiscoveryPolicy>;
  readonly tools?: Partial<ToolsPolicy>;
  readonly newClients?: Partial<Policy['newClients']>;
  readonly menu?: Partial<MenuPolicy>;
  readonly installs?: Partial<InstallPolicy>;
}

export interface PolicyServiceNeeds {
  readonly policy: PolicyStore;
  readonly images: Pick<ImageStore, 'list'>;
  readonly profiles: Pick<ProfileStore, 'list'>;
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
    if (edit.discovery?.image !== undefined) {
      const images = await this.#needs.images.list();
      const objection = objectionToDiscovery(edit.discovery.image, byName(images));
      if (objection !== undefined) return refusal('bad configuration', objection);
    }
    if (edit.enrol?.rules) {
      const profiles = (await this.#needs.profiles.list()).map(({ name }) => name);
      const objection = objectionToRules(edit.enrol.rules, profiles);
      if (objection !== undefined)
        return refusal('bad configuration', sentenceOf(objection), {
          path: `enrol.rules[${objection.index}].${objection.field}`,
          message: objection.because,
        });
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
    enrol: { ...policy.enrol, ...edit.enrol },
    discovery: { ...policy.discovery, ...edit.discovery },
    tools: { ...policy.tools, ...edit.tools },
    newClients: { ...policy.newClients, ...edit.newClients },
    menu: { ...policy.menu, ...edit.menu },
    installs: { ...policy.installs, ...edit.installs },
  };
}

/**
 * Why a whole policy cannot stand in place of another. What stays is no matter: an image that the menu offers may have
 * been taken away since, and that keeps no other change back.
 */
export function objectionToPolicyChange(
  { before, after, imageNames, profileNames }: PolicyChange,
  images: ReadonlyMap<string, Image>,
): string | undefined {
  const differing = new Set(differingFields(before, after));
  return (
    (differing.has('menu') ? objectionToMenu(after.menu, imageNames) : undefined) ??
    (differing.has('discovery') ? objectionToDiscovery(after.discovery.image, images) : undefined) ??
    (differing.has('enrol') ? ruleSentence(after.enrol.rules, profileNames) : undefined)
  );
}

function ruleSentence(...parts: Parameters<typeof objectionToRules>): string | undefined {
  const objection = objectionToRules(...parts);
  return objection && sentenceOf(objection);
}

function objectionToDiscovery(wanted: string, images: ReadonlyMap<string, Image>): string | undefined {
  if (wanted === 'auto') return undefined;
  const image = images.get(wanted);
  if (image === undefined)
    return `there is no image "${wanted}" to tell hardware with: there are ${listed([...images.keys()])}`;
  const way = wayOf('discover', image);
  return way.can ? undefined : way.because;
}

function byName(images: readonly Image[]): ReadonlyMap<string, Image> {
  return new Map(images.map((image) => [image.name, image]));
}

/** What is wrong with which rule, in which of its fields. */
interface RuleObjection {
  readonly index: number;
  readonly field: 'name' | 'profile';
  readonly because: string;
}

function sentenceOf({ index, because }: RuleObjection): string {
  return `rule ${index + 1} of enrol: ${because}`;
}

/** Why a rule could make no machine known as it says; undefined where all can. */
function objectionToRules(
  rules: EnrolPolicy['rules'],
  profiles: readonly string[],
): RuleObjection | undefined {
  for (const [index, { name, profile, arm }] of rules.entries()) {
    const pattern = objectionToPattern(name);
    if (pattern !== undefined) return { index, field: 'name', because: `name ${pattern}` };
    if (profile !== undefined && !profiles.includes(profile)) {
      const because = `there is no profile "${profile}": there are ${listed(profiles)}`;
      return { index, field: 'profile', because };
    }
    if (arm === true && profile === undefined)
      return { index, field: 'profile', because: 'it says arm, and no profile to arm an install of' };
  }
  return undefined;
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
