import { createHmac } from 'node:crypto';
import { type Dispatcher, request } from 'undici';

export interface SignedPost {
  readonly url: string;
  readonly key: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds since 1970, signed too: an old request that is sent once more by somebody else is told by it. */
  readonly atSeconds: number;
  readonly timeoutMs: number;
  readonly enough: AbortSignal;
  readonly dispatcher: Dispatcher;
}

export type PostAnswer =
  | { readonly answered: true; readonly status: number; readonly text: string; readonly retryAfter?: string }
  | { readonly answered: false; readonly because: string };

/** Letters of an answer that are read; the rest is thrown away. */
export const MAX_ANSWER_LENGTH = 4096;

/** `t=SECONDS,v1=HEX`: HMAC-SHA-256 with the key over `SECONDS.BODY`. */
export function signatureOf(key: string, atSeconds: number, body: string): string {
  const hex = createHmac('sha256', key).update(`${atSeconds}.${body}`).digest('hex');
  return `t=${atSeconds},v1=${hex}`;
}

/** Sends it once, and follows no redirect: the body is for the host that was named. Never rejects. */
export async function postSigned(post: SignedPost): Promise<PostAnswer> {
  const { url, key, body, headers, atSeconds, timeoutMs, enough, dispatcher } = post;
  try {
    const response = await request(url, {
      method: 'POST',
      dispatcher,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Muster',
        'muster-signature': signatureOf(key, atSeconds, body),
        ...headers,
      },
      body,
      signal: AbortSignal.any([enough, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await readStart(response.body);
    const retryAfter = response.headers['retry-after'];
    return {
      answered: true,
      status: response.statusCode,
      text,
      ...(typeof retryAfter === 'string' ? { retryAfter } : {}),
    };
  } catch (error) {
    return { answered: false, because: enough.aborted ? 'it was stopped' : reasonOf(error, timeoutMs) };
  }
}

/** What comes behind is not waited for: the connection is given up. */
async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    if (text.length >= MAX_ANSWER_LENGTH) return text.slice(0, MAX_ANSWER_LENGTH);
  }
  return text;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0], timeoutMs);
  if (error.cause instanceof Error) return reasonOf(error.cause, timeoutMs);
  return 'code' in error && typeof error.code === 'string'
    ? `${error.code}: ${error.message}`
    : error.message;
}
