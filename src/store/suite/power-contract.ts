import { expect } from 'vitest';
import type { PowerSettings } from '../../core/power/power-settings.ts';
import { parseMac } from '../../lib/addresses.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, event, HOUR, machine, NOON, OTHER_MAC } from './samples.ts';

const WEB = machine();
const IPMI: PowerSettings = {
  driver: 'ipmi',
  host: 'bmc.example',
  port: 623,
  user: AWKWARD,
  interface: 'lanplus',
  privilege: 'operator',
  firmware: 'uefi',
};
const power = { machineId: WEB.id, settings: IPMI, setAtMs: NOON };

export function powerContract(storeTest: StoreTest): void {
  storeTest('keeps every field, and the secret where nothing else tells it', async (stores, reopen) => {
    await stores.machines.put(WEB);
    expect(await stores.power.put(power, { secret: AWKWARD })).toBe(true);
    const again = await reopen();
    expect(await again.power.list()).toEqual([{ ...power, secret: 'kept' }]);
    expect(await again.power.ofMachine(WEB.id)).toEqual({ ...power, secret: 'kept' });
    expect(await again.power.secretOf(WEB.id)).toBe(AWKWARD);
  });

  storeTest('keeps a secret or takes another, as it is told', async (stores) => {
    await stores.machines.put(WEB);
    await stores.power.put(power, { secret: 'one' });
    await stores.power.put({ ...power, setAtMs: NOON + 1 }, { keep: true });
    expect(await stores.power.secretOf(WEB.id)).toBe('one');
    await stores.power.put(power, { secret: 'two' });
    expect(await stores.power.secretOf(WEB.id)).toBe('two');
    await stores.power.put(power, { secret: undefined });
    expect(await stores.power.secretOf(WEB.id)).toBeUndefined();
    expect(await stores.power.ofMachine(WEB.id)).toMatchObject({ secret: 'none' });
  });

  storeTest('keeps what was seen: a state ends a trouble, a trouble leaves the state', async (stores) => {
    await stores.machines.put(WEB);
    await stores.power.put(power, { secret: undefined });
    const trouble = { kind: 'unreachable', because: AWKWARD, atMs: NOON + HOUR } as const;
    await stores.power.saw(WEB.id, NOON, { state: 'on', atMs: NOON + 1 });
    await stores.power.saw(WEB.id, NOON, { trouble });
    expect(await stores.power.ofMachine(WEB.id)).toMatchObject({
      seen: { state: 'on', atMs: NOON + 1 },
      trouble,
    });
    await stores.power.saw(WEB.id, NOON, { state: 'off', atMs: NOON + HOUR + 1 });
    const seen = await stores.power.ofMachine(WEB.id);
    expect(seen?.seen).toEqual({ state: 'off', atMs: NOON + HOUR + 1 });
    expect(seen).not.toHaveProperty('trouble');
  });

  storeTest('takes nothing that was seen by settings that are gone', async (stores) => {
    await stores.machines.put(WEB);
    await stores.power.put({ ...power, setAtMs: NOON + 1 }, { secret: undefined });
    await stores.power.saw(WEB.id, NOON, { state: 'on', atMs: NOON });
    expect(await stores.power.ofMachine(WEB.id)).not.toHaveProperty('seen');
  });

  storeTest('new settings have seen nothing yet', async (stores) => {
    await stores.machines.put(WEB);
    await stores.power.put(power, { secret: undefined });
    await stores.power.saw(WEB.id, NOON, { state: 'on', atMs: NOON });
    await stores.power.put({ ...power, setAtMs: NOON + 1 }, { keep: true });
    expect(await stores.power.ofMachine(WEB.id)).not.toHaveProperty('seen');
  });

  storeTest('belongs to a machine: there is none without it, and it goes with it', async (stores) => {
    expect(await stores.power.put(power, { secret: 'one' })).toBe(false);
    await stores.machines.put(WEB);
    await stores.power.put(power, { secret: 'one' });
    await stores.machines.remove(WEB.id);
    expect(await stores.power.list()).toEqual([]);
    expect(await stores.power.secretOf(WEB.id)).toBeUndefined();
  });

  for (const [title, own, settings, secret] of [
    ['moves to the machine it is merged into', 'none', IPMI, 'other'],
    ['is dropped where that machine has a way of its own', 'own', { driver: 'wol', port: 9, to: [] }, 'own'],
  ] as const) {
    storeTest(`of a machine that turns out to be another ${title}`, async (stores) => {
      const other = machine({ id: 'm-000000000002', name: 'app-1', macs: [OTHER_MAC] });
      for (const one of [WEB, other]) await stores.machines.put(one);
      await stores.power.put({ ...power, machineId: other.id }, { secret: 'other' });
      if (own === 'own') await stores.power.put({ ...power, settings }, { secret: 'own' });
      await stores.machines.merge({ into: WEB.id, from: other.id }, (into) => ({
        merge: true,
        machine: into,
        event: event({ kind: 'machine.merged' }),
      }));
      expect(await stores.power.list()).toMatchObject([{ machineId: WEB.id, settings }]);
      expect(await stores.power.secretOf(WEB.id)).toBe(secret);
    });
  }

  storeTest('lists by the names of machines, and removes one once', async (stores) => {
    const app = machine({ id: 'm-000000000002', name: 'app-1', macs: [parseMac('020000000001')] });
    for (const one of [WEB, app]) await stores.machines.put(one);
    for (const { id } of [WEB, app])
      await stores.power.put({ ...power, machineId: id }, { secret: undefined });
    expect((await stores.power.list()).map(({ machineId }) => machineId)).toEqual([app.id, WEB.id]);
    expect(await stores.power.remove(WEB.id)).toBe(true);
    expect(await stores.power.remove(WEB.id)).toBe(false);
    expect(await stores.power.ofMachine(WEB.id)).toBeUndefined();
  });
}
