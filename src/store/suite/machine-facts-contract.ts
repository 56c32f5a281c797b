import { expect } from 'vitest';
import type { FactReport } from '../../core/machines/facts.ts';
import { parseMac } from '../../lib/addresses.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, HOUR, machine, NOON, OTHER_MAC, UUID } from './samples.ts';

const FULL: FactReport = {
  source: 'installer',
  atMs: NOON,
  facts: {
    cpu: { model: AWKWARD, cores: 8, threads: 16 },
    memoryMegabytes: 524_288,
    disks: [{ name: 'sda', bytes: 4_000_787_030_016, rotational: true, holdsData: true, byId: ['ata-A'] }],
    nics: [{ mac: parseMac('52:54:00:12:34:56'), name: 'eth0', lldp: { port: 'Gi1/0/7' } }],
    uuid: UUID,
  },
};
const DHCP: FactReport = { source: 'dhcp', atMs: NOON, facts: { firmware: 'UEFI' } };
const OTHER = machine({ id: 'm-000000000002', name: 'web-2', macs: [OTHER_MAC] });
const RULE = { rule: 'rule 1', atMs: NOON };

export function machineFactsContract(storeTest: StoreTest): void {
  storeTest('keeps every fact by its source, and tells those of one machine', async (stores, reopen) => {
    await stores.machines.put(machine());
    await stores.machines.put(OTHER);
    expect(await stores.facts.put(machine().id, FULL)).toBe(true);
    expect(await stores.facts.put(machine().id, DHCP)).toBe(true);
    expect(await stores.facts.put(OTHER.id, DHCP)).toBe(true);
    const opened = await reopen();
    expect(await opened.facts.ofMachine(machine().id)).toEqual([DHCP, FULL]);
    expect(await opened.facts.all()).toEqual(
      new Map([
        [machine().id, [DHCP, FULL]],
        [OTHER.id, [DHCP]],
      ]),
    );
  });

  storeTest('replaces what the same source said before', async (stores) => {
    await stores.machines.put(machine());
    await stores.facts.put(machine().id, FULL);
    const later: FactReport = { source: 'installer', atMs: NOON + HOUR, facts: { memoryMegabytes: 1024 } };
    await stores.facts.put(machine().id, later);
    expect(await stores.facts.ofMachine(machine().id)).toEqual([later]);
  });

  storeTest(
    'writes nothing for a machine that is not there, and forgets those of one that goes',
    async (stores) => {
      expect(await stores.facts.put(machine().id, DHCP)).toBe(false);
      await stores.machines.put(machine());
      await stores.facts.put(machine().id, DHCP);
      await stores.machines.remove(machine().id);
      await stores.machines.put(machine());
      expect(await stores.facts.ofMachine(machine().id)).toEqual([]);
    },
  );

  storeTest('writes and tells the facts of many machines at once', async (stores, reopen) => {
    const room = Array.from({ length: 1_200 }, (_, at) => {
      const number = at.toString(16).padStart(4, '0');
      const mac = parseMac(`52:54:00:00:${number.slice(0, 2)}:${number.slice(2)}`);
      return machine({ id: `m-00000000${number}`, name: `node-${at}`, macs: [mac] });
    });
    const ids = room.map(({ id }) => id);
    await stores.machines.putAll(() => ({ put: room, events: [] }));
    await stores.facts.put(ids[0] ?? '', FULL);
    const reports = ids.map((machineId) => ({ ...DHCP, machineId, facts: { hostname: machineId } }));
    expect(await stores.facts.putAll(reports)).toEqual(new Set());
    const found = await (await reopen()).facts.ofMachines([...ids, 'm-000000000009', ...ids]);
    expect([...found.keys()].toSorted()).toEqual(ids);
    const told = (hostname: string | undefined): FactReport => ({
      ...DHCP,
      facts: { hostname: hostname ?? '' },
    });
    expect(found.get(ids[0] ?? '')).toEqual([told(ids[0]), FULL]);
    expect(found.get(ids.at(-1) ?? '')).toEqual([told(ids.at(-1))]);
  });

  storeTest('of many reports leaves out those of machines that are not there', async (stores) => {
    await stores.machines.put(machine());
    const written = await stores.facts.putAll([
      { ...DHCP, machineId: OTHER.id },
      { ...FULL, machineId: machine().id },
      { ...FULL, machineId: OTHER.id },
      { ...DHCP, machineId: machine().id },
    ]);
    expect(written).toEqual(new Set([OTHER.id]));
    expect(await stores.facts.all()).toEqual(new Map([[machine().id, [DHCP, FULL]]]));
  });

  storeTest('of two reports of one source at once, the last is kept', async (stores) => {
    await stores.machines.put(machine());
    const later: FactReport = { ...DHCP, atMs: NOON + HOUR, facts: { hostname: AWKWARD } };
    const both = [DHCP, later].map((report) => ({ ...report, machineId: machine().id }));
    expect(await stores.facts.putAll(both)).toEqual(new Set());
    expect(await stores.facts.ofMachine(machine().id)).toEqual([later]);
  });

  storeTest('of no machines nothing is written or told', async (stores) => {
    expect(await stores.facts.putAll([])).toEqual(new Set());
    expect(await stores.facts.ofMachines([])).toEqual(new Map());
  });

  storeTest('enrols a machine once, and one more when that is gone', async (stores) => {
    expect(await stores.machines.enrol(machine(), RULE, 1)).toEqual({ enrolled: true });
    expect(await stores.machines.byId(machine().id)).toEqual(machine());
    expect(await stores.machines.enrol(OTHER, RULE, 1)).toMatchObject({ enrolled: false, why: 'full' });
    expect(await stores.machines.byId(OTHER.id)).toBeUndefined();
    await stores.machines.remove(machine().id);
    expect(await stores.machines.countEnrolled()).toBe(0);
    expect(await stores.machines.enrol(OTHER, RULE, 1)).toEqual({ enrolled: true });
  });

  storeTest('counts no machine that people made known', async (stores) => {
    await stores.machines.put(machine());
    expect(await stores.machines.countEnrolled()).toBe(0);
    expect(await stores.machines.enrol(OTHER, RULE, 1)).toEqual({ enrolled: true });
  });

  storeTest('of machines enrolled at once, no more than may be, and no name twice', async (stores) => {
    const rivals = Array.from({ length: 12 }, (_, at) => {
      const octet = (at + 16).toString(16);
      return machine({
        id: `m-0000000000${octet}`,
        name: `node-${at % 6}`,
        macs: [parseMac(`52:54:00:00:00:${octet}`)],
      });
    });
    const results = await Promise.all(rivals.map((rival) => stores.machines.enrol(rival, RULE, 4)));
    expect(results.filter(({ enrolled }) => enrolled)).toHaveLength(4);
    expect(await stores.machines.list()).toHaveLength(4);
    expect(await stores.machines.countEnrolled()).toBe(4);
  });

  storeTest('refuses to enrol with the name of another, and writes nothing', async (stores) => {
    await stores.machines.put(machine());
    const result = await stores.machines.enrol({ ...OTHER, name: 'web-1' }, RULE, 5);
    expect(result).toMatchObject({ enrolled: false, why: 'taken' });
    expect(await stores.machines.countEnrolled()).toBe(0);
  });
}
