import { type JsonObject, objectOf, textOf } from './json.ts';

export type MadeResource =
  | { readonly made: true; readonly resource: JsonObject }
  | { readonly made: false; readonly because: string };

/** What Ignition fetches from (its "source"), and `data:` for what is in the file itself. */
const SCHEMES = ['http', 'https', 'tftp', 's3', 'gs', 'arn', 'data'];

/** A file's content as Ignition knows it: a text becomes a `data:` URL (RFC 2397). */
export function resourceOf({ inline, ...resource }: JsonObject): MadeResource {
  const { source, compression, httpHeaders, verification } = resource;
  if (typeof inline === 'string') {
    if (source !== undefined) return { made: false, because: 'has both "inline" and "source"' };
    if (compression !== undefined) {
      return {
        made: false,
        because: 'has "compression" beside "inline", which is plain text: leave it out',
      };
    }
    return { made: true, resource: { ...resource, source: dataUrl(inline) } };
  }
  if (typeof source === 'string') {
    const scheme = /^([a-z][a-z\d+.-]*):/i.exec(source)?.[1]?.toLowerCase() ?? '';
    if (!SCHEMES.includes(scheme)) {
      return { made: false, because: `has a "source" that is no URL of ${SCHEMES.join(', ')}` };
    }
    if (httpHeaders !== undefined && !scheme.startsWith('http')) {
      return { made: false, because: 'has "http_headers", which go with a source of http or https alone' };
    }
  }
  if (compression !== undefined && compression !== 'gzip' && compression !== '') {
    return { made: false, because: 'has a "compression" other than gzip' };
  }
  const hash = objectOf(verification)['hash'];
  if (hash !== undefined && !/^(?:sha512-[\da-f]{128}|sha256-[\da-f]{64})$/.test(textOf(hash))) {
    return {
      made: false,
      because: 'has a "hash" that is not sha512- or sha256- and the sum in hexadecimal digits',
    };
  }
  return { made: true, resource };
}

/** The shorter of both ways to write it. */
export function dataUrl(text: string): string {
  const escaped = `data:,${encodeURIComponent(text)}`;
  const encoded = `data:;base64,${Buffer.from(text, 'utf8').toString('base64')}`;
  return escaped.length <= encoded.length ? escaped : encoded;
}
