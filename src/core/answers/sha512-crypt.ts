/**
 * crypt(3) with SHA-512, `$6$`, as Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512" (0.6) describes it; the
 * numbers in comments are its steps. Every installer and every Linux since 2008 reads it.
 */

/** SHA-512 of bytes, handed in by whoever has it. */
export type Sha512 = (bytes: Uint8Array) => Uint8Array;

export interface CryptInput {
  readonly password: string;
  /** Up to 16 letters of `SALT_LETTERS`. */
  readonly salt: string;
  readonly rounds?: number;
}

export const SALT_LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const SALT_LENGTH = 16;
export const DEFAULT_ROUNDS = 5_000;
export const MIN_ROUNDS = 1_000;
/** The specification allows 999,999,999; this takes two seconds. */
export const MAX_ROUNDS = 500_000;
/** Bytes of a password in UTF-8. The work grows with its square, and libxcrypt takes no longer ones. */
export const MAX_PASSWORD_BYTES = 511;

const DIGEST_BYTES = 64;

/** @throws RangeError with what is wrong, without the password. */
export function sha512Crypt({ password, salt, rounds = DEFAULT_ROUNDS }: CryptInput, sha512: Sha512): string {
  const objection = objectionTo(password, salt, rounds);
  if (objection !== undefined) throw new RangeError(objection);
  const key = new TextEncoder().encode(password);
  const saltBytes = new TextEncoder().encode(salt);
  let digest = firstDigest(key, saltBytes, sha512);
  // 13 to 16: as many bytes as the password has, made of it.
  const p = stretch(sha512(repeat(key, key.length)), key.length);
  // 17 to 20: the same of the salt, which is hashed 16 and a few times more.
  const s = stretch(sha512(repeat(saltBytes, 16 + (digest[0] ?? 0))), saltBytes.length);
  // 21
  for (let round = 0; round < rounds; round += 1) {
    digest = sha512(
      join([
        round % 2 === 1 ? p : digest,
        round % 3 === 0 ? EMPTY : s,
        round % 7 === 0 ? EMPTY : p,
        round % 2 === 1 ? digest : p,
      ]),
    );
  }
  return `$6$${rounds === DEFAULT_ROUNDS ? '' : `rounds=${rounds}$`}${salt}$${encode(digest)}`;
}

/** 1 to 12. */
function firstDigest(key: Uint8Array, salt: Uint8Array, sha512: Sha512): Uint8Array {
  const other = sha512(join([key, salt, key]));
  const parts = [key, salt, stretch(other, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? other : key);
  return sha512(join(parts));
}

function objectionTo(password: string, salt: string, rounds: number): string | undefined {
  if (password === '') return 'The password is empty';
  if (['\0', '\r', '\n'].some((letter) => password.includes(letter)))
    return 'The password holds a line break or NUL, which nobody can type at a log-in';
  if (new TextEncoder().encode(password).length > MAX_PASSWORD_BYTES)
    return `The password has more than ${MAX_PASSWORD_BYTES} bytes, and no log-in takes more`;
  if (!/^[./0-9A-Za-z]{1,16}$/.test(salt))
    return `The salt is not 1 to ${SALT_LENGTH} letters of ${SALT_LETTERS}`;
  if (!Number.isInteger(rounds) || rounds < MIN_ROUNDS || rounds > MAX_ROUNDS)
    return `There are ${rounds} rounds, and a whole number from ${MIN_ROUNDS} to ${MAX_ROUNDS} is wanted`;
  return undefined;
}

/** Which bytes stand together (22, e), three by three; each number is the one before rotated by 21 bytes. */
const GROUPS: readonly (readonly [number, number, number])[] = Array.from({ length: 21 }, (_, at) => {
  const start = [at, at + 21, at + 42];
  const turn = at % 3;
  return [...start.slice(turn), ...start.slice(0, turn)] as [number, number, number];
});

/** 22: base 64 with letters of its own, the lowest six bits first. */
function encode(digest: Uint8Array): string {
  const byte = (at: number): number => digest[at] ?? 0;
  const groups = GROUPS.map(([high, middle, low]) =>
    letters((byte(high) << 16) | (byte(middle) << 8) | byte(low), 4),
  );
  return `${groups.join('')}${letters(byte(DIGEST_BYTES - 1), 2)}`;
}

function letters(value: number, count: number): string {
  return Array.from({ length: count }, (_, at) => SALT_LETTERS[(value >> (6 * at)) & 0x3f]).join('');
}

const EMPTY = new Uint8Array(0);

function repeat(bytes: Uint8Array, times: number): Uint8Array {
  return join(Array.from({ length: times }, () => bytes));
}

/** A digest over and over until there are so many bytes. */
function stretch(digest: Uint8Array, length: number): Uint8Array {
  return repeat(digest, Math.ceil(length / digest.length)).subarray(0, length);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
