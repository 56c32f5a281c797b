import type { z } from 'zod';
import type { SiteHook as WireHook } from '../contract/hook-schemas.ts';
import type { SitePower as WirePower } from '../contract/power-schemas.ts';
import type { SaidOfSecret } from '../contract/site-secret-schemas.ts';
import type {
  SiteHook,
  SitePower,
  WantedHook,
  WantedPower,
  WantedSecret,
} from '../core/site/site-contents.ts';
import { targetFromContract, targetToContract } from './hook-to-contract.ts';
import { settingsFromContract, settingsToContract } from './power-to-contract.ts';

/** The parts of a site whose secrets stand in no file, in and out. */

type Fault = (path: string, because: string) => void;

export function readPower(one: z.output<typeof WirePower>, path: string, fault: Fault): WantedPower {
  const { machine, secret, secretFile, newSecret, ...settings } = one;
  const said = present({ secret, secretFile, newSecret });
  return { name: machine, settings: settingsFromContract(settings), secret: readSecret(said, path, fault) };
}

export function readHook(one: z.output<typeof WireHook>, path: string, fault: Fault): WantedHook {
  const { url, argv, secret, secretFile, newSecret, events, ...rest } = one;
  const target = targetFromContract(present({ url, argv }));
  if (target === undefined) fault(path, 'url or argv is wanted');
  const said = present({ secret, secretFile, newSecret });
  return {
    ...rest,
    events: [...new Set(events)],
    target: target ?? { to: 'command', argv: ['x'] },
    secret: readSecret(said, path, fault),
  };
}

function readSecret(
  { secret, secretFile, newSecret }: SaidOfSecret,
  path: string,
  fault: Fault,
): WantedSecret {
  if (newSecret !== undefined) return { given: newSecret };
  if (secretFile !== undefined)
    fault(`${path}.secretFile`, 'is for muster apply, which reads the file: the API takes newSecret');
  return secret ?? 'as it is';
}

function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** That there is a secret is told, so that a server without it says what is missing. */
export function powerEntry({ name, settings, secret }: SitePower): z.input<typeof WirePower> {
  return { machine: name, ...settingsToContract(settings), ...keptOf(secret) };
}

export function hookEntry({
  target,
  events,
  secret,
  createdAtMs: _createdAtMs,
  ...rest
}: SiteHook): z.input<typeof WireHook> {
  return { ...rest, events: [...events], ...targetToContract(target), ...keptOf(secret) };
}

function keptOf(secret: string | undefined): { readonly secret?: 'kept' } {
  return secret === undefined ? {} : { secret: 'kept' };
}
