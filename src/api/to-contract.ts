import type { z } from 'zod';
import type { TimelineEvent as WireTimelineEvent } from '../contract/event-schemas.ts';
import type { Image as WireImage } from '../contract/image-schemas.ts';
import type { StepTaken as WireStepTaken } from '../contract/install-log-schemas.ts';
import type { Install as WireInstall } from '../contract/install-schemas.ts';
import type { Machine as WireMachine } from '../contract/machine-schemas.ts';
import type { Policy as WirePolicy } from '../contract/policy-schemas.ts';
import type { Profile as WireProfile } from '../contract/profile-schemas.ts';
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
import type { Policy } from '../core/policy/policy.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';

/**
 * Between the records of core and the shapes of the contract, and nowhere else: so storage and API are free to
 * change apart, and a field that must not leave (an install's token) is not there to be sent.
 */

type Wire<Schema extends z.ZodType> = z.input<Schema>;

export function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
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
