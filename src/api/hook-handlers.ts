import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { deliveryToContract, hookToContract, targetFromContract } from './hook-to-contract.ts';
import { badRequest, done, found } from './problems.ts';

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
    listHooks: async (_, { asker }) => ({
      items: (await hooks.list()).map((hook) => hookToContract(hook, asker)),
    }),
    addHook: async ({ input }, { asker }) => {
      const { url: _url, argv: _argv, ...rest } = input;
      const target = targetFromContract(input);
      if (target === undefined) throw badRequest([{ path: 'url', message: 'is missing' }]);
      return hookToContract(done(await hooks.add({ ...rest, target })).hook, asker);
    },
    getHook: async ({ params: { name } }, { asker }) =>
      hookToContract(found(await hooks.byName(name), 'hook', name), asker),
    changeHook: async ({ params: { name }, input }, { asker }) => {
      const { url: _url, argv: _argv, ...rest } = input;
      const target = targetFromContract(input);
      const wish = { ...rest, ...(target ? { target } : {}) };
      return hookToContract(done(await hooks.change(name, wish)).hook, asker);
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
