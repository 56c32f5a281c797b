import type { Kysely } from 'kysely';
import { OPEN_STATES } from '../../core/install/life.ts';
import type { SiteContents, SiteWrites } from '../../core/site/site-contents.ts';
import type { SiteStore } from '../../core/site/site-store.ts';
import type { Database } from '../database.ts';
import type { StoreAccess } from '../store-access.ts';
import { listGroups, writeGroup } from './groups.ts';
import { listHooks, writeHook } from './hooks.ts';
import { objectionsTo, writeMachines } from './machine-writes.ts';
import { listMachines, removeMachine } from './machines.ts';
import { listMirrors, writeMirror } from './mirrors.ts';
import { readPolicy, writePolicy } from './policy.ts';
import { listPower, putPower } from './power.ts';
import { listProfiles, putProfile, removeProfile } from './profiles.ts';
import { listSnippets, writeSnippet } from './snippets.ts';
import { listSubnets, writeSubnet } from './subnets.ts';

/** Names in one statement: databases take so many values and no more. */
const NAMES_AT_ONCE = 500;

export function siteQueries({ write }: StoreAccess): SiteStore {
  return {
    contents: () => write(readContents),
    change: (decide) =>
      write(async (trx) => {
        const writes = decide(await readContents(trx));
        if (writes !== undefined) await writeAll(trx, writes);
      }),
  };
}

async function readContents(trx: Kysely<Database>): Promise<SiteContents> {
  const images = await trx.selectFrom('images').select('name').orderBy('name').execute();
  return {
    imageNames: images.map(({ name }) => name),
    mirrors: await listMirrors(trx),
    subnets: await listSubnets(trx),
    snippets: await listSnippets(trx),
    profiles: await listProfiles(trx),
    groups: await listGroups(trx),
    machines: await listMachines(trx),
    power: await listPower(trx),
    hooks: await listHooks(trx),
    policy: await readPolicy(trx),
    openInstalls: await trx
      .selectFrom('installs')
      .select(['id', 'machine_id as machineId', 'profile', 'state'])
      .where('state', 'in', OPEN_STATES)
      .orderBy('number')
      .execute(),
  };
}

/** What refers to something comes after it, and goes before it. */
async function writeAll(trx: Kysely<Database>, writes: SiteWrites): Promise<void> {
  const { mirrors, subnets, snippets, profiles, groups, machines, policy } = writes;
  for (const { id } of machines.remove) await removed(removeMachine(trx, id));
  const [objection] = await objectionsTo(trx, machines.put);
  if (objection) throw impossible(objection.because);
  await writeMachines(trx, machines.put);
  for (const names of pages(subnets.remove.map(({ name }) => name)))
    await trx.deleteFrom('subnets').where('name', 'in', names).execute();
  for (const subnet of subnets.put) await writeSubnet(trx, subnet);
  for (const names of pages(snippets.remove.map(({ name }) => name)))
    await trx.deleteFrom('snippets').where('name', 'in', names).execute();
  for (const snippet of snippets.put) await writeSnippet(trx, snippet);
  for (const profile of profiles.put) await done(putProfile(trx, profile));
  for (const names of pages(groups.remove.map(({ name }) => name)))
    await trx.deleteFrom('machine_groups').where('name', 'in', names).execute();
  for (const group of groups.put) await writeGroup(trx, group);
  for (const { name } of profiles.remove) await removed(removeProfile(trx, name));
  for (const names of pages(mirrors.remove.map(({ name }) => name)))
    await trx.deleteFrom('mirrors').where('name', 'in', names).execute();
  for (const mirror of mirrors.put) await writeMirror(trx, mirror);
  await writePower(trx, writes);
  await writeHooks(trx, writes);
  if (policy) await writePolicy(trx, policy);
}

async function writePower(
  trx: Kysely<Database>,
  { power, setAtMs }: Pick<SiteWrites, 'power' | 'setAtMs'>,
): Promise<void> {
  for (const ids of pages(power.remove.map(({ machineId }) => machineId)))
    await trx.deleteFrom('machine_power').where('machine_id', 'in', ids).execute();
  for (const { name, machineId, settings, secret } of power.put) {
    const isThere = await putPower(trx, { machineId, settings, setAtMs }, { secret });
    if (!isThere) throw impossible(`there is no machine "${name}"`);
  }
}

async function writeHooks(trx: Kysely<Database>, { hooks }: Pick<SiteWrites, 'hooks'>): Promise<void> {
  for (const names of pages(hooks.remove.map(({ name }) => name)))
    await trx.deleteFrom('hooks').where('name', 'in', names).execute();
  for (const hook of hooks.put) await writeHook(trx, hook);
}

function pages<T>(items: readonly T[]): readonly (readonly T[])[] {
  const starts = Array.from(
    { length: Math.ceil(items.length / NAMES_AT_ONCE) },
    (_, at) => at * NAMES_AT_ONCE,
  );
  return starts.map((start) => items.slice(start, start + NAMES_AT_ONCE));
}

async function done(putting: Promise<{ put: true } | { put: false; because: string }>): Promise<void> {
  const result = await putting;
  if (!result.put) throw impossible(result.because);
}

async function removed(
  removing: Promise<{ removed: true } | { removed: false; because: string }>,
): Promise<void> {
  const result = await removing;
  if (!result.removed) throw impossible(result.because);
}

/** Whoever decided saw to it that the writes fit together: a refusal is a fault of ours, and undoes all. */
function impossible(because: string): Error {
  return new Error(`A site was decided that cannot be written: ${because}`);
}
