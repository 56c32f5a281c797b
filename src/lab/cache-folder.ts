import { homedir } from 'node:os';
import { join } from 'node:path';

/** XDG_CACHE_HOME where it is set, else the system's cache for root and the user's for others. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const xdg = environment['XDG_CACHE_HOME'];
  if (xdg?.startsWith('/') === true) return join(xdg, 'muster', 'lab');
  return process.getuid?.() === 0 ? '/var/cache/muster/lab' : join(homedir(), '.cache', 'muster', 'lab');
}
