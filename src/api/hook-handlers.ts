import type { z } from 'zod';
import type { Hook as WireHook, HookDelivery as WireDelivery, HookInput } from '../contract/hook-schemas.ts';
import type { Hook, HookDelivery, HookTarget } from '../core/hooks/hook.ts';
import { deliveryId } from '../services/hooks/payload.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { badRequest, done, found } from './problems.ts';
import { timeText } from './to-contract.ts';

type HookRoutes =
  | 'listHooks'
  | 'addHook'
  | 'getHook'
  | 'changeHook'
  | 'testHook'
  | 'listDeliveries'
  | 'deleteHook';

/** Servers and programs that are told of events. */
export function hookHandlers({ hooks }: Pick<ApiNeeds, 'hooks'>): Pick<Handlers, HookRoutes> {
  return {
    listHooks: async () => ({ items: (await hooks.list()).map(hookToContract) }),
    addHook: async ({ input }) => {
      const { url: _url, argv: _argv, ...rest } = input;
      const target = targetOf(input);
      if (target === undefined) throw badRequest([{ path: 'url', message: 'is missing' }]);
      return hookToContract(done(await hooks.add({ ...rest, target })).hook);
    },
    getHook: async ({ params: { name } }) => hookToContract(found(await hooks.byName(name), 'hook', name)),
    changeHook: async ({ params: { name }, input }) => {
      const { url: _url, argv: _argv, ...rest } = input;
      const target = targetOf(input);
      return hookToContract(done(await hooks.change(name, { ...rest, ...(target ? { target } : {}) })).hook);
    },
    testHook: async ({ params: { name } }) => {
      const { result, said, printed } = done(await hooks.test(name));
      return { result, said, ...(printed === undefined ? {} : { printed }) };
    },
    listDeliveries: async ({ params: { name } }) => ({
      items: done(await hooks.deliveries(name)).deliveries.map(deliveryToContract),
    }),
    deleteHook: async ({ params: { name } }) => {
      done(await hooks.remove(name));
    },
  };
}

function targetOf({ url, argv }: Pick<z.output<typeof HookInput>, 'url' | 'argv'>): HookTarget | undefined {
  if (url !== undefined) return { to: 'url', url };
  return argv === undefined ? undefined : { to: 'command', argv };
}

function hookToContract({ target, createdAtMs, events, ...rest }: Hook): z.input<typeof WireHook> {
  return {
    ...rest,
    events: [...events],
    ...(target.to === 'url' ? { url: target.url } : { argv: [...target.argv] }),
    createdAt: timeText(createdAtMs),
  };
}

function deliveryToContract(delivery: HookDelivery): z.input<typeof WireDelivery> {
  const { hook, eventId, firstAtMs, lastAtMs, ...rest } = delivery;
  return {
    ...rest,
    delivery: deliveryId(hook, eventId),
    event: eventId,
    firstAt: timeText(firstAtMs),
    lastAt: timeText(lastAtMs),
  };
}
