import { close } from 'node:fs';
import { promisify } from 'node:util';

/**
 * Closes a descriptor in a thread of Node's pool: the kernel lets whoever closes a packet socket wait, 15 ms where it
 * was measured.
 */
export const closeElsewhere: (descriptor: number) => Promise<void> = promisify(close);
