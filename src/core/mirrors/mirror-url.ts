/** Characters of an upstream's URL. */
export const MAX_MIRROR_URL = 2048;
/** Redirects of one request: the mirror networks of distributions need one or two. */
export const MAX_REDIRECTS = 5;

export type ReadMirrorUrl =
  | { readonly read: true; readonly url: string }
  | { readonly read: false; readonly because: string };

/** What a user named as an upstream, with a slash at its end. */
export function readMirrorUrl(text: string): ReadMirrorUrl {
  // The text is not repeated: it may hold a password.
  if (text.length > MAX_MIRROR_URL) return refused(`it has more than ${MAX_MIRROR_URL} characters`);
  const url = parse(text);
  if (url === undefined) return refused('it is not a URL: http://HOST/PATH is wanted');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return refused(`it is a URL of ${url.protocol.slice(0, -1)}, and only http and https are fetched`);
  if (url.search !== '' || url.hash !== '') return refused('it holds a "?" or "#", which no file follows');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return { read: true, url: url.href };
}

/** For people, logs and events: without the user and the password. */
export function shownUrl(text: string): string {
  const url = parse(text);
  if (url === undefined) return '';
  url.username = '';
  url.password = '';
  return url.href;
}

/**
 * A file below the upstream's URL, and below it only: each part is encoded, and there is none that leads elsewhere.
 *
 * @param path of parts that are not empty, `.` or `..`, as `parseRequestPath` gives them.
 */
export function upstreamUrl(mirrorUrl: string, path: string): URL {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new RangeError(`"${path}" is no path of a file below a mirror`);
  return new URL(parts.map(encodePart).join('/'), mirrorUrl);
}

/** Some servers know package names with "+", "@", "=" and "$" only as they stand. */
function encodePart(part: string): string {
  return encodeURIComponent(part).replaceAll(/%(?:2B|40|3D|24)/g, decodeURIComponent);
}

export type Redirect =
  | { readonly follow: true; readonly url: URL }
  | { readonly follow: false; readonly because: string };

/** Where an upstream sends us on to. It was chosen by the user, but what it says was not. */
export function decideRedirect(from: URL, location: string | undefined, before: number): Redirect {
  if (before >= MAX_REDIRECTS) return no(`it redirects more than ${MAX_REDIRECTS} times`);
  const to = location === undefined ? undefined : parse(location, from);
  if (to === undefined) return no('it redirects to nowhere');
  if (to.protocol !== 'http:' && to.protocol !== 'https:')
    return no(`it redirects to a URL of ${to.protocol.slice(0, -1)}`);
  if (from.protocol === 'https:' && to.protocol === 'http:')
    return no('it redirects from https to http, where anybody on the way could change the files');
  if (to.host !== from.host && isOwnHost(to.hostname))
    return no(`it redirects to ${to.hostname}, which is this server or its own link`);
  return { follow: true, url: to };
}

/** Loopback and link-local names and addresses: services there trust whoever reaches them, such as a cloud's metadata. */
export function isOwnHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return (
    /(?:^|\.)localhost\.?$/.test(host) ||
    /^(?:0|127|169\.254)\./.test(host) ||
    /^(?:::1?$|fe[89ab][0-9a-f]:|::ffff:(?:127|169\.254|7f[0-9a-f]{2}:|a9fe:))/.test(host)
  );
}

function refused(why: string): ReadMirrorUrl {
  return { read: false, because: `the URL of the upstream cannot be used: ${why}` };
}

function no(because: string): Redirect {
  return { follow: false, because };
}

function parse(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
