import type { ApiClient } from '../client.ts';
import type { Candidate } from './completion.ts';

/** Kinds of things that commands name, and how their names are asked for. */

type Ask = (client: ApiClient) => Promise<readonly Candidate[]>;

const THINGS = {
  machine: async (client) =>
    named((await client.call('listMachines', {})).items, ({ macs }) => macs.join(', ')),
  subnet: async (client) => named((await client.call('listSubnets', {})).items, ({ network }) => network),
  image: async (client) => named((await client.call('listImages', {})).items, ({ title }) => title),
  mirror: async (client) => named((await client.call('listMirrors', {})).items, ({ url }) => url),
  profile: async (client) => named((await client.call('listProfiles', {})).items, ({ image }) => image),
  snippet: async (client) => named((await client.call('listSnippets', {})).items, () => ''),
  group: async (client) => named((await client.call('listGroups', {})).items, ({ selector }) => selector),
  wave: async (client) => named((await client.call('listWaves', {})).items, ({ state }) => state),
  hook: async (client) => named((await client.call('listHooks', {})).items, ({ mode }) => mode),
  user: async (client) => named((await client.call('listUsers', {})).items, ({ role }) => role),
  token: async (client) =>
    (await client.call('listTokens', {})).items.map(({ id, title }) => ({ word: id, sentence: title })),
  install: async (client) =>
    (await client.call('listInstalls', {})).items.map(({ id, machine, state }) => ({
      word: id,
      sentence: `${machine}: ${state}`,
    })),
  lease: async (client) =>
    (await client.call('listLeases', { query: {} })).items.map(({ address, machine, mac }) => ({
      word: address,
      sentence: machine ?? mac ?? '',
    })),
} as const satisfies Record<string, Ask>;

export type ThingKind = keyof typeof THINGS;

export async function thingsOf(
  client: ApiClient,
  kinds: readonly ThingKind[],
): Promise<readonly Candidate[]> {
  const lists = await Promise.all(kinds.map(async (kind) => await THINGS[kind](client)));
  return lists.flat();
}

function named<T extends { readonly name: string }>(
  items: readonly T[],
  sentenceOf: (item: T) => string,
): readonly Candidate[] {
  return items.map((item) => ({ word: item.name, sentence: sentenceOf(item) }));
}
