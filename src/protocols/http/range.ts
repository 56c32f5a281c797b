/**
 * `Range` of a request (RFC 9110 §14). One range is answered with 206; several, other units and what cannot be
 * read are answered with the whole, which §14.2 allows.
 */
export type RangeChoice =
  | { readonly send: 'whole' }
  /** Both ends are sent; in bytes from 0. */
  | { readonly send: 'part'; readonly first: number; readonly last: number }
  /** 416: the client asks behind the end. */
  | { readonly send: 'nothing'; readonly because: string };

const WHOLE: RangeChoice = { send: 'whole' };

/**
 * @param header the value of `Range`, if there is one.
 * @param size bytes of the whole file.
 */
export function chooseRange(header: string | undefined, size: number): RangeChoice {
  const match = /^bytes[ \t]*=[ \t]*(\d*)[ \t]*-[ \t]*(\d*)[ \t]*$/i.exec(header ?? '');
  if (!match) return WHOLE;
  const [, firstDigits = '', lastDigits = ''] = match;
  if (firstDigits === '') return lastDigits === '' ? WHOLE : suffix(Number(lastDigits), size);
  const first = Number(firstDigits);
  const last = lastDigits === '' ? Number.POSITIVE_INFINITY : Number(lastDigits);
  if (last < first) return WHOLE; // RFC 9110 §14.1.1: such a range is not valid, so the header is ignored.
  if (first >= size)
    return { send: 'nothing', because: `the file has ${size} bytes, and byte ${firstDigits} was asked for` };
  return { send: 'part', first, last: Math.min(last, size - 1) };
}

/** `bytes=-N`: the last N, or all of a shorter file. */
function suffix(length: number, size: number): RangeChoice {
  if (length === 0) return { send: 'nothing', because: 'the last 0 bytes were asked for' };
  if (size === 0) return { send: 'nothing', because: 'the file is empty' };
  return { send: 'part', first: Math.max(0, size - length), last: size - 1 };
}

/** `Content-Range` of a 206. */
export function formatContentRange(first: number, last: number, size: number): string {
  return `bytes ${first}-${last}/${size}`;
}

/** `Content-Range` of a 416. */
export function formatUnsatisfiedRange(size: number): string {
  return `bytes */${size}`;
}
