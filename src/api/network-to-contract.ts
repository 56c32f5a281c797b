import type { z } from 'zod';
import type {
  ExtraOption as WireExtraOption,
  Lease as WireLease,
  Subnet as WireSubnet,
  SubnetInput,
} from '../contract/subnet-schemas.ts';
import type { Lease } from '../core/network/lease.ts';
import { optionName } from '../core/network/option-text.ts';
import {
  DEFAULT_LEASE_SECONDS,
  type ExtraOption,
  MAX_LEASE_SECONDS,
  type Subnet,
} from '../core/network/subnet.ts';
import { formatIpv4Network, type MacAddress, parseIpv4Network } from '../lib/addresses.ts';
import { Options } from '../protocols/dhcp/options.ts';
import { shownState } from '../services/dhcp/lease-service.ts';
import type { SubnetDraft } from '../services/subnet-service.ts';
import { timeText } from './to-contract.ts';

/** Between the records of core and the shapes of the contract, as `to-contract.ts`: subnets and their leases. */

type Wire<Schema extends z.ZodType> = z.input<Schema>;
type Taken<Schema extends z.ZodType> = z.output<Schema>;

export function subnetToContract(subnet: Subnet): Wire<typeof WireSubnet> {
  const { network, ranges, reservations, routers, dnsServers, options, portReservations, ...rest } = subnet;
  return {
    ...rest,
    network: formatIpv4Network(network),
    ranges: [...ranges],
    reservations: [...reservations],
    routers: [...routers],
    dnsServers: [...dnsServers],
    options: options.map(optionToContract),
    ...(portReservations === undefined ? {} : { portReservations: [...portReservations] }),
  };
}

function optionToContract({ code, text }: ExtraOption): Wire<typeof WireExtraOption> {
  const row = Object.values(Options).find((known) => known.code === code);
  return { option: row ? optionName(row) : String(code), value: text };
}

/** What was left out gets its default. */
export function subnetFromContract(name: string, input: Taken<typeof SubnetInput>): SubnetDraft {
  const { defaultLeaseSeconds, maxLeaseSeconds, network, ...rest } = input;
  const longest = maxLeaseSeconds ?? Math.max(MAX_LEASE_SECONDS, defaultLeaseSeconds ?? 0);
  return {
    ...rest,
    name,
    network: parseIpv4Network(network),
    defaultLeaseSeconds: defaultLeaseSeconds ?? Math.min(DEFAULT_LEASE_SECONDS, longest),
    maxLeaseSeconds: longest,
  };
}

/** @param machineNames by MAC address. */
export function leaseToContract(
  lease: Lease,
  machineNames: ReadonlyMap<MacAddress, string>,
  nowMs: number,
): Wire<typeof WireLease> {
  const { address, subnet, clientKey, mac, uuid, hostname, vendorClass, startedAtMs, expiresAtMs } = lease;
  const machine = mac === undefined ? undefined : machineNames.get(mac);
  return {
    address,
    subnet,
    clientKey,
    ...(mac === undefined ? {} : { mac }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(vendorClass === undefined ? {} : { vendorClass }),
    ...(machine === undefined ? {} : { machine }),
    state: shownState(lease, nowMs),
    startedAt: timeText(startedAtMs),
    expiresAt: timeText(expiresAtMs),
  };
}
