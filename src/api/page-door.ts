import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HEALTH_PATH, METRICS_PATH, READY_PATH } from '../contract/routes.ts';

/**
 * The web page: files that `npm run build` wrote. Their names are read from the folder, and a request only chooses
 * among them, so that no path leads out of it. Every other path that is none of the API gets the page itself, which
 * knows by the path what to show.
 */

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const INDEX = '/index.html';
/** Names with a hash of what is in them: another content has another name. */
const HASHED = '/assets/';
/** Packed beside the file by the build, the smallest first. */
const PACKED = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** No script, style or request but our own, in no frame, and no word to others of where a link was followed. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};
const FOR_EVER = 'public, max-age=31536000, immutable';

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Muster: the web page is not built</title>
<h1>The web page is not built</h1>
<p>This copy of Muster has no web page yet. In its checkout, type <code>npm run build</code>, and load this again.</p>
<p>The command line and the API work without it: <code>muster --help</code>.</p>
</html>
`;

export class PageDoor {
  readonly #folder: string;
  #known: { readonly builtAtMs: number; readonly names: ReadonlySet<string> } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns whether it was a request for the page; what was none is still to be answered. */
  async answer({ method, url, headers }: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const path = url.split('?')[0] ?? '';
    if ((method !== 'GET' && method !== 'HEAD') || isOfPrograms(path)) return false;
    const names = await this.#names();
    if (names === undefined) {
      await reply
        .code(503)
        .headers(PAGE_HEADERS)
        .type(TYPES['.html'] ?? '')
        .send(Buffer.from(NOT_BUILT));
      return true;
    }
    // A file of an earlier build is gone; the page in its place would be taken for a script.
    if (path.startsWith(HASHED) && !names.has(path)) return false;
    await this.#send(names.has(path) ? path : INDEX, names, headers['accept-encoding'] ?? '', reply);
    return true;
  }

  async #send(
    name: string,
    names: ReadonlySet<string>,
    accepted: string | readonly string[],
    reply: FastifyReply,
  ): Promise<void> {
    const packed = PACKED.find(([word, end]) => accepts(String(accepted), word) && names.has(name + end));
    const bytes = await readFile(join(this.#folder, name + (packed?.[1] ?? '')));
    void reply.headers(PAGE_HEADERS).type(TYPES[extname(name)] ?? 'application/octet-stream');
    void reply.header('vary', 'accept-encoding');
    if (name.startsWith(HASHED)) void reply.header('cache-control', FOR_EVER);
    if (packed) void reply.header('content-encoding', packed[0]);
    // HEAD is told the same length, and Node keeps the bytes back.
    await reply.header('content-length', bytes.length).send(bytes);
  }

  /** The names of the build that is there now; `undefined` where there is none. */
  async #names(): Promise<ReadonlySet<string> | undefined> {
    try {
      const { mtimeMs } = await stat(join(this.#folder, INDEX));
      if (this.#known?.builtAtMs !== mtimeMs) {
        const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
        const files = entries.filter((entry) => entry.isFile());
        const names = files.map((entry) => join(entry.parentPath, entry.name).slice(this.#folder.length));
        this.#known = { builtAtMs: mtimeMs, names: new Set(names) };
      }
      return this.#known.names;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/** What programs ask for never becomes a page. */
function isOfPrograms(path: string): boolean {
  return /^\/api(?:\/|$)/.test(path) || [HEALTH_PATH, READY_PATH, METRICS_PATH].includes(path);
}

/** RFC 9110 §12.5.3: named, and not with the weight 0. */
function accepts(accepted: string, coding: string): boolean {
  return accepted.split(',').some((one) => {
    const [word = '', ...weights] = one.split(';').map((part) => part.trim().toLowerCase());
    return word === coding && !weights.some((weight) => /^q=0(?:\.0*)?$/.test(weight));
  });
}
