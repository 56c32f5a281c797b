import type { Answer, Asked } from '../../data/client.ts';

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
    variables: Object.entries(profile.variables)
      .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)
      .join('\n'),
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

export function isChanged(draft: Draft, profile: Profile): boolean {
  return JSON.stringify(draft) !== JSON.stringify(draftOf(profile));
}

/** One a line; `\n` in a value is a new line, and `\\` a backslash. */
function variablesIn(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name.trim(), value.join('=').replaceAll(/\\([\\n])/g, (_, one) => (one === 'n' ? '\n' : '\\'))];
    }),
  );
}
