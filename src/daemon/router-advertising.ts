import type { NewTimelineEvent } from '../core/events/timeline-event.ts';
import type { SegmentVerdict } from '../core/dhcp/segment-modes.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { SubnetStore } from '../core/network/subnet-store.ts';
import {
  type AdvertisedInterface,
  type AdvertiserReport,
  type AdvertiserServer,
  serveAdvertisements,
} from '../protocols/neighbor-discovery/server.ts';
import type { EventLog } from '../services/event-log.ts';
import { describeMode } from './box-facts.ts';
import type { Log } from './log.ts';
import type { Served } from './segments.ts';

export interface RouterAdvertisingNeeds {
  readonly settings: Settings;
  readonly subnets: Pick<SubnetStore, 'list'>;
  /** What is done on an interface in the mode `auto`. */
  readonly verdictOn: (interfaceName: string) => SegmentVerdict;
  readonly events: Pick<EventLog, 'note' | 'listen'>;
  readonly log: Pick<Log, 'warn'>;
}

type SeenEvent = Pick<NewTimelineEvent, 'kind' | 'data'>;

/** Muster's word on served segments that there is no IPv6 router; none where the settings or DHCP are off. */
export class RouterAdvertising {
  readonly #server: AdvertiserServer | undefined;
  readonly #stopListening: () => void = () => undefined;
  #served: readonly Served[] = [];

  constructor(needs: RouterAdvertisingNeeds) {
    const { settings, subnets, events, verdictOn } = needs;
    if (settings['ipv6.routerAdvertisement'] === 'off' || settings['dhcp.port'] === 'off') return;
    const server = serveAdvertisements({
      servesDhcp: async (interfaceName) => {
        const served = this.#served.find((one) => one.interface.name === interfaceName);
        if (served === undefined) return false;
        const { mode } = describeMode(served, await subnets.list(), settings, verdictOn(interfaceName));
        return mode !== 'off';
      },
      report: sayRouters(needs),
    });
    this.#server = server;
    this.#stopListening = events.listen((event) => {
      const interfaceName = whereBootClientWaits(event);
      if (interfaceName !== undefined) server.bootClientWaits(interfaceName);
    });
  }

  get counts(): AdvertiserServer['counts'] | undefined {
    return this.#server?.counts;
  }

  /** By interface, where boot ROMs wait since nothing can be said: why. */
  get cannot(): ReadonlyMap<string, string> {
    return this.#server?.cannot ?? new Map();
  }

  async setInterfaces(served: readonly Served[]): Promise<void> {
    this.#served = served;
    await this.#server?.setInterfaces(served.flatMap(advertisedInterface));
  }

  async close(): Promise<void> {
    this.#stopListening();
    await this.#server?.close();
  }
}

/** Without an Ethernet address, an interface has no boot ROMs. */
function advertisedInterface({ interface: { name, index, mac } }: Served): readonly AdvertisedInterface[] {
  return mac === undefined ? [] : [{ interfaceName: name, interfaceIndex: index, mac }];
}

/** The interface on whose link a boot client got its address; not that of a relay, which has other links behind it. */
function whereBootClientWaits({ kind, data }: SeenEvent): string | undefined {
  if (kind !== 'dhcp.acknowledged' || data?.['giaddr'] !== undefined) return undefined;
  const [stage, interfaceName] = [data?.['stage'], data?.['interface']];
  if (stage === undefined || stage === 'operating system') return undefined;
  return typeof interfaceName === 'string' ? interfaceName : undefined;
}

function sayRouters({
  events,
  log,
}: Pick<RouterAdvertisingNeeds, 'events' | 'log'>): (report: AdvertiserReport) => void {
  return (report) => {
    const { interfaceName } = report;
    switch (report.what) {
      case 'router came':
        return events.note({
          kind: 'ipv6.routerSeen',
          text: `The IPv6 router ${report.address} is on ${interfaceName}`,
          because: 'it answers boot ROMs that look for a router, so Muster is silent there',
          data: { interface: interfaceName, router: report.address },
        });
      case 'router went':
        return events.note({
          kind: 'ipv6.routerGone',
          text: `The IPv6 router ${report.address} is no longer on ${interfaceName}`,
          because:
            'it said so, or was silent for longer than it said it would be; Muster answers boot ROMs that look for a router',
          data: { interface: interfaceName, router: report.address },
        });
      case 'cannot':
        return log.warn(
          `Boot ROMs on ${interfaceName} that look for an IPv6 router get no answer and wait for it, iPXE 13 s: ${report.because}`,
        );
      default:
        return report satisfies never;
    }
  };
}
