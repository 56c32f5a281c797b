/** Fields of a query that are read; what comes behind them is not. */
export const MAX_QUERY_FIELDS = 32;

/**
 * The fields of a request target's query (RFC 3986 §3.4), of several with one name the first. A plus is a plus: that
 * it stands for a space is a custom of HTML forms, which no boot program fills in. A field that is not quoted as a
 * URL is, is passed over.
 */
export function parseQuery(target: string): ReadonlyMap<string, string> {
  const at = target.indexOf('?');
  if (at === -1) return new Map();
  const [query = ''] = target.slice(at + 1).split('#', 1);
  const fields = new Map<string, string>();
  for (const field of query.split('&', MAX_QUERY_FIELDS)) {
    const equals = field.indexOf('=');
    const name = decoded(equals === -1 ? field : field.slice(0, equals));
    const value = decoded(equals === -1 ? '' : field.slice(equals + 1));
    if (name !== undefined && name !== '' && value !== undefined && !fields.has(name))
      fields.set(name, value);
  }
  return fields;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
