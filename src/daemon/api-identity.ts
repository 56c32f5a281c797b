import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Settings } from '../core/settings/settings.ts';
import { StartError } from './lifecycle.ts';
import { writeOwnFile } from './own-file.ts';

/** What the people's door shows over TLS. */
export interface ApiIdentity {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** Of the certificate, as browsers show it: hex pairs with colons. */
  readonly sha256: string;
  readonly origin: 'own' | 'generated';
}

/** Apple's systems take no server certificate that is good for longer, whoever signed it (support.apple.com/HT210176). */
const GENERATED_DAYS = 825;
/** A generated one is made anew at the start when it is good for less than this. */
const RENEW_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * @param names what people may reach it by, names and addresses.
 * @throws StartError for files that are no certificate and its key.
 */
export async function apiIdentity(
  settings: Settings,
  dataFolder: string,
  names: readonly string[],
  nowMs: number,
): Promise<ApiIdentity> {
  const { 'api.certificate': certificateFile, 'api.key': keyFile } = settings;
  if (certificateFile !== undefined && keyFile !== undefined)
    return checked(
      { certificate: readPem(certificateFile), key: readPem(keyFile) },
      `${certificateFile} and ${keyFile}`,
      'own',
      nowMs,
    );
  if (certificateFile !== undefined || keyFile !== undefined)
    throw new StartError(
      'api.certificate and api.key go together: set both, or neither for one of its own',
      78,
    );
  const files = {
    certificate: join(dataFolder, 'api-certificate.pem'),
    key: join(dataFolder, 'api-key.pem'),
  };
  if (!isStillGood(files, names, nowMs)) await generate(files, names, nowMs);
  const pems = { certificate: readPem(files.certificate), key: readPem(files.key) };
  return checked(pems, files.certificate, 'generated', nowMs);
}

interface Pems {
  readonly certificate: string;
  readonly key: string;
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new StartError(`Cannot read ${file} for TLS (${because}): correct api.certificate and api.key`, 78);
  }
}

function checked(pems: Pems, where: string, origin: ApiIdentity['origin'], nowMs: number): ApiIdentity {
  const certificate = parsed(() => new X509Certificate(pems.certificate), where, 'a certificate in PEM');
  const key = parsed(() => createPrivateKey(pems.key), where, 'a private key in PEM, without a passphrase');
  if (!certificate.checkPrivateKey(key))
    throw new StartError(`The key in ${where} is not that of the certificate: correct api.key`, 78);
  if (Date.parse(certificate.validTo) <= nowMs)
    throw new StartError(`The certificate in ${where} was good until ${certificate.validTo}: renew it`, 78);
  return { ...pems, sha256: certificate.fingerprint256, origin };
}

function parsed<T>(parse: () => T, where: string, what: string): T {
  try {
    return parse();
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new StartError(`In ${where} is not ${what} (${because})`, 78);
  }
}

/** Whether it was generated before, for all of these names, and is good for a while. */
function isStillGood(files: Pems, names: readonly string[], nowMs: number): boolean {
  if (!existsSync(files.certificate) || !existsSync(files.key)) return false;
  try {
    const certificate = new X509Certificate(readFileSync(files.certificate));
    const isFor = (name: string) =>
      isIP(name) === 0 ? certificate.checkHost(name) !== undefined : certificate.checkIP(name) !== undefined;
    return Date.parse(certificate.validTo) - nowMs > RENEW_DAYS * DAY_MS && names.every(isFor);
  } catch {
    return false;
  }
}

async function generate(files: Pems, names: readonly string[], nowMs: number): Promise<void> {
  const { selfSigned } = await import('./self-signed.ts');
  const made = await selfSigned(names, { fromMs: nowMs - DAY_MS, toMs: nowMs + GENERATED_DAYS * DAY_MS });
  // The key first: a certificate without its key is made anew at the next start.
  for (const part of ['key', 'certificate'] as const) {
    writeOwnFile(files[part], made[part]);
  }
}
