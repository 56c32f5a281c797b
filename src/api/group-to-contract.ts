import type { z } from 'zod';
import type {
  Group as WireGroup,
  GroupInput,
  Inheritance as WireInheritance,
} from '../contract/group-schemas.ts';
import { isSecretVariable } from '../core/answers/secret-variables.ts';
import type { Group } from '../core/machines/groups.ts';
import { formatSelector } from '../core/machines/selector.ts';
import type { Inheritance, KnownGroup } from '../services/machines/group-service.ts';
import { readSelector } from './read-selector.ts';

/** Between groups as core has them and as they go over the wire. */

/** Stands where a secret would: that there is one may be known. */
export const HIDDEN = '(secret)';

/** @throws ApiProblem with the column where the selector cannot be read. */
export function groupFromContract(name: string, input: z.output<typeof GroupInput>): Group {
  return { ...input, name, selector: readSelector(input.selector) };
}

export function groupToContract(group: Group): z.input<typeof GroupInput> & { readonly name: string } {
  return { ...group, selector: formatSelector(group.selector) };
}

export function knownGroupToContract({ group, machines }: KnownGroup): z.input<typeof WireGroup> {
  const { selector, ...rest } = group;
  return { ...rest, selector: formatSelector(selector), machines: machines.map(({ name }) => name) };
}

/** The groups a machine is in, and what they have it installed with. */
export function membershipsToContract(
  memberships: Inheritance['memberships'],
  { profile, because }: Inheritance['choice'],
): Pick<z.input<typeof WireInheritance>, 'groups' | 'profile'> {
  return {
    groups: memberships.map((one) => ({
      name: one.group.name,
      priority: one.group.priority,
      because: one.because,
    })),
    profile: { ...(profile === undefined ? {} : { name: profile }), because },
  };
}

export function inheritanceToContract(inheritance: Inheritance): z.input<typeof WireInheritance> {
  const { memberships, choice, variables } = inheritance;
  return {
    ...membershipsToContract(memberships, choice),
    arguments: [...inheritance.arguments],
    variables: variables.map(({ name, value, by }) => ({
      name,
      value: isSecretVariable(name) && value !== '' ? HIDDEN : value,
      by,
    })),
  };
}
