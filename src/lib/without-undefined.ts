/** Optional fields that are there have a value; those that must be there stay. */
export type WithoutUndefined<Row> = { [Field in keyof Row]: Exclude<Row[Field], undefined> };

/** A record for other programs: what has no value is left out. */
export function withoutUndefined<Row extends object>(row: Row): WithoutUndefined<Row> {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== undefined),
  ) as WithoutUndefined<Row>;
}
