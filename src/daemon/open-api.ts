import { type ListeningApi, listenApi } from '../api/listen-api.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { Stores } from '../core/stores.ts';
import type { Clock } from '../lib/clock.ts';
import { describeMode } from './box-facts.ts';
import type { Services } from './compose.ts';
import { listenError } from './listen-error.ts';
import { faultData, type Log } from './log.ts';
import type { MachineDoors } from './machine-doors.ts';
import type { Served } from './segments.ts';

export interface OpenApiNeeds {
  readonly settings: Settings;
  readonly services: Services;
  readonly stores: Pick<Stores, 'leases' | 'subnets'>;
  readonly doors: Pick<MachineDoors, 'listeners'>;
  readonly served: () => readonly Served[];
  readonly version: string;
  readonly startedAtMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** The people's door. @throws StartError when its port cannot be had. */
export async function openApi(needs: OpenApiNeeds): Promise<ListeningApi> {
  const { settings, services, stores, log } = needs;
  const port = settings['api.port'];
  if (port === 'off') return { url: 'off', port: 0, close: () => Promise.resolve() };
  const { version, startedAtMs, clock } = needs;
  const failed = (error: unknown): void => log.error('A request to the API failed', faultData(error));
  const status = () => daemonStatus(needs, port);
  try {
    return await listenApi(
      { ...services, leases: stores.leases, version, startedAtMs, clock, failed, status },
      { address: settings['api.address'], port },
    );
  } catch (error) {
    throw listenError(error, { protocol: 'tcp', port, setting: 'api.port' });
  }
}

async function daemonStatus({ settings, stores, doors, served }: OpenApiNeeds, port: number) {
  const subnets = await stores.subnets.list();
  return {
    dataFolder: settings.dataFolder ?? '',
    interfaces: served().map((one) => {
      const { mode, because } = describeMode(one, subnets, settings);
      return {
        name: one.interface.name,
        addresses: [`${one.address}/${one.network.prefixLength}`],
        mode,
        because,
      };
    }),
    listeners: [...doors.listeners, { protocol: 'api', address: settings['api.address'], port }],
  };
}
