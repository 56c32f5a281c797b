/** What a change did to one value: where it stands, and how it was and is. */
export interface Difference {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** The values that differ, by where they stand: `budget.machines`. What was not there has no `before`. */
export function differencesOf(before: unknown, after: unknown): readonly Difference[] {
  const was = flat(before);
  const is = flat(after);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => {
      const [old, next] = [was.get(path), is.get(path)];
      return {
        path,
        ...(old === undefined ? {} : { before: old }),
        ...(next === undefined ? {} : { after: next }),
      };
    });
}

/** Of two texts only the lines from the first that differs to the last. */
export function changedLines(
  before: string,
  after: string,
): { readonly before: string; readonly after: string } {
  const [was, is] = [before.split('\n'), after.split('\n')];
  const shorter = Math.min(was.length, is.length);
  let same = 0;
  while (same < shorter && was[same] === is[same]) same += 1;
  let end = 0;
  while (end < shorter - same && was.at(-1 - end) === is.at(-1 - end)) end += 1;
  return {
    before: was.slice(same, was.length - end).join('\n'),
    after: is.slice(same, is.length - end).join('\n'),
  };
}

function flat(value: unknown, path = '', into = new Map<string, string>()): ReadonlyMap<string, string> {
  if (value === undefined) return into;
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (parts.length === 0) into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  for (const [key, part] of parts) flat(part, path === '' ? key : `${path}.${key}`, into);
  return into;
}
