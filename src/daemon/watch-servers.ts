import type { Subnet } from '../core/network/subnet.ts';
import { type Ipv4Address, networkContains, UNSPECIFIED } from '../lib/addresses.ts';
import type { Probe } from '../protocols/dhcp/probe.ts';
import { probeSegments, type Served } from './segments.ts';

export interface WatchServersNeeds {
  /** Those served now. */
  readonly served: () => readonly Served[];
  readonly subnets: { list(): Promise<readonly Subnet[]> };
  readonly everyMs: number;
  /** Which servers give addresses on an interface, as far as a probe found. */
  readonly found: (interfaceName: string, servers: readonly Ipv4Address[]) => void;
  readonly failed: (error: unknown) => void;
}

/** Looks for other DHCP servers again and again, on the interfaces whose subnet is in the mode `auto`. */
export function watchServers(needs: WatchServersNeeds): { readonly close: () => Promise<void> } {
  let looking: Promise<void> = Promise.resolve();
  let isLooking = false;
  const timer = setInterval(() => {
    // A probe takes two seconds; one at a time is enough.
    if (isLooking) return;
    isLooking = true;
    looking = look(needs)
      .catch(needs.failed)
      .finally(() => (isLooking = false));
  }, needs.everyMs);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}

async function look({ served, subnets, found }: WatchServersNeeds): Promise<void> {
  const automatic = (await subnets.list()).filter(({ mode }) => mode === 'auto');
  const segments = served().filter(({ address }) =>
    automatic.some(({ network }) => networkContains(network, address)),
  );
  if (segments.length === 0) return;
  for (const [name, probe] of await probeSegments(segments)) tellFound(name, probe, found);
}

/** What a probe found of servers that give addresses; others offer boot data alone. */
export function tellFound(name: string, probe: Probe, found: WatchServersNeeds['found']): void {
  // Where it cannot be looked, nothing is known, and nothing changes.
  if (!probe.probed) return;
  const giving = probe.servers.filter(({ offeredAddress }) => offeredAddress !== UNSPECIFIED);
  found(
    name,
    giving.map(({ serverId }) => serverId),
  );
}
