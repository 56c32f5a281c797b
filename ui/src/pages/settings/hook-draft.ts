import type { Asked, ItemOf } from '../../data/client.ts';

export type HookInput = NonNullable<Asked<'addHook'>['input']>;
type Hook = ItemOf<'listHooks'>;

/** Who is told: a server by its URL, or a program with its arguments. */
export type Target = 'url' | 'argv';

/** A hook as it was filled in. The key of one that is there stays unless another is typed. */
export function hookFrom(target: Target, textOf: (field: string) => string): HookInput {
  const [machines, secret] = [textOf('machines'), textOf('secret')];
  return {
    name: textOf('name'),
    events: textOf('events')
      .split(/[\s,]+/)
      .filter((pattern) => pattern !== ''),
    ...(machines === '' ? {} : { machines }),
    ...(target === 'url' ? { url: textOf('url') } : { argv: linesOf(textOf('argv')) }),
    ...(secret === '' ? {} : { secret }),
  };
}

/** One argument a line: it may hold spaces. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export function targetOf({ argv }: Pick<Hook, 'argv'>): Target {
  return argv === undefined ? 'url' : 'argv';
}
