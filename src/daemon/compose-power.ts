import { EnvHttpProxyAgent } from 'undici';
import { findMachine } from '../services/machines/machine-service.ts';
import { powerDrivers } from '../services/power/power-drivers.ts';
import { PowerService } from '../services/power/power-service.ts';
import { PowerWatch } from '../services/power/power-watch.ts';
import type { Grounded } from './compose.ts';
import { faultData } from './log.ts';

/** For a connection to a server of the user's own, in milliseconds. */
const CONNECT_MS = 10_000;

/** What switches machines on and off. */
export function composePower({ stores, settings, clock, events, served, log }: Grounded) {
  const { machines } = stores;
  // Proxies as http_proxy, https_proxy and no_proxy say; for webhooks, never for BMCs.
  const webhookDispatcher = new EnvHttpProxyAgent({ connect: { timeout: CONNECT_MS } });
  const power = new PowerService({
    power: stores.power,
    machines: { find: (reference) => findMachine(machines, reference) },
    events,
    clock,
    open: powerDrivers({
      interfaces: () => served().map((one) => ({ name: one.interface.name, address: one.address })),
      commandsFolder: settings['commands.folder'],
      dispatcher: webhookDispatcher,
      clock,
    }),
  });
  const powerWatch = new PowerWatch({
    power,
    machines,
    failed: (error) => log.error('The power of machines could not be looked at', faultData(error)),
  });
  return { power, powerWatch, webhookDispatcher };
}
