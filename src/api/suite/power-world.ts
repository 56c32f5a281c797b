import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvHttpProxyAgent } from 'undici';
import type { Stores } from '../../core/stores.ts';
import { HookService } from '../../services/hooks/hook-service.ts';
import type { MachineService } from '../../services/machines/machine-service.ts';
import { powerDrivers } from '../../services/power/power-drivers.ts';
import { PowerService } from '../../services/power/power-service.ts';
import type { ApiNeeds } from '../api-needs.ts';

/** With the programs of a folder of the world's own, and no interface to wake anything on. */
export function powerService(
  { power }: Stores,
  machines: MachineService,
  { events, clock, folder }: Pick<ApiNeeds, 'events' | 'clock'> & { readonly folder: string },
): PowerService {
  const dispatcher = new EnvHttpProxyAgent();
  const commandsFolder = join(folder, 'commands');
  const open = powerDrivers({ interfaces: () => [], commandsFolder, dispatcher, clock });
  return new PowerService({ power, machines, events, clock, open });
}

export function hookService(
  { hooks, machines }: Stores,
  needs: Pick<ApiNeeds, 'events' | 'clock' | 'failed'> & { readonly folder: string },
): HookService {
  return new HookService({
    ...needs,
    hooks,
    machines,
    nowMs: () => needs.clock.nowMs(),
    random: () => 0.5,
    dispatcher: new EnvHttpProxyAgent(),
    commandsFolder: join(needs.folder, 'commands'),
  });
}

/** A switch that keeps in a file whether it is on. */
export async function makeCommands(folder: string): Promise<void> {
  const commands = join(folder, 'commands');
  await mkdir(commands, { mode: 0o755 });
  const state = join(folder, 'power-state');
  const script = `#!/bin/sh
case $MUSTER_ACTION in
  status) cat ${state} 2>/dev/null || echo off ;;
  on|off) echo $MUSTER_ACTION >${state} ;;
  cycle) echo on >${state} ;;
  pxe-next) echo "next boot of $MUSTER_MACHINE ($MUSTER_MACS)" >${state}.log ;;
  *) exit 3 ;;
esac
`;
  await writeFile(join(commands, 'switch'), script, { mode: 0o755 });
  await writeFile(join(commands, 'say'), '#!/bin/sh\necho "$1 $MUSTER_EVENT"\n', { mode: 0o755 });
}
