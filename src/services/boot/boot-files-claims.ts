import { firmwareOf } from '../../core/boot/firmware.ts';
import { kernelWordOf } from '../../core/dhcp/stranger.ts';
import type { Claims } from '../../core/machines/identify.ts';
import { withoutUndefined } from '../../lib/without-undefined.ts';
import type { EnrolmentService } from '../machines/enrolment-service.ts';
import type { FactService } from '../machines/fact-service.ts';
import { architectureOf } from '../images/installer-of-image.ts';
import type { Asker } from './who-asks.ts';

export interface ClaimsNeeds {
  /** Makes unknown machines known; left out: they stay unknown. */
  readonly enrolment?: Pick<EnrolmentService, 'meet'> | undefined;
  /** Keeps what is said of hardware; left out: nobody does. */
  readonly facts?: Pick<FactService, 'seen'> | undefined;
}

/** What iPXE says of the machine it runs on: a rule may make it known by that, and it is kept. */
export async function hearClaims(
  { enrolment, facts }: ClaimsNeeds,
  asker: Asker,
  says: Claims | undefined,
): Promise<Asker> {
  const { mac, lease } = asker;
  if (says === undefined || mac === undefined) return asker;
  const { serial, assetTag, vendor, product, uuids } = says;
  const uuid = uuids?.[0];
  const architecture = architectureOf(asker) ?? 0;
  const stranger = {
    mac,
    uuid,
    subnet: lease?.subnet,
    firmware: firmwareOf(architecture)?.platform,
    architecture: kernelWordOf(architecture),
    vendor: vendor ?? '',
    product: product ?? '',
    serial: serial ?? '',
  };
  // What it was asked and did not say, it never will: an empty text fits no rule but *.
  const machine = asker.machine ?? (await enrolment?.meet(stranger, 'all'));
  if (!machine) return asker;
  facts?.seen(machine.id, 'ipxe', withoutUndefined({ uuid, serial, assetTag, vendor, product }));
  return { ...asker, machine };
}
