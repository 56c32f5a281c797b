import type { Answer, Asked } from '../../data/client.ts';
import { variablesIn, variablesText } from '../../data/variables-text.ts';

type Profile = Answer<'getProfile'>;
type ProfileInput = NonNullable<Asked<'putProfile'>['input']>;

/** What the page has fields for, as it was typed. */
export interface Draft {
  readonly image: string;
  readonly arguments: string;
  readonly variables: string;
  readonly template: string;
}

export function draftOf(profile: Profile): Draft {
  return {
    image: profile.image,
    arguments: profile.arguments,
    variables: variablesText(profile.variables),
    template: profile.template ?? '',
  };
}

/** What the page has no field for stays as it was: a PUT takes the whole. */
export function inputOf(draft: Draft, before: Profile): ProfileInput {
  const { template: _template, ...kept } = before;
  return {
    ...kept,
    image: draft.image,
    arguments: draft.arguments.trim(),
    variables: variablesIn(draft.variables),
    ...(draft.template.trim() === '' ? {} : { template: draft.template }),
  };
}
