/** What becomes of one thing. */
export type Comparison<T> =
  | { readonly change: 'add'; readonly after: T }
  | { readonly change: 'change'; readonly before: T; readonly after: T; readonly fields: readonly string[] }
  | { readonly change: 'unchanged'; readonly after: T }
  | { readonly change: 'remove'; readonly before: T };

/** Each wanted thing beside the one of its name, and those that nobody wants any more, all by name. */
export function compareByName<T extends { readonly name: string }>(
  current: readonly T[],
  wanted: readonly T[],
  others: 'stay' | 'go',
): readonly Comparison<T>[] {
  const known = new Map(current.map((one) => [one.name, one]));
  const names = new Set(wanted.map(({ name }) => name));
  const compared = wanted.map((after): Comparison<T> => {
    const before = known.get(after.name);
    if (before === undefined) return { change: 'add', after };
    const fields = differingFields(before, after);
    return fields.length === 0 ? { change: 'unchanged', after } : { change: 'change', before, after, fields };
  });
  const gone = others === 'stay' ? [] : current.filter(({ name }) => !names.has(name));
  return [...compared, ...gone.map((before): Comparison<T> => ({ change: 'remove', before }))].toSorted(
    (one, other) => (nameOf(one) < nameOf(other) ? -1 : 1),
  );
}

function nameOf(one: Comparison<{ readonly name: string }>): string {
  return one.change === 'remove' ? one.before.name : one.after.name;
}

/** The fields whose values differ, in the order of the alphabet. One that is undefined is absent. */
export function differingFields(before: object, after: object): readonly string[] {
  const [old, wanted] = [before as Fields, after as Fields];
  const fields = [...Object.keys(old), ...Object.keys(wanted).filter((field) => !Object.hasOwn(old, field))];
  return fields.filter((field) => !isEqual(old[field], wanted[field])).toSorted();
}

type Fields = Readonly<Record<string, unknown>>;

/** Most fields of most things are the same text or number, and thousands of things are compared at once. */
function isEqual(one: unknown, other: unknown): boolean {
  return one === other || canonical(one) === canonical(other);
}

/** The same text for the same value, in whichever order its fields stand. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${fields
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`)
    .join()}}`;
}
