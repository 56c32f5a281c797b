import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { machine } from '../../store/suite/samples.ts';
import { payloadOf } from './payload.ts';
import { postSigned, signatureOf, type SignedPost } from './signed-post.ts';

/** The receiver of docs/hooks.md, run as people copy it. */

const KEY = 'sesam-sesam-sesam';
const EVENT = { id: 4711, atMs: 1_790_000_000_000, kind: 'install.finished', text: 'It is done' } as const;
const BODY = payloadOf('chat', EVENT, machine());

let folder: string;
let program: ChildProcessByStdio<null, Readable, Readable>;
let output = '';
let port: string | undefined;
const dispatcher = new Agent();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-receiver-'));
  const page = readFileSync(new URL('../../../docs/hooks.md', import.meta.url), 'utf8');
  writeFileSync(join(folder, 'receive.mjs'), /```js\n(.*?)```/s.exec(page)?.[1] ?? '');
  // As `openssl rand … >chat.key` leaves it, with the end of its line.
  writeFileSync(join(folder, 'chat.key'), `${KEY}\n`, { mode: 0o600 });
  program = spawn(process.execPath, ['receive.mjs', 'chat.key', '0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [program.stdout, program.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  await vi.waitUntil(() => /listening on \d+/.test(output), { timeout: 20_000 });
  port = /listening on (\d+)/.exec(output)?.[1];
});
afterAll(async () => {
  program.kill('SIGKILL');
  await dispatcher.close();
  rmSync(folder, { recursive: true });
});

async function send(change: Partial<SignedPost> = {}): Promise<number | undefined> {
  const answer = await postSigned({
    url: `http://127.0.0.1:${port}/`,
    key: KEY,
    body: BODY,
    headers: {},
    atSeconds: Math.floor(Date.now() / 1000),
    timeoutMs: 10_000,
    enough: new AbortController().signal,
    dispatcher,
    ...change,
  });
  return answer.answered ? answer.status : undefined;
}

describe('the receiver that the docs show', () => {
  test('takes what Muster sent, and does it once where it came twice', async () => {
    expect([await send(), await send()]).toEqual([204, 204]);
    expect(await send({ body: payloadOf('chat', { ...EVENT, id: 4713 }, machine()) })).toBe(204);
    await expect.poll(() => output).toContain('4713');
    expect(output.match(/^chat\.\d+: It is done$/gm)).toEqual([
      'chat.4711: It is done',
      'chat.4713: It is done',
    ]);
  });

  const nowSeconds = Math.floor(Date.now() / 1000);
  for (const [title, change] of [
    ['that another key signed', { key: 'guessed' }],
    ['that somebody kept for ten minutes', { atSeconds: nowSeconds - 600 }],
    ['of the day after', { atSeconds: nowSeconds + 86_400 }],
    [
      'whose signature says less than it should',
      { headers: { 'muster-signature': `t=${nowSeconds},v1=00` } },
    ],
    [
      'whose signature is of another moment',
      {
        headers: {
          'muster-signature': signatureOf(KEY, nowSeconds - 1, BODY).replace(
            `t=${nowSeconds - 1}`,
            `t=${nowSeconds}`,
          ),
        },
      },
    ],
    [
      'whose body was changed on the way',
      { headers: { 'muster-signature': signatureOf(KEY, nowSeconds, BODY) } },
    ],
  ] as const) {
    test(`refuses a request ${title}`, async () => {
      expect(await send({ ...change, body: BODY.replace('4711', '4712') })).toBe(401);
      expect(output).not.toContain('4712');
    });
  }
});
