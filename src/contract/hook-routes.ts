import { Hook, HookChange, HookDelivery, HookInput, HookTried } from './hook-schemas.ts';
import { byName, listOf, row } from './route-row.ts';

export const HOOK_ROUTES = {
  listHooks: row({
    method: 'GET',
    path: '/hooks',
    output: listOf(Hook),
    answers: 'thing',
    sentence: 'All hooks, by name',
  }),
  addHook: row({
    method: 'POST',
    path: '/hooks',
    input: HookInput,
    output: Hook,
    answers: 'created',
    sentence: 'Adds a hook: a server or a program that is told of what happens from now on',
  }),
  getHook: row({
    method: 'GET',
    path: '/hooks/{name}',
    params: byName,
    output: Hook,
    answers: 'thing',
    sentence: 'One hook',
  }),
  changeHook: row({
    method: 'PATCH',
    path: '/hooks/{name}',
    params: byName,
    input: HookChange,
    output: Hook,
    answers: 'thing',
    sentence: 'Changes a hook; it goes on with the event it was at',
  }),
  testHook: row({
    method: 'POST',
    path: '/hooks/{name}/test',
    params: byName,
    output: HookTried,
    answers: 'thing',
    sentence: 'Sends a hook an event that did not happen (hook.test), once and now',
  }),
  listDeliveries: row({
    method: 'GET',
    path: '/hooks/{name}/deliveries',
    params: byName,
    output: listOf(HookDelivery),
    answers: 'thing',
    sentence: 'What came of the last events for a hook, the newest first',
  }),
  deleteHook: row({
    method: 'DELETE',
    path: '/hooks/{name}',
    params: byName,
    answers: 'nothing',
    sentence: 'Takes a hook away',
  }),
} as const;
