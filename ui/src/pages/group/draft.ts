import type { Answer, Asked } from '../../data/client.ts';
import { variablesIn, variablesText } from '../../data/variables-text.ts';

type Group = Answer<'getGroup'>;
type GroupInput = NonNullable<Asked<'putGroup'>['input']>;

/** What the page has fields for, as it was typed. */
export interface Draft {
  readonly selector: string;
  readonly priority: string;
  /** Empty: none. */
  readonly profile: string;
  readonly arguments: string;
  readonly variables: string;
}

export function draftOf(group: Group): Draft {
  return {
    selector: group.selector,
    priority: String(group.priority),
    profile: group.profile ?? '',
    arguments: group.arguments,
    variables: variablesText(group.variables),
  };
}

export function inputOf(draft: Draft): GroupInput {
  return {
    selector: draft.selector.trim(),
    // What is no number is refused by the server, in its words.
    priority: Number(draft.priority),
    ...(draft.profile === '' ? {} : { profile: draft.profile }),
    arguments: draft.arguments.trim(),
    variables: variablesIn(draft.variables),
  };
}

/** All but the machines, which come and go without anybody changing the group. */
export function fieldsOf({ machines: _machines, ...fields }: Group): Omit<Group, 'machines'> {
  return fields;
}
