import { createPrivateKey, X509Certificate } from 'node:crypto';
import { lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiIdentity } from './api-identity.ts';
import { loadSettings } from './load-settings.ts';
import { selfSigned } from './self-signed.ts';

const NAMES = ['muster.lab', 'localhost', '127.0.0.1', '::1', '192.168.122.1'];
const DAY_MS = 86_400_000;
/** Certificates are looked at by the real clock, too. */
const NOW = Date.now();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-identity-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const identity = async (flags: readonly string[] = [], names: readonly string[] = NAMES, nowMs = NOW) =>
  await apiIdentity(
    loadSettings({ flags, environment: { XDG_CONFIG_HOME: '/nonexistent' }, uid: 1000 }).settings,
    folder,
    names,
    nowMs,
  );

/** @returns the flags that name files with this certificate and key. */
function files(certificate: string, key: string): readonly string[] {
  writeFileSync(join(folder, 'own.pem'), certificate);
  writeFileSync(join(folder, 'own.key'), key);
  return [`api.certificate=${join(folder, 'own.pem')}`, `api.key=${join(folder, 'own.key')}`];
}

describe('a certificate that Muster makes', () => {
  test('is for every name and address, for its own key, and for 825 days', async () => {
    const { certificate, key, sha256, origin } = await identity();
    const made = new X509Certificate(certificate);
    expect(origin).toBe('generated');
    expect(made.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(made.verify(made.publicKey)).toBe(true);
    expect(made.ca).toBe(false);
    expect(made.fingerprint256).toBe(sha256);
    expect(sha256).toMatch(/^(?:[\dA-F]{2}:){31}[\dA-F]{2}$/);
    for (const name of NAMES.slice(0, 2)) expect(made.checkHost(name), name).toBe(name);
    for (const name of NAMES.slice(2)) expect(made.checkIP(name), name).toBeDefined();
    expect(Math.round((Date.parse(made.validTo) - NOW) / DAY_MS)).toBe(825);
    expect(made.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  test('is kept where only its user reads it, and stays the same at the next start', async () => {
    const first = await identity();
    expect(await identity()).toEqual(first);
    for (const name of ['api-certificate.pem', 'api-key.pem'])
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(await identity([], NAMES.slice(0, 3)), 'fewer names are no reason').toEqual(first);
  });

  test('is written to no file that somebody else put there', async () => {
    const theirs = join(folder, 'theirs');
    writeFileSync(theirs, 'as it was');
    symlinkSync(theirs, join(folder, 'api-key.pem.new'));
    writeFileSync(join(folder, 'api-certificate.pem.new'), '', { mode: 0o666 });
    await identity();
    expect(readFileSync(theirs, 'utf8')).toBe('as it was');
    for (const name of ['api-certificate.pem', 'api-key.pem']) {
      expect(lstatSync(join(folder, name)).isFile()).toBe(true);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  for (const [why, names, laterDays, spoil] of [
    ['there is another address', [...NAMES, '10.0.0.1'], 0, undefined],
    ['it is good for less than a month', NAMES, 796, undefined],
    ['the file is damaged', NAMES, 0, 'nonsense'],
  ] as const) {
    test(`is made anew where ${why}`, async () => {
      const first = await identity();
      if (spoil !== undefined) writeFileSync(join(folder, 'api-certificate.pem'), spoil);
      const second = await identity([], names, NOW + laterDays * DAY_MS);
      expect(second.sha256).not.toBe(first.sha256);
    });
  }
});

describe("a certificate of one's own", () => {
  test('is shown as it is, and none is made', async () => {
    const made = await selfSigned(['muster.example'], { fromMs: NOW - DAY_MS, toMs: NOW + DAY_MS });
    const own = await identity(files(made.certificate, made.key));
    expect(own).toMatchObject({ ...made, origin: 'own' });
    expect(() => readFileSync(join(folder, 'api-key.pem'))).toThrow('ENOENT');
  });

  test('is refused, with what to do, where it cannot be shown', async () => {
    const [one, other] = await Promise.all(
      [NOW + DAY_MS, NOW + DAY_MS].map(
        async (toMs) => await selfSigned(['muster.example'], { fromMs: NOW - DAY_MS, toMs }),
      ),
    );
    const old = await selfSigned(['muster.example'], { fromMs: NOW - 2 * DAY_MS, toMs: NOW - DAY_MS });
    if (!one || !other) throw new Error('two were made');
    for (const [flags, because] of [
      [() => files(one.certificate, other.key), /not that of the certificate/],
      [() => files(old.certificate, old.key), /was good until .*: renew it/],
      [() => files('nonsense', one.key), /is not a certificate in PEM/],
      [() => files(one.certificate, 'nonsense'), /is not a private key in PEM, without a passphrase/],
      [
        () => ['api.certificate=/nonexistent.pem', 'api.key=/nonexistent.key'],
        /Cannot read \/nonexistent\.pem/,
      ],
      [() => ['api.certificate=/nonexistent.pem'], /go together/],
      [() => ['api.key=/nonexistent.pem'], /go together/],
    ] as const)
      await expect(identity(flags()), String(because)).rejects.toThrow(because);
  });
});
