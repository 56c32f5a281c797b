import { join } from 'node:path';
import { EventLog } from '../../services/event-log.ts';
import { openInsideFolder } from '../../services/images/folder-tree.ts';
import { TreeRoots } from '../../services/images/tree-roots.ts';
import { InstallSources } from '../../services/installs/install-sources.ts';
import { LoaderService } from '../../services/boot/loader-service.ts';
import type { Stores } from '../../core/stores.ts';
import { parseIpv4 } from '../../lib/addresses.ts';

export const MACHINE_HTTP = { address: parseIpv4('192.168.122.1'), port: 8080 };

export type Ground = ReturnType<typeof composeGround>;

/** What all services of a world stand on. */
export function composeGround(stores: Stores, folder: string, nowMs: () => number, mistakes: unknown[]) {
  const clock = { nowMs };
  const failed = (error: unknown): void => void mistakes.push(error);
  let drawn = 0;
  return {
    folder,
    clock,
    failed,
    randomHex: (bytes: number): string => (++drawn).toString(16).padStart(bytes * 2, '0'),
    events: new EventLog({ events: stores.events, clock, failed }),
    sources: new InstallSources({ machineHttpPort: MACHINE_HTTP.port }),
    roots: new TreeRoots({ clock }),
    loaders: new LoaderService({ openInsideFolder, systemRoot: join(folder, 'system') }),
  };
}
