import { type Libc, loadLibc } from '../libc.ts';

/** For tests that mean nothing without the C library. */
export function systemLibc(): Libc {
  const libc = loadLibc();
  if ('unavailable' in libc) throw new Error(`This test needs the C library: ${libc.because}`);
  return libc;
}
