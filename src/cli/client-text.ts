import { CliFailure } from './cli-failure.ts';

/** What the client makes of texts from outside, and writes into its requests. */

/** From the request to the end of the answer. */
export const ANSWER_TIMEOUT_MS = 60_000;

const LOOPBACK_NAME = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Muster answers to other computers over TLS alone: what is sent there without is heard by somebody else.
  if (url?.protocol === 'http:' && !LOOPBACK_NAME.test(url.hostname))
    throw new CliFailure(
      'usage',
      `--server "${text}" is another computer, where a password or token would be read on the way: say https://`,
    );
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text.replace(/\/+$/, '');
  throw new CliFailure(
    'usage',
    `--server "${text}" is not an address of Muster, such as http://127.0.0.1:8067`,
  );
}

export function queryText(query: unknown): string {
  const fields = Object.entries(query as Record<string, string | number | undefined>);
  const given = new URLSearchParams();
  for (const [key, value] of fields) if (value !== undefined) given.set(key, String(value));
  return given.size === 0 ? '' : `?${given.toString()}`;
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Node hides why under `cause`, and a name with several addresses under several of them. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`;
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  if (cause instanceof Error) return reasonOf(cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

export function sentenceOf(text: string): string {
  // A place in a file stands as it is: `profile web:12:5: …`.
  if (/^[\w' -]{1,100}:\d+:/.test(text)) return text;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
