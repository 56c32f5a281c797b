import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, buildConnector, request } from 'undici';
import { PowerTrouble } from '../../core/power/power-driver.ts';
import type { RedfishSettings, RedfishTrust } from '../../core/power/power-settings.ts';
import { readError } from '../../core/power/redfish/resources.ts';
import { troubleOfConnection } from './connection-trouble.ts';

/** Of one answer; a large system's resource has some 30 kB. */
export const MAX_ANSWER_BYTES = 1024 * 1024;
/** BMCs are slow: an iLO 4 takes seconds for a session. */
export const REQUEST_MS = 20_000;

export interface RedfishAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** Undefined where it is no JSON. */
  readonly body: unknown;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

interface RequestParts {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the time that the whole action has. */
  readonly withinMs?: number;
}

/** Requests to one service, which is who it says or is not spoken to. Never through a proxy: BMCs are near. */
export class RedfishConnection {
  readonly #origin: string;
  readonly #agent: Agent;
  readonly #enough: AbortSignal;
  #headers: Readonly<Record<string, string>> = {};

  constructor({ url, trust }: Pick<RedfishSettings, 'url' | 'trust'>, enough: AbortSignal) {
    this.#origin = new URL(url).origin;
    this.#enough = enough;
    // One connection: several at once are too much for some BMCs.
    this.#agent = new Agent({ connect: connectorFor(trust), connections: 1, pipelining: 1 });
  }

  /** Goes along with every request from now on. */
  authorize(headers: Readonly<Record<string, string>>): void {
    this.#headers = headers;
  }

  /** Any answer. @throws PowerTrouble where there is none. */
  async ask(
    method: Method,
    path: string,
    { body, headers, withinMs }: RequestParts = {},
  ): Promise<RedfishAnswer> {
    try {
      const response = await request(`${this.#origin}${path}`, {
        method,
        dispatcher: this.#agent,
        headers: {
          accept: 'application/json',
          // DSP0266 §7.1: some services refuse requests without it.
          'odata-version': '4.0',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...this.#headers,
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal:
          withinMs === undefined
            ? AbortSignal.any([this.#enough, AbortSignal.timeout(REQUEST_MS)])
            : AbortSignal.timeout(withinMs),
      });
      const text = await readBounded(response.body);
      const header = (name: string): string | undefined => {
        const value = response.headers[name];
        return Array.isArray(value) ? value[0] : value;
      };
      return { status: response.statusCode, header, body: jsonOrNothing(text) };
    } catch (error) {
      throw error instanceof PowerTrouble ? error : troubleOfConnection(error, this.#origin);
    }
  }

  /** An answer that is a yes. @throws PowerTrouble with what the service says. */
  async expect(method: Method, path: string, parts: RequestParts = {}): Promise<RedfishAnswer> {
    const answer = await this.ask(method, path, parts);
    if (isYes(answer)) return answer;
    throw this.troubleOf(answer, `${method} ${path}`);
  }

  /** What an answer that is no yes says. @param what was asked. */
  troubleOf(answer: RedfishAnswer, what: string): PowerTrouble {
    const { text, ids } = readError(answer.body);
    const said = `${answer.status}${text === '' ? '' : `: ${text}`}`;
    return troubleWith(
      { status: answer.status, said, isFull: ids.some((id) => id.endsWith('.SessionLimitExceeded')) },
      what,
      'x-auth-token' in this.#headers ? 'session' : 'authorization' in this.#headers ? 'basic' : 'nobody',
    );
  }

  /** Between two looks. @throws PowerTrouble when the whole action has no time left. */
  async pause(ms: number): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: this.#enough });
    } catch (error) {
      throw troubleOfConnection(error, this.#origin);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

export function isYes({ status }: RedfishAnswer): boolean {
  return status >= 200 && status < 300;
}

/** @param as in a session the password was right: a 401 says then that the session is over, as when a BMC starts anew. */
function troubleWith(
  { status, said, isFull }: { readonly status: number; readonly said: string; readonly isFull: boolean },
  what: string,
  as: 'session' | 'basic' | 'nobody',
): PowerTrouble {
  if (isFull) return new PowerTrouble('refused', `the BMC has no room for one more session (${said})`);
  if (status === 401 && as === 'session')
    return new PowerTrouble('unreachable', `the BMC ended the session in the middle of ${what} (${said})`);
  // Some answer 403 to a log-in, too, as for an account that is locked: asking again would keep it so.
  if (status === 401 || (status === 403 && as === 'nobody'))
    return new PowerTrouble('login', `the BMC does not let this user in (${said})`);
  // The user is known and has not the privilege (DSP0266, "HTTP status codes"): the password is right.
  if (status === 403)
    return new PowerTrouble(
      'refused',
      `the BMC knows this user and does not let it do ${what} (${said}): it needs the role Operator or Administrator there`,
    );
  return new PowerTrouble('refused', `the BMC answers ${what} with ${said}`);
}

function connectorFor(trust: RedfishTrust): buildConnector.connector {
  const base = { timeout: REQUEST_MS, maxCachedSessions: 0 };
  switch (trust.by) {
    case 'authorities':
      return buildConnector({ ...base, ...(trust.pem === undefined ? {} : { ca: trust.pem }) });
    case 'nothing':
      return buildConnector({ ...base, rejectUnauthorized: false });
    case 'fingerprint':
      return pinned(buildConnector({ ...base, rejectUnauthorized: false }), trust.sha256);
    default:
      return trust satisfies never;
  }
}

/** Looks at the certificate before the first byte of a request is sent. */
function pinned(connect: buildConnector.connector, sha256: string): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      const shown =
        'getPeerX509Certificate' in socket ? socket.getPeerX509Certificate()?.fingerprint256 : undefined;
      const fingerprint = shown?.replaceAll(':', '').toLowerCase();
      if (fingerprint === sha256) return callback(null, socket);
      socket.destroy();
      const because = `the BMC shows another certificate than the one that is trusted: its SHA-256 is ${fingerprint ?? 'none'}`;
      return callback(new PowerTrouble('refused', because), null);
    });
}

async function readBounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES)
      throw new PowerTrouble('refused', `the BMC answers with more than ${MAX_ANSWER_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
