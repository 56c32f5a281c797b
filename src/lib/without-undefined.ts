/** Optional fields that are there have a value; those that must be there stay. */
export type WithoutUndefined<Row> = { [Field in keyof Row]: Exclude<Row[Field], undefined> };

/**
 * A record for other programs: what has no value is left out.
 *
 * @returns the record itself where all have one, as of most events of long lists: copies of them would all be garbage.
 */
export function withoutUndefined<Row extends object>(row: Row): WithoutUndefined<Row> {
  const all: readonly unknown[] = Object.values(row);
  const kept: object = all.includes(undefined)
    ? Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
    : row;
  return kept as WithoutUndefined<Row>;
}
