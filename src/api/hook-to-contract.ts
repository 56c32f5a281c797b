import type { z } from 'zod';
import type { Hook as WireHook, HookDelivery as WireDelivery, HookInput } from '../contract/hook-schemas.ts';
import type { Hook, HookDelivery, HookTarget } from '../core/hooks/hook.ts';
import { deliveryId } from '../services/hooks/payload.ts';
import { timeText } from './to-contract.ts';

export function targetFromContract({
  url,
  argv,
}: Pick<z.output<typeof HookInput>, 'url' | 'argv'>): HookTarget | undefined {
  if (url !== undefined) return { to: 'url', url };
  return argv === undefined ? undefined : { to: 'command', argv };
}

export function targetToContract(target: HookTarget): { readonly url: string } | { readonly argv: string[] } {
  return target.to === 'url' ? { url: target.url } : { argv: [...target.argv] };
}

export function hookToContract({ target, createdAtMs, events, ...rest }: Hook): z.input<typeof WireHook> {
  return { ...rest, events: [...events], ...targetToContract(target), createdAt: timeText(createdAtMs) };
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
