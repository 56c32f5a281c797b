import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PAST_PROXY } from '../../src/core/answers/past-proxy.ts';

/** The programs by which installers tell Muster something, in surroundings where all goes through a proxy. */

const run = promisify(execFile);
let server: Server;
let url = '';
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('ok\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  url = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

// Nobody listens there.
const PROXY = 'http://127.0.0.1:9';
const SURROUNDINGS = [
  ['http_proxy', { http_proxy: PROXY }],
  ['all_proxy in both ways of writing', { all_proxy: PROXY, ALL_PROXY: PROXY }],
  ['all of them', { http_proxy: PROXY, https_proxy: PROXY, all_proxy: PROXY, HTTP_PROXY: PROXY }],
] as const;

const PROGRAMS = [
  ['curl', 'curl -s -f --max-time 20 --data x'],
  ['GNU wget', 'wget -q -O - --tries=1 --post-data=x'],
  ['wget of busybox', 'busybox wget -q -O - --post-data=x'],
  ['Python', `python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], b"x", 20).read()'`],
] as const;

const SHELLS = ['bash', 'dash', 'busybox sh'] as const;

describe.each(PROGRAMS)('%s', (name, program) => {
  for (const [what, surroundings] of SURROUNDINGS) {
    for (const shell of SHELLS) {
      test(`goes past ${what}, in ${shell}`, async () => {
        const path = `/${encodeURIComponent(`${name} ${what} ${shell}`)}`;
        const [word = '', ...more] = shell.split(' ');
        await run(word, [...more, '-c', `${PAST_PROXY} ${program} ${url}${path}`], {
          env: { PATH: process.env['PATH'], ...surroundings },
        });
        expect(asked).toContain(path);
      });
    }
  }
});
