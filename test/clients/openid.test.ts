import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from './muster-in-namespace.ts';
import { describeInNamespace } from './namespace.ts';
import type { RunningProgram } from './running-program.ts';

/** People whom an OpenID provider vouches for, with a provider that runs and curl as their browser. */

const MUSTER = 'http://127.0.0.1:8067';
const PORT = 9400;

describeInNamespace('muster up and an OpenID provider', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let provider: RunningProgram;
  let folder: string;
  let browsers = 0;

  beforeAll(async () => {
    segment = await Segment.make();
    folder = mkdtempSync(join(tmpdir(), 'muster-openid-'));
    writeFileSync(join(folder, 'secret'), 'a secret of the client\n', { mode: 0o600 });
    provider = segment.server.startScript('test/clients/openid-provider-child.ts', [String(PORT), MUSTER]);
    await provider.waitFor(/listening/);
    muster = new MusterInNamespace(segment.server, {
      settings: {
        MUSTER_OIDC_ISSUER: `http://127.0.0.1:${PORT}`,
        MUSTER_OIDC_CLIENT_SECRET_FILE: join(folder, 'secret'),
        MUSTER_OIDC_ADMINS: 'ops',
        MUSTER_OIDC_OPERATORS: 'lab,floor',
      },
    });
    await muster.up();
  });
  afterAll(async () => {
    await muster.close();
    await provider.stop();
    await segment.close();
    rmSync(folder, { recursive: true });
  });

  /** A browser with no cookies yet. */
  function browser(): (...words: readonly string[]) => Promise<string> {
    const jar = join(folder, `jar-${browsers++}`);
    return async (...words) =>
      (
        await segment.server.run('curl', [
          '-sS',
          '-c',
          jar,
          '-b',
          jar,
          '-w',
          '\n%{http_code} %{url_effective}',
          ...words,
        ])
      ).stdout;
  }

  /** Until the provider sends the browser back. */
  async function logIn(
    open: (...words: readonly string[]) => Promise<string>,
    name: string,
  ): Promise<string> {
    const form = await open('-L', `${MUSTER}/login/oidc`);
    const [, action = ''] = /<form[^>]* action="([^"]+)"/.exec(form) ?? [];
    expect(action, form).toMatch(/^http:\/\/127\.0\.0\.1:9400\/interaction\//);
    return await open('-L', '--data', `prompt=login&login=${name}&password=x`, action);
  }

  test('who is in a group that may is logged in with its role, and is the same user the next time', async () => {
    expect(await browser()(`${MUSTER}/api/v1/session`)).toContain('"openId":"/login/oidc"');
    for (const [name, role] of [
      ['anna', 'operator'],
      ['root', 'admin'],
      ['anna', 'operator'],
    ] as const) {
      const open = browser();
      expect(await logIn(open, name)).toMatch(/\n(?:200|503) http:\/\/127\.0\.0\.1:8067\/$/);
      expect(await open(`${MUSTER}/api/v1/session`)).toContain(
        `{"who":"${name}","role":"${role}","by":"session"`,
      );
    }
    const came = { route: 'logIn', by: 'openid', status: 200, path: '/login/oidc/callback' };
    expect(await muster.run('audit', '--who', 'anna')).toMatchObject([came, came]);
    expect(await muster.run('audit', '--who', 'root')).toMatchObject([
      { ...came, after: { who: 'root', role: 'admin' } },
    ]);
    expect(await muster.run('user', 'ls')).toMatchObject([
      { name: 'anna', password: 'none' },
      { name: 'root', role: 'admin' },
    ]);
  });

  test('who is in none is not, nor is one who takes the name of somebody who was made here', async () => {
    const guest = browser();
    expect(await logIn(guest, 'guest')).toMatch(/guest is in none of the groups that may log in.*[^]*\n401 /);
    expect(await guest(`${MUSTER}/api/v1/machines`)).toMatch(/\n401 /);
    await muster.run('user', 'add', 'boss', '--role', 'admin');
    await muster.run('user', 'rm', 'root', '-y');
    await muster.run('user', 'add', 'root', '--role', 'viewer');
    expect(await logIn(browser(), 'root')).toMatch(/already, and is somebody else[^]*\n401 /);
  });

  test('a log-in that this browser did not begin is not taken', async () => {
    const [open, other] = [browser(), browser()];
    const form = await open('-L', `${MUSTER}/login/oidc`);
    const [, action = ''] = /<form[^>]* action="([^"]+)"/.exec(form) ?? [];
    let at = action;
    // By hand up to where the provider sends the browser back to Muster.
    for (let step = 0; step < 5 && !at.startsWith(`${MUSTER}/login/oidc/callback`); step++) {
      const words = step === 0 ? ['--data', 'prompt=login&login=anna&password=x'] : [];
      at = (await open(...words, '-o', '/dev/null', '-w', '%{redirect_url}', at)).split('\n')[0] ?? '';
    }
    expect(at).toContain('/login/oidc/callback?code=');
    expect(await other(at)).toMatch(/was not begun here[^]*\n401 /);
    expect(await other(`${MUSTER}/api/v1/session`)).not.toContain('"who"');
  });
});
