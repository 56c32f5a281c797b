import type { WireEvent } from '../contract/events.ts';
import type { ApiClient, EventWish } from './client.ts';

/** What the API answers at most in one page. */
const PAGE_ROWS = 1000;

/** The newest events that fit, or the oldest behind one, oldest first; however many pages they are looked for in. */
export async function readEvents(
  client: Pick<ApiClient, 'call'>,
  wish: EventWish & { readonly q?: string },
  after: number | undefined,
  limit: number,
): Promise<readonly WireEvent[]> {
  const found: WireEvent[] = [];
  const direction = after === undefined ? 'before' : 'after';
  let from = after;
  do {
    const place = from === undefined ? {} : { [direction]: from };
    const wanted = Math.min(PAGE_ROWS, limit - found.length);
    const page = await client.call('listEvents', { query: { ...wish, ...place, limit: wanted } });
    if (direction === 'before') found.unshift(...page.items);
    else found.push(...page.items);
    from = page.next;
  } while (from !== undefined && found.length < limit);
  return found;
}
