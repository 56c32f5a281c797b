import { lookup as lookUpName } from 'node:dns';
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { decideRedirect, isOwnHost, upstreamUrl } from '../../core/mirrors/mirror-url.ts';

/** How long an upstream is waited for, in milliseconds, and how many requests it gets at one time. */
export interface UpstreamLimits {
  /** Until a connection stands, the look for the name and TLS included. */
  readonly connectMs: number;
  /** From there to the head of its answer. */
  readonly headMs: number;
  /** Without a byte of the body. */
  readonly stalledMs: number;
  readonly connections: number;
  /** Before a fetch that broke off is gone on with; twice as long after each try in vain. */
  readonly resumeAfterMs: number;
}

export const UPSTREAM_LIMITS: UpstreamLimits = {
  connectMs: 10_000,
  headMs: 20_000,
  stalledMs: 30_000,
  // Enough to fill a line whose other end is far away, and what public mirrors let one address have.
  connections: 8,
  resumeAfterMs: 250,
};

export interface UpstreamHead {
  readonly status: number;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly contentRange: string | undefined;
  /** Of this body; undefined where the upstream does not say it. */
  readonly contentLength: number | undefined;
}

export type UpstreamAnswer =
  | {
      readonly got: 'answer';
      readonly head: UpstreamHead;
      /** Must be read to its end or destroyed. Fails when the connection breaks or stalls. */
      readonly body: IncomingMessage;
    }
  | {
      readonly got: 'nothing';
      readonly because: string;
      /** `unreachable`: it may be there later. `wrong`: it answered what cannot be followed. */
      readonly kind: 'unreachable' | 'wrong';
    };

/** The server a mirror is fetched from. It is asked for what is below its URL, and for nothing else. */
export class MirrorUpstream {
  readonly #url: URL;
  readonly #authorization: string | undefined;
  readonly #limits: UpstreamLimits;
  readonly #agents: { readonly http: HttpAgent; readonly https: HttpsAgent };

  constructor(url: string, limits: Partial<UpstreamLimits> = {}) {
    this.#url = new URL(url);
    this.#authorization = authorizationOf(this.#url);
    this.#limits = { ...UPSTREAM_LIMITS, ...limits };
    const options = { keepAlive: true, maxSockets: this.#limits.connections, scheduling: 'lifo' } as const;
    this.#agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  }

  get resumeAfterMs(): number {
    return this.#limits.resumeAfterMs;
  }

  /** Follows redirects. Never rejects. @param path below the URL of the mirror. */
  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<UpstreamAnswer> {
    let url = upstreamUrl(this.#url.href, path);
    for (let redirects = 0; ; redirects += 1) {
      const answer = await this.#ask(url, headers);
      if (answer.got === 'nothing' || !isRedirect(answer.head.status)) return answer;
      const { location } = answer.body.headers;
      answer.body.destroy();
      const next = decideRedirect(url, location, redirects);
      if (!next.follow) return { got: 'nothing', kind: 'wrong', because: next.because };
      url = next.url;
    }
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #ask(url: URL, headers: Readonly<Record<string, string>>): Promise<UpstreamAnswer> {
    const isOwn = url.origin === this.#url.origin;
    const credentials =
      isOwn && this.#authorization !== undefined ? { Authorization: this.#authorization } : {};
    const target = new URL(url);
    // Node would make a header of them, for whichever server.
    target.username = '';
    target.password = '';
    const options = {
      // Bytes as they are in the file: its digest is over those.
      headers: { 'User-Agent': 'muster', 'Accept-Encoding': 'identity', ...headers, ...credentials },
      ...(url.host === this.#url.host ? {} : { lookup: lookUpElsewhere }),
    };
    return new Promise((resolve) => {
      const request =
        url.protocol === 'https:'
          ? httpsRequest(target, { ...options, agent: this.#agents.https })
          : httpRequest(target, { ...options, agent: this.#agents.http });
      const limit = (ms: number, what: string): NodeJS.Timeout =>
        setTimeout(() => request.destroy(new Error(`${what} within ${ms / 1000} s`)), ms);
      let timer: NodeJS.Timeout | undefined;
      request.on('socket', (socket) => {
        const connected = (): void => {
          clearTimeout(timer);
          timer = limit(this.#limits.headMs, 'it did not answer');
        };
        if (!socket.connecting) return connected();
        timer = limit(this.#limits.connectMs, 'no connection came about');
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
      });
      request.on('error', (error) => {
        clearTimeout(timer);
        resolve({ got: 'nothing', kind: 'unreachable', because: wordsOf(error) });
      });
      request.on('response', (body) => {
        clearTimeout(timer);
        const { stalledMs } = this.#limits;
        body.setTimeout(stalledMs, () =>
          body.destroy(new Error(`no byte came within ${stalledMs / 1000} s`)),
        );
        resolve({ got: 'answer', head: headOf(body), body });
      });
      request.end();
    });
  }
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** A name that a redirect led to may stand for an address of this server. */
const lookUpElsewhere: typeof lookUpName = ((...given: Parameters<typeof lookUpName>) => {
  const [host, options, done] = given as unknown as [
    string,
    object,
    (error: Error | null, address?: unknown, family?: number) => void,
  ];
  lookUpName(host, options, (error, address: unknown, family) => {
    const found = Array.isArray(address) ? address : [{ address }];
    const own = found.some((one: { readonly address?: unknown }) => isOwnHost(String(one.address)));
    if (own && isIP(host) === 0) done(new Error(`${host} is an address of this server or its own link`));
    else done(error, address, family);
  });
}) as typeof lookUpName;

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function headOf({ statusCode = 0, headers }: IncomingMessage): UpstreamHead {
  const length = headers['content-length'];
  return {
    status: statusCode,
    etag: headers.etag,
    lastModified: headers['last-modified'],
    contentRange: headers['content-range'],
    contentLength: length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined,
  };
}

/** What a person can do something with: the system's words are for programmers. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refuses the connection',
  ECONNRESET: 'it broke the connection off',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to its network',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'no name server answers',
  ETIMEDOUT: 'it does not answer',
  EPIPE: 'it broke the connection off',
};

export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return WORDS[code] ?? (error.message === 'aborted' ? 'it broke the connection off' : error.message);
}
