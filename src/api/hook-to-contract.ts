import type { z } from 'zod';
import type { Hook as WireHook, HookDelivery as WireDelivery, HookInput } from '../contract/hook-schemas.ts';
import type { Hook, HookDelivery, HookTarget } from '../core/hooks/hook.ts';
import type { Asker } from '../core/people/asker.ts';
import { deliveryId } from '../services/hooks/payload.ts';
import { HIDDEN } from './group-to-contract.ts';
import { timeText } from './to-contract.ts';

export function targetFromContract({
  url,
  argv,
}: Pick<z.output<typeof HookInput>, 'url' | 'argv'>): HookTarget | undefined {
  if (url !== undefined) return { to: 'url', url };
  return argv === undefined ? undefined : { to: 'command', argv };
}

/** Whoever knows the address of a webhook can often write there: it is for those who set it. */
export function urlFor(asker: Asker | undefined, url: string): string {
  if (asker?.role === 'admin' || !URL.canParse(url)) return url;
  const { origin, pathname, search, username } = new URL(url);
  return pathname === '/' && search === '' && username === '' ? url : `${origin}/${HIDDEN}`;
}

export function targetToContract(target: HookTarget): { readonly url: string } | { readonly argv: string[] } {
  return target.to === 'url' ? { url: target.url } : { argv: [...target.argv] };
}

export function hookToContract(
  { target, createdAtMs, events, ...rest }: Hook,
  asker: Asker | undefined,
): z.input<typeof WireHook> {
  const told = target.to === 'url' ? { ...target, url: urlFor(asker, target.url) } : target;
  return { ...rest, events: [...events], ...targetToContract(told), createdAt: timeText(createdAtMs) };
}

export function deliveryToContract(delivery: HookDelivery): z.input<typeof WireDelivery> {
  const { hook, eventId, firstAtMs, lastAtMs, ...rest } = delivery;
  return {
    ...rest,
    delivery: deliveryId(hook, eventId),
    event: eventId,
    firstAt: timeText(firstAtMs),
    lastAt: timeText(lastAtMs),
  };
}
