import type { ProblemType } from '../contract/problem.ts';

/** What a request says of itself before its body is read. */
export interface RequestHead {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly contentType: string | undefined;
  /** Whose page asks, as browsers say of themselves (Fetch Metadata, Sec-Fetch-Site and Sec-Fetch-Dest). */
  readonly fetchSite: string | undefined;
  readonly fetchFor: string | undefined;
  readonly protocol: string;
  /** Who can come to the door at all. */
  readonly reachedBy: 'this computer' | 'networks';
}

export type Verdict =
  | { readonly pass: true }
  | {
      readonly pass: false;
      readonly type: ProblemType;
      readonly status: number;
      readonly because: string;
    };

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
/** A page of another origin may not send it without asking first (Fetch, CORS-safelisted content types). */
const BYTES_TYPE = 'application/octet-stream';
const JSON_TYPE = /^application\/json(?:\s*;.*)?$/i;
/** These always have a body here; an HTML form could send them from any page if its content types were taken. */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Whether a request may be heard at all. A browser is reached by every page it shows, so four ways of a hostile page
 * are closed: its own name that points to 127.0.0.1 (DNS rebinding) by the Host header, a script of another origin by
 * the Origin header, an image or a frame, which tells no Origin, by what the browser says of whose page it is, and a
 * form, which sends neither a foreign Origin everywhere nor JSON, by the content type. Following a link is fine. Where
 * networks reach the door it has any name, and over TLS no foreign name leads to it.
 */
export function judgeRequest(head: RequestHead): Verdict {
  if (head.host === undefined || (head.reachedBy === 'this computer' && !LOOPBACK_HOST.test(head.host))) {
    return notPermitted(
      `The API answers to 127.0.0.1, [::1] and localhost, not to "${head.host ?? ''}": ask it by one of those names`,
    );
  }
  if (
    head.origin !== undefined &&
    head.origin.toLowerCase() !== `${head.protocol}://${head.host.toLowerCase()}`
  ) {
    return notPermitted(`The API takes no requests from pages of "${head.origin}"`);
  }
  const isForeign = head.fetchSite === 'cross-site' || head.fetchSite === 'same-site';
  if (isForeign && (head.method !== 'GET' || head.fetchFor !== 'document'))
    return notPermitted('The API takes no requests from pages of others: open it by its own address');
  const isBytes = head.method === 'PUT' && head.contentType?.toLowerCase() === BYTES_TYPE;
  if (WITH_BODY.has(head.method) && !isBytes && !JSON_TYPE.test(head.contentType ?? '')) {
    return {
      pass: false,
      type: 'bad-request',
      status: 415,
      because: `${head.method} wants the content type application/json, and it is "${head.contentType ?? ''}"`,
    };
  }
  return { pass: true };
}

function notPermitted(because: string): Verdict {
  return { pass: false, type: 'not-permitted', status: 403, because };
}
