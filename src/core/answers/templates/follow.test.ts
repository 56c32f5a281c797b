import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderTemplate, URLS } from '../suite/answer-samples.ts';
import { FOLLOW } from './shell-parts.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-follow-'));
  const curl = join(folder, 'curl');
  // Writes down what was posted, and where.
  writeFileSync(
    curl,
    '#!/bin/sh\nfor word; do last=$word; done\necho "$last" >> "$0.urls"\ncat "${0%curl}muster-part" >> "$0.posted"\n',
  );
  chmodSync(curl, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function follow(command: string): {
  readonly status: number | null;
  readonly posted: string;
  readonly urls: string;
} {
  const answer = renderTemplate(`${FOLLOW}\n{{ follow_function() }}`);
  if (!answer.rendered) throw new Error(answer.because);
  const functions = answer.text
    .replaceAll('/tmp/muster-', `${folder}/muster-`)
    .replace('sleep 5', 'sleep 0.2');
  const { status } = spawnSync('sh', ['-s'], {
    input: `${functions}\nfollow sh -c ${JSON.stringify(command)}\n`,
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
  });
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return { status, posted: read('curl.posted'), urls: read('curl.urls') };
}

for (const [what, command, status, posted] of [
  ['that ends well', 'echo one; sleep 0.5; echo two', 0, 'one\ntwo\n'],
  ['that fails', 'echo why >&2; exit 7', 7, 'why\n'],
  ['that is over before anybody looks', 'printf fast', 0, 'fast'],
] as const) {
  test(`a program ${what} has its words posted once each, and ends as it ended`, () => {
    expect(follow(command)).toMatchObject({ status, posted });
  });
}

test('what is said meanwhile is posted before the program is over, to the log of the install', () => {
  const { urls } = follow('echo one; sleep 0.7; echo two');
  const posts = urls.trimEnd().split('\n');
  expect(posts.length).toBeGreaterThanOrEqual(2);
  expect(new Set(posts)).toEqual(new Set([`${URLS.report}/log`]));
});
