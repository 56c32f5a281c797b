/** Of a thing what has a place in `shape`: with what is sent of it, a change in part says what it is about. */
export function partOf(shape: unknown, thing: unknown): unknown {
  if (!isRecord(shape) || !isRecord(thing)) return thing;
  return Object.fromEntries(Object.keys(shape).map((key) => [key, partOf(shape[key], thing[key])]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
