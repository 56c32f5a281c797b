import { expect } from 'vitest';
import { type Hook, type HookDelivery, MAX_DELIVERIES, MAX_HOOKS } from '../../core/hooks/hook.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, event, NOON } from './samples.ts';

function hook(change: Partial<Hook> = {}): Omit<Hook, 'secret'> {
  const { secret: _, ...rest } = { secret: 'none', ...change };
  return {
    name: 'chat',
    events: ['install.*', AWKWARD],
    target: { to: 'url', url: 'https://chat.example/' },
    mode: 'on',
    createdAtMs: NOON,
    ...rest,
  };
}

function delivery(eventId: number, change: Partial<HookDelivery> = {}): HookDelivery {
  return {
    hook: 'chat',
    eventId,
    kind: 'install.finished',
    state: 'done',
    attempts: 1,
    firstAtMs: NOON,
    lastAtMs: NOON + 1,
    result: AWKWARD,
    ...change,
  };
}

export function hooksContract(storeTest: StoreTest): void {
  storeTest('keeps every field, and the secret where nothing else tells it', async (stores, reopen) => {
    const program = hook({
      name: 'a',
      target: { to: 'command', argv: ['say', AWKWARD] },
      machines: AWKWARD,
      mode: 'off',
    });
    await stores.hooks.add(hook(), AWKWARD, 7);
    await stores.hooks.add(program, undefined, 0);
    const again = await reopen();
    expect(await again.hooks.list()).toEqual([
      { ...program, secret: 'none' },
      { ...hook(), secret: 'kept' },
    ]);
    expect(await again.hooks.byName('chat')).toEqual({ ...hook(), secret: 'kept' });
    expect(await again.hooks.secretOf('chat')).toBe(AWKWARD);
    expect(await again.hooks.positionOf('chat')).toBe(7);
  });

  storeTest('refuses a name that is taken, and more than there may be', async (stores) => {
    const names = Array.from({ length: MAX_HOOKS }, (_, at) => `hook-${at}`);
    for (const name of names)
      expect(await stores.hooks.add(hook({ name }), undefined, 0)).toEqual({ put: true });
    expect(await stores.hooks.add(hook({ name: 'hook-1' }), undefined, 0)).toEqual({
      put: false,
      because: 'there is a hook "hook-1" already',
    });
    expect(await stores.hooks.add(hook(), undefined, 0)).toMatchObject({ put: false });
    expect(await stores.hooks.list()).toHaveLength(MAX_HOOKS);
  });

  storeTest(
    'changes what is said, and leaves the secret and the position where nothing is',
    async (stores) => {
      await stores.hooks.add(hook({ machines: 'rack=a' }), 'one', 7);
      expect(await stores.hooks.change(hook({ events: ['*'] }), {})).toBe(true);
      expect(await stores.hooks.byName('chat')).toEqual({ ...hook({ events: ['*'] }), secret: 'kept' });
      expect([await stores.hooks.secretOf('chat'), await stores.hooks.positionOf('chat')]).toEqual([
        'one',
        7,
      ]);
      await stores.hooks.change(hook(), { secret: 'two', position: 9 });
      expect([await stores.hooks.secretOf('chat'), await stores.hooks.positionOf('chat')]).toEqual([
        'two',
        9,
      ]);
      expect(await stores.hooks.change(hook({ name: 'none' }), {})).toBe(false);
    },
  );

  storeTest('goes forwards only, and its deliveries with it', async (stores, reopen) => {
    await stores.hooks.add(hook(), undefined, 7);
    await stores.hooks.progress('chat', 7, delivery(8, { state: 'waiting', attempts: 3 }));
    await stores.hooks.progress('chat', 8, delivery(8, { attempts: 4 }));
    await stores.hooks.progress('chat', 3);
    await stores.hooks.progress('chat', 9, delivery(9, { state: 'dead' }));
    const { hooks } = await reopen();
    expect(await hooks.positionOf('chat')).toBe(9);
    expect(await hooks.deliveryOf('chat', 8)).toEqual(delivery(8, { attempts: 4 }));
    expect(await hooks.deliveryOf('chat', 10)).toBeUndefined();
    expect(await hooks.deliveries('chat', 10)).toEqual([
      delivery(9, { state: 'dead' }),
      delivery(8, { attempts: 4 }),
    ]);
    expect(await hooks.deliveries('chat', 1)).toHaveLength(1);
  });

  storeTest('counts the events that are too many, and names the last of them', async (stores) => {
    const kinds = [
      'install.failed',
      'power.failed',
      'install.failed',
      'install.failed',
      'power.failed',
    ] as const;
    await stores.events.append(kinds.map((kind) => event({ kind })));
    for (const [wanted, afterId, keep, expected] of [
      [['install.failed'], 0, 1, { count: 2, lastId: 3 }],
      [['install.failed'], 1, 1, { count: 1, lastId: 3 }],
      [['install.failed', 'power.failed'], 0, 0, { count: 5, lastId: 5 }],
      [['install.failed'], 0, 3, undefined],
      [['install.failed'], 5, 0, undefined],
    ] as const)
      expect(await stores.hooks.tooMany(wanted, afterId, keep)).toEqual(expected);
  });

  storeTest(`keeps the last ${MAX_DELIVERIES} deliveries`, async (stores) => {
    await stores.hooks.add(hook(), undefined, 0);
    for (let id = 1; id <= MAX_DELIVERIES + 5; id += 1) await stores.hooks.progress('chat', id, delivery(id));
    const kept = await stores.hooks.deliveries('chat', 10_000);
    expect([kept.length, kept[0]?.eventId, kept.at(-1)?.eventId]).toEqual([
      MAX_DELIVERIES,
      MAX_DELIVERIES + 5,
      6,
    ]);
  });

  storeTest(
    'goes with its deliveries, and what comes late of one that is gone is nothing',
    async (stores) => {
      await stores.hooks.add(hook(), 'one', 0);
      await stores.hooks.progress('chat', 1, delivery(1));
      expect(await stores.hooks.remove('chat')).toBe(true);
      expect(await stores.hooks.remove('chat')).toBe(false);
      await stores.hooks.progress('chat', 2, delivery(2));
      expect(await stores.hooks.deliveries('chat', 10)).toEqual([]);
      expect(await stores.hooks.positionOf('chat')).toBeUndefined();
      expect(await stores.hooks.secretOf('chat')).toBeUndefined();
    },
  );
}
