import type { z } from 'zod';
import type {
  MachinePower as WirePower,
  PowerDone,
  PowerInput,
  PowerSeen,
} from '../contract/power-schemas.ts';
import type { Asker } from '../core/people/asker.ts';
import type { MachinePower } from '../core/power/machine-power.ts';
import type { PowerSettings, RedfishTrust } from '../core/power/power-settings.ts';
import type { Acted } from '../services/power/power-service.ts';
import { urlFor } from './hook-to-contract.ts';
import { timeText } from './to-contract.ts';

type Taken = z.output<typeof PowerInput>;
type WireSettings = z.input<typeof WirePower>['settings'];
type SaidSettings = z.output<typeof WirePower>['settings'];

/** What people said, as core has it, and the secret apart. */
export function powerFromContract(input: Taken): {
  readonly settings: PowerSettings;
  readonly secret: string | undefined;
} {
  const { secret, ...said } = input;
  return { settings: settingsFromContract(said), secret };
}

export function settingsFromContract(said: SaidSettings): PowerSettings {
  if (said.driver !== 'redfish') return said;
  const { certificateSha256, ca, insecureTls, ...rest } = said;
  return { ...rest, trust: trustOf({ certificateSha256, ca, insecureTls }) };
}

interface TrustWords {
  readonly certificateSha256: string | undefined;
  readonly ca: string | undefined;
  readonly insecureTls: true | undefined;
}

function trustOf({ certificateSha256, ca, insecureTls }: TrustWords): RedfishTrust {
  if (certificateSha256 !== undefined) return { by: 'fingerprint', sha256: certificateSha256 };
  if (ca !== undefined) return { by: 'authorities', pem: ca };
  return insecureTls ? { by: 'nothing' } : { by: 'authorities' };
}

export function settingsToContract(settings: PowerSettings): WireSettings {
  switch (settings.driver) {
    case 'wol':
      return { ...settings, to: [...settings.to] };
    case 'command':
      return { ...settings, argv: [...settings.argv] };
    case 'redfish': {
      const { trust, ...rest } = settings;
      if (trust.by === 'fingerprint') return { ...rest, certificateSha256: trust.sha256 };
      if (trust.by === 'nothing') return { ...rest, insecureTls: true };
      return { ...rest, ...(trust.pem === undefined ? {} : { ca: trust.pem }) };
    }
    case 'ipmi':
    case 'webhook':
      return settings;
    default:
      return settings satisfies never;
  }
}

function seenToContract({ seen, trouble }: MachinePower) {
  return {
    ...(seen === undefined ? {} : { state: seen.state, stateAt: timeText(seen.atMs) }),
    ...(trouble === undefined
      ? {}
      : { trouble: { kind: trouble.kind, because: trouble.because, at: timeText(trouble.atMs) } }),
  };
}

/** What stands beside a machine. */
export function powerSeenToContract(power: MachinePower): z.input<typeof PowerSeen> {
  return { driver: power.settings.driver, ...seenToContract(power) };
}

export function powerToContract(
  power: MachinePower,
  machineName: string,
  asker: Asker | undefined,
): z.input<typeof WirePower> {
  const settings = settingsToContract(power.settings);
  return {
    machine: machineName,
    settings: settings.driver === 'webhook' ? { ...settings, url: urlFor(asker, settings.url) } : settings,
    secret: power.secret,
    setAt: timeText(power.setAtMs),
    ...seenToContract(power),
  };
}

export function actedToContract({ machine, wish, plan, state }: Acted): z.input<typeof PowerDone> {
  return {
    machine: machine.name,
    action: wish,
    did: plan.do === 'steps' ? [...plan.steps] : [],
    because: plan.because,
    ...(plan.do === 'steps' && plan.until !== undefined ? { wanted: plan.until } : {}),
    ...(state === undefined ? {} : { state }),
  };
}
