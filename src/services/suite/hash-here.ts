import { hashPassword } from '../answers/hash-password.ts';
import type { HashPassword } from '../answers/hide-passwords.ts';

/** The hash in this thread. */
export const hashHere: HashPassword = async (password) => {
  try {
    return { hashed: true, hash: hashPassword(password) };
  } catch (error) {
    return { hashed: false, because: (error as RangeError).message };
  }
};
