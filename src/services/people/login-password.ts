import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * How passwords of people are kept: scrypt (RFC 7914) with 32 MiB and three passes, which OWASP's Password Storage Cheat
 * Sheet names as equal to 128 MiB and one (as of 2026). The text carries its costs, so that they can be raised.
 */
const COST = { log2N: 15, blockSize: 8, passes: 3 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** What a text of the database may ask for. */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;

const TEXT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

interface Costs {
  readonly log2N: number;
  readonly blockSize: number;
  readonly passes: number;
}

/** @returns `$scrypt$ln=15,r=8,p=3$SALT$HASH`. */
export async function hashLoginPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST);
  return `$scrypt$ln=${COST.log2N},r=${COST.blockSize},p=${COST.passes}$${base64(salt)}$${base64(hash)}`;
}

/** Takes as long where there is no hash (nobody of that name, or no password): how long it took tells nothing. */
export async function isLoginPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [, log2N, blockSize, passes, salt = '', hash = ''] = TEXT.exec(kept ?? '') ?? [];
  if (log2N === undefined) {
    await derive(password, Buffer.alloc(SALT_BYTES), COST);
    return false;
  }
  const costs = { log2N: Number(log2N), blockSize: Number(blockSize), passes: Number(passes) };
  const expected = Buffer.from(hash, 'base64');
  const derived = await derive(password, Buffer.from(salt, 'base64'), costs);
  return derived.length === expected.length && timingSafeEqual(derived, expected);
}

function derive(password: string, salt: Uint8Array, { log2N, blockSize, passes }: Costs): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same letters, however they were typed (RFC 8265 §4.2.2).
    const options = { N: 2 ** log2N, r: blockSize, p: passes, maxmem: MAX_MEMORY_BYTES };
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
