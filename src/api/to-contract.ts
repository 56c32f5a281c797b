import type { z } from 'zod';
import type { TimelineEvent as WireTimelineEvent } from '../contract/event-schemas.ts';
import type { BootExplanation } from '../contract/explanation-schemas.ts';
import type { Image as WireImage } from '../contract/image-schemas.ts';
import type { StepTaken as WireStepTaken } from '../contract/install-log-schemas.ts';
import type { Install as WireInstall } from '../contract/install-schemas.ts';
import type { Machine as WireMachine } from '../contract/machine-schemas.ts';
import type { Policy as WirePolicy } from '../contract/policy-schemas.ts';
import type { Profile as WireProfile } from '../contract/profile-schemas.ts';
import type {
  ExtraOption as WireExtraOption,
  Lease as WireLease,
  Subnet as WireSubnet,
  SubnetInput,
} from '../contract/subnet-schemas.ts';
import type { TimelineEvent } from '../core/events/timeline-event.ts';
import { distributionOf } from '../core/images/distributions/all.ts';
import {
  type Checksum,
  checksumText,
  objectionToImage,
  stateOfImage,
} from '../core/images/image-condition.ts';
import type { Image } from '../core/images/image.ts';
import type { Install, Moment } from '../core/install/install.ts';
import type { StepTaken } from '../core/progress/steps-taken.ts';
import type { Profile } from '../core/install/profile.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { Lease } from '../core/network/lease.ts';
import {
  type ExtraOption,
  DEFAULT_LEASE_SECONDS,
  MAX_LEASE_SECONDS,
  type Subnet,
} from '../core/network/subnet.ts';
import { optionName } from '../core/network/option-text.ts';
import type { Policy } from '../core/policy/policy.ts';
import { formatIpv4Network, type MacAddress, parseIpv4Network } from '../lib/addresses.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';
import { Options } from '../protocols/dhcp/options.ts';
import type { Explanation } from '../services/boot/explain-service.ts';
import { shownState } from '../services/dhcp/lease-service.ts';
import type { SubnetDraft } from '../services/subnet-service.ts';
import { membershipsToContract } from './group-to-contract.ts';

/**
 * Between the records of core and the shapes of the contract, and nowhere else: so storage and API are free to
 * change apart, and a field that must not leave (an install's token) is not there to be sent.
 */

type Wire<Schema extends z.ZodType> = z.input<Schema>;
type Taken<Schema extends z.ZodType> = z.output<Schema>;

export function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
}

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

/** Field by field: of what a list holds by the hundred, "all but these" costs the engine four times as much. */
export function machineToContract(machine: Machine): Wire<typeof WireMachine> {
  const { id, name, macs, uuid, serial, assetTag, port, labels, variables } = machine;
  const { loader, source, memoryMegabytes, memoryCheck, createdAtMs } = machine;
  return {
    id,
    name,
    macs: [...macs],
    ...(uuid === undefined ? {} : { uuid }),
    ...(serial === undefined ? {} : { serial }),
    ...(assetTag === undefined ? {} : { assetTag }),
    ...(port === undefined ? {} : { port }),
    labels,
    variables,
    ...(loader === undefined ? {} : { loader }),
    ...(source === undefined ? {} : { source }),
    ...(memoryMegabytes === undefined ? {} : { memoryMegabytes }),
    ...(memoryCheck === undefined ? {} : { memoryCheck }),
    createdAt: timeText(createdAtMs),
  };
}

/** @param percent how far its checksum is, where it is being computed. */
export function imageToContract(image: Image, percent?: number): Wire<typeof WireImage> {
  const { addedAtMs, initrds, loaders = [], facts, condition, chosen: _, memoryMegabytes, ...rest } = image;
  const because = objectionToImage(image);
  const { sources } = distributionOf(image.family);
  return {
    ...rest,
    initrds: [...initrds],
    loaders: [...loaders],
    addedAt: timeText(addedAtMs),
    state: stateOfImage(image),
    checksum: checksumToContract(condition?.checksum, percent),
    sources: sources.map(({ protocol, disc }) =>
      disc === undefined ? protocol : `${protocol} (the whole disc)`,
    ),
    ...withoutUndefined({ because, facts, disc: condition?.disc, memoryMegabytes }),
  };
}

function checksumToContract(
  checksum: Checksum | undefined,
  percent: number | undefined,
): Wire<typeof WireImage>['checksum'] {
  if (checksum === undefined) return { state: 'unknown', text: 'was not checked yet' };
  const sha256 = 'sha256' in checksum ? checksum.sha256 : undefined;
  return {
    state: checksum.state,
    text: checksumText(checksum, percent),
    ...withoutUndefined({ sha256, percent }),
  };
}

export function profileToContract(profile: Profile): Wire<typeof WireProfile> {
  return { ...profile };
}

/**
 * Without its token, which is for the machine alone, and without the address that it booted from.
 *
 * @param now what the clocks say, to tell by the wall clock what is kept by the other.
 */
export function installToContract(
  install: Install,
  machineName: string,
  now: Moment,
): Wire<typeof WireInstall> {
  const { id, machineId, profile, state, attempt, attempts, requestedAtMs, changedAtMs } = install;
  const { step, percent, because, cause, retryOf, expiresSteadyMs } = install;
  const expires = state === 'requested' ? expiresSteadyMs : undefined;
  return {
    id,
    machineId,
    profile,
    state,
    attempt,
    attempts,
    ...withoutUndefined({ step, percent, because, cause, retryOf }),
    machine: machineName,
    requestedAt: timeText(requestedAtMs),
    changedAt: timeText(changedAtMs),
    ...(expires === undefined ? {} : { expiresAt: timeText(now.wallMs + expires - now.steadyMs) }),
  };
}

export function stepToContract({ startedAtMs, endedAtMs, ...rest }: StepTaken): Wire<typeof WireStepTaken> {
  return {
    ...rest,
    startedAt: timeText(startedAtMs),
    ...(endedAtMs === undefined ? {} : { endedAt: timeText(endedAtMs) }),
  };
}

/**
 * Field by field, as `machineToContract`.
 *
 * @param machineNames by id.
 */
export function eventToContract(
  event: TimelineEvent,
  machineNames: ReadonlyMap<string, string>,
): Wire<typeof WireTimelineEvent> {
  const { id, atMs, kind, text, because, machineId, mac, installId, data } = event;
  const machine = machineId === undefined ? undefined : machineNames.get(machineId);
  return {
    id,
    at: timeText(atMs),
    kind,
    text,
    ...(because === undefined ? {} : { because }),
    ...(machineId === undefined ? {} : { machineId }),
    ...(machine === undefined ? {} : { machine }),
    ...(mac === undefined ? {} : { mac }),
    ...(installId === undefined ? {} : { installId }),
    ...(data === undefined ? {} : { data: withoutUndefined(data) }),
  };
}

export function policyToContract({ menu, enrol, ...rest }: Policy): Wire<typeof WirePolicy> {
  return {
    ...rest,
    enrol: { ...enrol, rules: [...enrol.rules] },
    menu: { ...menu, images: menu.images === 'all' ? 'all' : [...menu.images] },
  };
}

function bootsToContract({
  plan,
  source,
}: Pick<Explanation, 'plan' | 'source'>): Wire<typeof BootExplanation>['boots'] {
  if (plan.boot !== 'installer') return { boot: plan.boot, because: plan.because };
  const { profileLoader: _wish, imageLoaders: _ways, ...rest } = plan;
  return { ...rest, ...(source ? { source: { ...source } } : {}) };
}

export function explanationToContract(
  explanation: Explanation,
  names: { readonly ofMac: ReadonlyMap<MacAddress, string>; readonly ofId: ReadonlyMap<string, string> },
  now: Moment,
): Wire<typeof BootExplanation> {
  const { machine, firmware, lease, install, loader, inherits, decisions } = explanation;
  const { step, ...asker } = firmware;
  return {
    ...(machine ? { machine: machineToContract(machine) } : {}),
    boots: bootsToContract(explanation),
    firmware: {
      ...asker,
      gives: step.give,
      rule: step.rule,
      because: step.because,
      ...(step.give === 'boot file' ? { file: step.file } : {}),
      ...(step.chain === undefined ? {} : { chain: step.chain }),
    },
    ...(loader ? { loader: { ...loader } } : {}),
    ...(lease ? { lease: leaseToContract(lease, names.ofMac, now.wallMs) } : {}),
    ...(install
      ? { install: installToContract(install, names.ofId.get(install.machineId) ?? install.machineId, now) }
      : {}),
    ...(inherits ? membershipsToContract(inherits.memberships, inherits.choice) : {}),
    decisions: decisions.map((event) => eventToContract(event, names.ofId)),
  };
}
