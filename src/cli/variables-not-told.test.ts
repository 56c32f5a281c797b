import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { EXIT } from './exit-codes.ts';
import { runCaptured } from './suite/captured-terminal.ts';

/** Variables that are set and that an installer hears nothing of are told wherever somebody could still mend them. */

let world: ApiWorld;
let api: ListeningApi;
let folder: string;
beforeAll(async () => {
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'muster-not-told-'));
  await writeFile(join(folder, 'ks.j2'), 'text\n# {{ mirror }}\n');
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
  await rm(folder, { recursive: true });
});

const MIRROR =
  /variable mirror is set, and its installer is not told of it: packages come from the tree, others from `repositories`/;

const muster = async (line: string) =>
  await runCaptured(line.split(' '), { environment: { MUSTER_SERVER: api.url }, workingFolder: folder });

// In the order of a day.
for (const [line, written] of [
  ['image add TREE --name centos', {}],
  ['profile set web --image centos --var mirror=http://192.0.2.1/mirror --var tasks=ssh-server', {}],
  ...[1, 2, 3, 4, 5, 6].map(
    (n) => [`machine add web${n} --mac 52540000000${n} --label role=web`, {}] as const,
  ),
  ...[1, 2, 3, 4].map((n) => [`machine add own${n} --mac 52540000001${n}`, {}] as const),
  ['profile render web1 --profile web', { err: MIRROR }],
  ['profile lint web', { out: /profile web:1: warning: variable mirror is set/ }],
  ['profile lint web', { out: /profile web:1: warning: variable tasks is set.*groups stand in/ }],
  ['install own1 --profile web', { err: MIRROR }],
  [
    'install --selector role=web --profile web',
    { err: /Warning: web1, web2, web3, web4, web5 and 1 more: variable tasks is set/ },
  ],
  ['profile set web --template ks.j2', {}],
  ['profile render web1 --profile web', { notErr: MIRROR, out: /192\.0\.2\.1/ }],
  ['profile set web --default-template --unset-var mirror --unset-var tasks', {}],
  ['install own2 --profile web', { err: /Warning: own2: nobody can log in/ }],
  ['profile set web --var root_password_hash=$6$a$b', {}],
  ['install own4 --profile web', { notErr: /Warning/ }],
  ['machine set own3 --var mirror=http://192.0.2.1/mirror', {}],
  ['install own3 --profile web', { err: /Warning: own3: variable mirror is set/ }],
] as readonly (readonly [
  string,
  { readonly err?: RegExp; readonly out?: RegExp; readonly notErr?: RegExp },
])[]) {
  test(line, async () => {
    const { exitCode, out, err } = await muster(line.replace('TREE', world.tree));
    expect({ exitCode, err: exitCode === EXIT.ok ? '' : err }).toEqual({ exitCode: EXIT.ok, err: '' });
    if (written.err) expect(err).toMatch(written.err);
    if (written.out) expect(out).toMatch(written.out);
    if (written.notErr) expect(err).not.toMatch(written.notErr);
  });
}
