/** What a server answered, as far as it matters; header fields by their small names. */
export interface DownloadAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
}

export type DownloadStep =
  /** What comes goes behind what is here. */
  | { readonly go: 'on'; readonly bytes: number | undefined; readonly validator: string | undefined }
  /** What is here is thrown away: the file there is another one, or the server knows no parts. */
  | { readonly go: 'anew'; readonly bytes: number | undefined; readonly validator: string | undefined }
  /** All of it is here. */
  | { readonly go: 'whole' }
  | { readonly go: 'elsewhere'; readonly url: string }
  | { readonly go: 'no'; readonly because: string; readonly again: boolean };

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Answers that may be others a little later (RFC 9110 §15, RFC 6585 §4). */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * What follows from an answer to a request for a file, or for the rest of it (RFC 9110 §14).
 *
 * @param here bytes that are here already; they were asked to go on from there, if there are any.
 * @param url what was asked for, against which a redirection is read.
 */
export function decideDownload({ status, header }: DownloadAnswer, here: number, url: string): DownloadStep {
  if (REDIRECTS.has(status)) return redirection(header('location'), url);
  const validator = validatorOf(header);
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header('content-range') ?? '');
    if (range && Number(range[1]) === here)
      return { go: 'on', bytes: range[2] === '*' ? undefined : Number(range[2]), validator };
    return no('it sent another part than was asked for', true);
  }
  if (status === 200) return { go: 'anew', bytes: lengthOf(header), validator };
  if (status === 416 && here > 0) {
    const total = /^bytes \*\/(\d+)$/.exec(header('content-range') ?? '')?.[1];
    // Nothing comes after the last byte, so that is what it says of a file that is here as a whole.
    if (total !== undefined && Number(total) === here) return { go: 'whole' };
    return { go: 'anew', bytes: undefined, validator: undefined };
  }
  if (status === 404 || status === 410) return no('the file is not there (404)', false);
  if (status === 401 || status === 403) return no(`the server gives it to nobody unknown (${status})`, false);
  return no(`the server answers ${status}`, PASSING.has(status));
}

function redirection(location: string | undefined, url: string): DownloadStep {
  if (location === undefined || !URL.canParse(location, url))
    return no('the server sends on to nowhere', false);
  const target = new URL(location, url);
  const objection = objectionToUrl(target.href);
  if (objection !== undefined) return no(`the server sends on to "${target.href}", and ${objection}`, false);
  if (new URL(url).protocol === 'https:' && target.protocol === 'http:')
    return no(
      `the server sends on from https to "${target.href}", which anybody on the way can change`,
      false,
    );
  return { go: 'elsewhere', url: target.href };
}

/** Why nothing is loaded from there, or undefined. */
export function objectionToUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return 'it is no URL';
  const { protocol, username, password } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return 'only http and https are loaded from';
  if (username !== '' || password !== '')
    return 'a user and a password in a URL end up in logs: load it by hand, and add the file';
  return undefined;
}

/** A weak ETag says that two versions mean the same, not that their bytes are (RFC 9110 §8.8.1), so it does not count. */
function validatorOf(header: DownloadAnswer['header']): string | undefined {
  const tag = header('etag');
  return tag !== undefined && tag.startsWith('"') ? tag : header('last-modified');
}

function lengthOf(header: DownloadAnswer['header']): number | undefined {
  const text = header('content-length');
  const bytes = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

function no(because: string, again: boolean): DownloadStep {
  return { go: 'no', because, again };
}
