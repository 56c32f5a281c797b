import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../os/system-call-error.ts';

const FILE = 'nfs-handle-key';
const KEY_BYTES = 32;

/**
 * What makes the handles of NFS unguessable. The key is kept in the data folder, so that what is mounted stays mounted when
 * Muster starts again.
 *
 * @throws StartError-like errors of the system when it can be neither read nor written.
 */
export function handleMac(dataFolder: string): (bytes: Uint8Array) => Uint8Array {
  const key = keyIn(join(dataFolder, FILE));
  return (bytes) => createHmac('sha256', key).update(bytes).digest();
}

function keyIn(path: string): Buffer {
  const known = readKey(path);
  if (known !== undefined) return known;
  const key = randomBytes(KEY_BYTES);
  writeFileSync(path, key.toString('hex'), { mode: 0o600 });
  return key;
}

/** Undefined where there is none, or what is there is none. */
function readKey(path: string): Buffer | undefined {
  try {
    const key = Buffer.from(readFileSync(path, 'latin1').trim(), 'hex');
    return key.length === KEY_BYTES ? key : undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
