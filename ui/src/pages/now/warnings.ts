import type { WireEvent } from '../../../../src/contract/events.ts';
import type { Answer, ItemOf } from '../../data/client.ts';

/** What somebody should look at, with what is known of it. */
export type Warning =
  | { readonly kind: 'foreign server'; readonly key: string; readonly address: string }
  | {
      readonly kind: 'pool';
      readonly key: string;
      readonly subnet: string;
      readonly used: number;
      readonly size: number;
    }
  | {
      readonly kind: 'loaders';
      readonly key: string;
      readonly names: readonly string[];
      /** A sentence, or a command to type. */
      readonly advice: string;
    }
  | { readonly kind: 'server'; readonly key: string; readonly sentence: string };

/** A pool of which so much is taken is worth a look. */
const POOL_FULL_SHARE = 0.9;
/** Another DHCP server is told of each minute while it is there. */
const FOREIGN_SERVER_HOLDS_MS = 3 * 60_000;

export interface Findings {
  readonly status: Answer<'getStatus'> | undefined;
  readonly loaders: readonly ItemOf<'listLoaders'>[];
  readonly foreignServers: ReadonlyMap<string, number>;
  readonly nowMs: number;
}

export function warningsOf({ status, loaders, foreignServers, nowMs }: Findings): readonly Warning[] {
  const servers = [...foreignServers]
    .filter(([, seenAtMs]) => nowMs - seenAtMs < FOREIGN_SERVER_HOLDS_MS)
    .map(([address]) => ({ kind: 'foreign server', key: address, address }) as const);
  const pools = (status?.pools ?? [])
    .filter(({ size, used }) => size > 0 && used >= size * POOL_FULL_SHARE)
    .map((pool) => ({ kind: 'pool', key: `pool ${pool.subnet}`, ...pool }) as const);
  const said = (status?.warnings ?? []).map(
    (sentence) => ({ kind: 'server', key: sentence, sentence }) as const,
  );
  return [...servers, ...pools, ...missingLoaders(loaders), ...said];
}

/** Those that one deed brings are told together. */
function missingLoaders(loaders: Findings['loaders']): readonly Warning[] {
  const byAdvice = new Map<string, string[]>();
  for (const { name, needed, found, advice, because } of loaders) {
    if (!needed || found) continue;
    const what = advice ?? because ?? '';
    byAdvice.set(what, [...(byAdvice.get(what) ?? []), name]);
  }
  return [...byAdvice].map(([advice, names]) => ({ kind: 'loaders', key: advice, names, advice }));
}

/** When each other DHCP server was seen last, by its address. */
export function foreignServersAfter(
  before: ReadonlyMap<string, number>,
  events: readonly WireEvent[],
): ReadonlyMap<string, number> {
  const seen = events.filter(({ kind }) => kind === 'dhcp.foreignServer');
  if (seen.length === 0) return before;
  return new Map([
    ...before,
    ...seen.map(({ data = {}, at }) => [String(data['serverId'] ?? ''), Date.parse(at)] as const),
  ]);
}
