/** What a JSON text holds, but for null, which stands for a value that is left out. */
export type Json = string | number | boolean | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** The text of a value that was read as one; empty where it is absent. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && !isList(value) ? value : {};
}

export function listOf(value: Json | undefined): readonly Json[] {
  return value !== undefined && isList(value) ? value : [];
}

export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return listOf(value).map((item) => objectOf(item));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
