import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { EXIT } from './exit-codes.ts';
import { runCaptured } from './suite/captured-terminal.ts';

/** The sites of the folder examples, against a real API that has nothing but the images they name. */

const REPOSITORY = join(import.meta.dirname, '../..');
const EXAMPLES = join(REPOSITORY, 'examples');
/** The one line of a site file that names what it cannot carry. */
const IMAGES = /^images: \[(.*)\]$/m;

let world: ApiWorld;
let api: ListeningApi;
let folder: string;
beforeEach(async () => {
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  folder = mkdtempSync(join(tmpdir(), 'muster-examples-'));
});
afterEach(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
  rmSync(folder, { recursive: true });
});

/** @returns what it prints, where it succeeds. */
async function muster(...words: readonly string[]): Promise<string> {
  const { exitCode, out, err } = await runCaptured(words, { environment: { MUSTER_SERVER: api.url } });
  expect(exitCode, `${words.join(' ')}: ${err}`).toBe(EXIT.ok);
  return out;
}

async function applied(example: string): Promise<void> {
  const site = join(EXAMPLES, example);
  const text = readdirSync(site)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(join(site, file), 'utf8'))
    .join('\n');
  for (const image of IMAGES.exec(text)?.[1]?.split(', ') ?? []) {
    cpSync(world.tree, join(folder, image), { recursive: true });
    await muster('image', 'add', join(folder, image), '--name', image);
  }
  expect(await muster('apply', '-f', site)).toMatch(/^\+ subnet /m);
  expect(await muster('diff', '-f', site)).toBe('');
}

describe('a site of the folder examples is as the server is after it was applied', () => {
  for (const example of readdirSync(EXAMPLES)) {
    test(example, async () => await applied(example));
  }
});

test('the list of the factory line is one, and its machines have what their groups say', async () => {
  await applied('factory-line');
  await muster('machine', 'import', join(EXAMPLES, 'factory-line/machines.csv'));
  expect(await muster('machine', 'variables', 'unit-0003')).toMatch(/^disk +nvme0n1 +group with-nvme$/m);
  expect(await muster('diff', '-f', join(EXAMPLES, 'factory-line'))).toBe('');
});

test('a page leads to each of them', () => {
  const pages = readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(join(REPOSITORY, 'docs', name), 'utf8'))
    .join('\n');
  for (const example of readdirSync(EXAMPLES)) expect(pages).toContain(`examples/${example})`);
});
