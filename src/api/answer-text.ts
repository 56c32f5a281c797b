import { setImmediate as turn } from 'node:timers/promises';
import { ROUTES } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';
import type { PlainRouteName } from './handler.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Items of a list that are made into text at once: 10,000 machines, or a hundred groups of a hundred, would keep others waiting. */
export const ITEMS_AT_ONCE = 50;

/**
 * An answer as JSON. The row's schema lets pass what the contract names, and nothing else.
 *
 * @param secrets `hidden`: for those who see everything else.
 */
export async function answerText(
  name: PlainRouteName,
  output: unknown,
  secrets: 'shown' | 'hidden' = 'shown',
): Promise<string> {
  const { output: schema }: RouteRow = ROUTES[name];
  const told = (whole: unknown) => schema.parse(secrets === 'hidden' ? withoutSecrets(whole) : whole);
  if (!isLongList(output)) return JSON.stringify(told(output));
  const texts: string[] = [];
  let last: object = {};
  for (let at = 0; at < output.items.length; at += ITEMS_AT_ONCE) {
    if (at > 0) await turn();
    const some = told({ ...output, items: output.items.slice(at, at + ITEMS_AT_ONCE) }) as LongList;
    texts.push(JSON.stringify(some.items).slice(1, -1));
    last = some;
  }
  return textOf(last, `[${texts.join(',')}]`);
}

interface LongList {
  readonly items: readonly unknown[];
}

function isLongList(output: unknown): output is LongList {
  if (typeof output !== 'object' || output === null || !('items' in output)) return false;
  return Array.isArray(output.items) && output.items.length > ITEMS_AT_ONCE;
}

/** Byte for byte as in one piece, with all items where those of the last part stand. */
function textOf(last: object, items: string): string {
  const fields = Object.entries(last).flatMap(([key, value]) => {
    const text = key === 'items' ? items : JSON.stringify(value);
    return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
  });
  return `{${fields.join(',')}}`;
}
