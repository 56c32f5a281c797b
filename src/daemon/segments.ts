import { randomBytes } from 'node:crypto';
import {
  chooseInterfaces,
  type ChosenInterface,
  type InterfaceChoice,
} from '../core/network/choose-interfaces.ts';
import type { Settings } from '../core/settings/settings.ts';
import { listInterfaces, type NetworkInterface } from '../os/interfaces.ts';
import type { DhcpInterface } from '../protocols/dhcp/dhcp-interface.ts';
import { type FoundServer, type Probe, probeForServers } from '../protocols/dhcp/probe.ts';

export type Choice = InterfaceChoice<NetworkInterface>;
export type Served = ChosenInterface<NetworkInterface>;

/** Which interfaces are served now, by the settings and what is there. */
export function chooseNow(
  settings: Pick<Settings, 'interfaces'>,
  interfaces: readonly NetworkInterface[] = listInterfaces(),
): Choice {
  return chooseInterfaces(interfaces, settings.interfaces.length === 0 ? undefined : settings.interfaces);
}

export function dhcpInterfaceOf(served: Served): DhcpInterface {
  const { name, index, mac } = served.interface;
  return {
    interfaceName: name,
    interfaceIndex: index,
    localAddress: served.address,
    localNetwork: served.network,
    ...(mac === undefined ? {} : { mac }),
  };
}

/** Looks for other DHCP servers on every segment at once; takes two seconds, and never takes an address. */
export async function probeSegments(served: readonly Served[]): Promise<ReadonlyMap<string, Probe>> {
  const probes = served.map(async (segment) => {
    const { mac, ...shape } = dhcpInterfaceOf(segment);
    const random = (bytes: number): Uint8Array => randomBytes(bytes);
    const probe = await probeForServers({ ...shape, ...(mac === undefined ? {} : { mac }), random });
    return [segment.interface.name, probe] as const;
  });
  return new Map(await Promise.all(probes));
}

/** What a probe found, as a sentence. */
export function describeProbe(probe: Probe | undefined): string {
  if (!probe) return 'other DHCP servers were not looked for: DHCP is off';
  if (!probe.probed) return `other DHCP servers were not looked for: ${probe.because}`;
  if (probe.servers.length === 0) return 'no other DHCP server answered within 2 s';
  return `another DHCP server answers here: ${probe.servers.map(describeServer).join('; ')}`;
}

function describeServer(server: FoundServer): string {
  const boots = server.bootFile === undefined ? '' : `, boot file "${server.bootFile}"`;
  return `${server.serverId} (offered ${server.offeredAddress}${boots})`;
}
