import type { ApiClient } from '../client.ts';
import type { Candidate } from './completion.ts';

/** Kinds of things that commands name, and how their names are asked for. */

/** @param begun what their names begin with, where somebody typed that; others may be among them. */
type Ask = (client: ApiClient, begun: string) => Promise<readonly Candidate[]>;

/** Whoever has more types more letters. */
const MOST = 1000;

const THINGS = {
  machine: async (client, begun) => {
    const query = { limit: MOST, ...(begun === '' ? {} : { q: begun }) };
    return named((await client.call('listMachines', { query })).items, ({ macs }) => macs.join(', '));
  },
  subnet: async (client) => named((await client.call('listSubnets', {})).items, ({ network }) => network),
  image: async (client) => named((await client.call('listImages', {})).items, ({ title }) => title),
  mirror: async (client) => named((await client.call('listMirrors', {})).items, ({ url }) => url),
  profile: async (client) => named((await client.call('listProfiles', {})).items, ({ image }) => image),
  snippet: async (client) => named((await client.call('listSnippets', {})).items, () => ''),
  group: async (client) =>
    named((await client.call('listGroups', { query: { limit: MOST } })).items, ({ selector }) => selector),
  wave: async (client) =>
    named((await client.call('listWaves', { query: { limit: MOST } })).items, ({ state }) => state),
  hook: async (client) => named((await client.call('listHooks', {})).items, ({ mode }) => mode),
  user: async (client) => named((await client.call('listUsers', {})).items, ({ role }) => role),
  token: async (client) =>
    (await client.call('listTokens', {})).items.map(({ id, title }) => ({ word: id, sentence: title })),
  install: async (client) =>
    (await client.call('listInstalls', { query: { limit: MOST } })).items.map(({ id, machine, state }) => ({
      word: id,
      sentence: `${machine}: ${state}`,
    })),
  lease: async (client) =>
    (await client.call('listLeases', { query: { limit: MOST } })).items.map(({ address, machine, mac }) => ({
      word: address,
      sentence: machine ?? mac ?? '',
    })),
} as const satisfies Record<string, Ask>;

export type ThingKind = keyof typeof THINGS;

export async function thingsOf(
  client: ApiClient,
  kinds: readonly ThingKind[],
  begun: string,
): Promise<readonly Candidate[]> {
  const lists = await Promise.all(kinds.map(async (kind) => await THINGS[kind](client, begun)));
  return lists.flat();
}

function named<T extends { readonly name: string }>(
  items: readonly T[],
  sentenceOf: (item: T) => string,
): readonly Candidate[] {
  return items.map((item) => ({ word: item.name, sentence: sentenceOf(item) }));
}
