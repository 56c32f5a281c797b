import { createHash, randomInt } from 'node:crypto';
import { SALT_LENGTH, SALT_LETTERS, type Sha512, sha512Crypt } from '../../core/answers/sha512-crypt.ts';

const sha512: Sha512 = (bytes) => createHash('sha512').update(bytes).digest();

/**
 * The hash that installers take, `$6$`, with a salt of its own. It takes 10 ms, so a server has a thread do it.
 *
 * @throws RangeError for a password that cannot be one.
 */
export function hashPassword(password: string, rounds?: number, salt: string = drawSalt()): string {
  return sha512Crypt({ password, salt, ...(rounds === undefined ? {} : { rounds }) }, sha512);
}

/** From the system's own source of chance; 96 bits. */
function drawSalt(): string {
  return Array.from({ length: SALT_LENGTH }, () => SALT_LETTERS[randomInt(SALT_LETTERS.length)]).join('');
}
