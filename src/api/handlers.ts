import { API_PREFIX } from '../contract/routes.ts';
import { arrivalHandlers } from './arrival-handlers.ts';
import { eventHandlers } from './event-handlers.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { factHandlers } from './fact-handlers.ts';
import { hookHandlers } from './hook-handlers.ts';
import { groupHandlers } from './group-handlers.ts';
import { imageHandlers } from './image-handlers.ts';
import { installHandlers } from './install-handlers.ts';
import { machineChangeHandlers } from './machine-change-handlers.ts';
import { machineImportHandlers } from './machine-import-handlers.ts';
import { installProgressHandlers } from './install-progress-handlers.ts';
import { machineHandlers } from './machine-handlers.ts';
import { mirrorHandlers } from './mirror-handlers.ts';
import { networkHandlers } from './network-handlers.ts';
import { lintHandlers } from './lint-handlers.ts';
import { snippetHandlers } from './snippet-handlers.ts';
import { peopleHandlers } from './people-handlers.ts';
import { powerHandlers } from './power-handlers.ts';
import { serverHandlers } from './server-handlers.ts';
import { waveHandlers } from './wave-handlers.ts';
import { toolHandlers } from './tool-handlers.ts';
import { siteHandlers } from './site-handlers.ts';

/** One handler for each row of the contract; the compiler misses one that is not there. */
export function createHandlers(needs: ApiNeeds): Handlers {
  return {
    ...serverHandlers(needs),
    ...networkHandlers(needs),
    ...machineHandlers(needs),
    ...machineChangeHandlers(needs),
    ...machineImportHandlers(needs),
    ...factHandlers(needs),
    ...imageHandlers(needs),
    ...arrivalHandlers(needs),
    ...mirrorHandlers(needs),
    ...snippetHandlers(needs),
    ...lintHandlers(needs),
    ...groupHandlers(needs),
    ...installHandlers(needs),
    ...waveHandlers(needs),
    ...installProgressHandlers(needs),
    ...peopleHandlers(needs),
    ...powerHandlers(needs),
    ...hookHandlers(needs),
    ...toolHandlers(needs),
    ...siteHandlers(needs),
    ...eventHandlers(needs),
  };
}

/** Where a thing that was created is found from now on. */
export function locationOf(path: string, thing: unknown): string | undefined {
  if (typeof thing !== 'object' || thing === null) return undefined;
  const key = 'id' in thing ? thing.id : 'name' in thing ? thing.name : undefined;
  return typeof key === 'string' ? `${API_PREFIX}${path}/${encodeURIComponent(key)}` : undefined;
}
