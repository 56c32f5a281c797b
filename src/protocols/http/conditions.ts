/** What identifies one state of a file to HTTP clients. */
export interface Validators {
  /** Strong and quoted; EDK2 sends it back in `If-Match` only when it begins with a quote. */
  readonly etag: string;
  /** Of the file, in milliseconds since 1970-01-01 UTC; HTTP dates tell whole seconds. */
  readonly modifiedMs: number;
  /** The same time as `Last-Modified` tells it: `Sat, 03 Feb 2024 04:05:06 GMT`. */
  readonly lastModified: string;
}

/** The request's conditional headers; absent ones are undefined. */
export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
  readonly ifRange?: string | undefined;
}

/** The same bytes have the same tag as long as the file has its size and time. */
export function makeEtag(size: number, modifiedMs: number): string {
  return `"${size.toString(16)}-${Math.trunc(modifiedMs).toString(16)}"`;
}

/**
 * In the order of RFC 9110 §13.2.2: `failed` is 412, `not modified` is 304. apt asks with `If-Modified-Since`,
 * firmware goes on after a break with `If-Match` or `If-Unmodified-Since`.
 */
export function checkConditions(
  conditions: Conditions,
  validators: Validators,
): 'proceed' | 'failed' | 'not modified' {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!listsTag(ifMatch, validators.etag, 'strong')) return 'failed';
  } else if (ifUnmodifiedSince !== undefined && isNewerThan(validators, ifUnmodifiedSince)) return 'failed';
  if (ifNoneMatch !== undefined) {
    return listsTag(ifNoneMatch, validators.etag, 'weak') ? 'not modified' : 'proceed';
  }
  if (ifModifiedSince !== undefined && isNewerThan(validators, ifModifiedSince) === false)
    return 'not modified';
  return 'proceed';
}

/** Whether `Range` counts: without `If-Range` it does, else only while the file is still the one it names (§13.1.5). */
export function rangeCounts(ifRange: string | undefined, validators: Validators): boolean {
  if (ifRange === undefined) return true;
  const text = ifRange.trim();
  if (text.startsWith('"')) return text === validators.etag;
  // A date must match exactly; a weak tag never does.
  return text === validators.lastModified;
}

function listsTag(header: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (header.trim() === '*') return true;
  return header
    .split(',')
    .map((tag) => tag.trim())
    .some((tag) => tag === etag || (comparison === 'weak' && tag === `W/${etag}`));
}

/** Undefined where the date cannot be read, which makes a server ignore the header (§13.1.3). */
function isNewerThan(validators: Validators, date: string): boolean | undefined {
  const ms = Date.parse(date);
  if (Number.isNaN(ms)) return undefined;
  return Math.floor(validators.modifiedMs / 1000) > Math.floor(ms / 1000);
}
