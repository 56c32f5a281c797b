/** What came of one attempt. */
export type Attempt =
  | { readonly result: 'done'; readonly said: string }
  /** It may go better later. */
  | { readonly result: 'failed'; readonly said: string; readonly waitMs?: number }
  /** It never will. */
  | { readonly result: 'refused'; readonly said: string };

/** Attempts of one delivery: with the shortest of all waits they last a day, so that the age is what ends it. */
export const MAX_ATTEMPTS = 200;
/** From the first attempt of a delivery on. */
export const MAX_AGE_MS = 24 * 3_600_000;
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 15 * 60_000;

export type Retry =
  | { readonly do: 'go on' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'give up'; readonly because: string };

/**
 * Whether a delivery is tried once more, and when: each wait is twice the one before up to a quarter of an hour, and
 * a random half of it, so that hooks of one server that came back do not all ask in the same moment.
 *
 * @param attempts that were made, this one included.
 * @param random from 0 to below 1.
 */
export function decideRetry(attempt: Attempt, attempts: number, ageMs: number, random: number): Retry {
  if (attempt.result === 'done') return { do: 'go on' };
  if (attempt.result === 'refused') return { do: 'give up', because: attempt.said };
  if (attempts >= MAX_ATTEMPTS)
    return { do: 'give up', because: `${attempt.said}, after ${attempts} attempts` };
  if (ageMs >= MAX_AGE_MS)
    return { do: 'give up', because: `${attempt.said}, for ${Math.floor(ageMs / 3_600_000)} hours` };
  const whole = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 20));
  const ms = Math.max(whole / 2 + (whole / 2) * random, Math.min(attempt.waitMs ?? 0, MAX_WAIT_MS));
  return { do: 'wait', ms: Math.round(ms) };
}

/** What the answer of a server means. */
export function readAnswer(status: number, retryAfter: string | undefined): Attempt {
  const said = String(status);
  if (status >= 200 && status < 300) return { result: 'done', said };
  // "Gone" (RFC 9110 §15.5.11): whoever had it says that it does not come back.
  if (status === 410) return { result: 'refused', said };
  if (status >= 300 && status < 400)
    return { result: 'failed', said: `${said}, and redirects are not followed` };
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0;
  return { result: 'failed', said, ...(seconds === 0 ? {} : { waitMs: seconds * 1000 }) };
}

/** What the end of a program means: 75 is EX_TEMPFAIL of sysexits.h, as mail filters say it. */
export function readExit(code: number, said: string): Attempt {
  if (code === 0) return { result: 'done', said: 'ended with 0' };
  const words = `ended with ${code}${said === '' ? '' : `: ${said}`}`;
  return code === 75 ? { result: 'failed', said: words } : { result: 'refused', said: words };
}
