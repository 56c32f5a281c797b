import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Machine, MAX_VARIABLES_PER_MACHINE } from '../../core/machines/machine.ts';
import type { Stores } from '../../core/stores.ts';
import { parseSelector } from '../../core/machines/selector.ts';
import { parseMac, parseUuid } from '../../lib/addresses.ts';
import { MAX_LABELS } from '../../lib/labels.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { InstallSources } from '../installs/install-sources.ts';
import { editMachine } from '../../core/machines/edit-machine.ts';
import { MachineService, readMachineReference } from './machine-service.ts';
import { hashHere } from '../suite/hash-here.ts';

const MAC = parseMac('52:54:00:12:34:56');
const OTHER_MAC = parseMac('52:54:00:99:99:99');
const UUID = parseUuid('4c4c4544-0044-4810-8031-b4c04f564231');

const WEB1: Machine = {
  id: 'm-00000000000a',
  name: 'web1',
  macs: [MAC],
  uuid: UUID,
  labels: { site: 'b', old: '' },
  variables: { rack: '3', role: 'web' },
  createdAtMs: 1,
};

describe('what people call a machine', () => {
  for (const [text, expected] of [
    ['web1', { by: 'name', name: 'web1' }],
    ['m-0123456789ab', { by: 'id', id: 'm-0123456789ab' }],
    ['m-0123456789a', { by: 'name', name: 'm-0123456789a' }],
    ['m-0123456789abc', { by: 'name', name: 'm-0123456789abc' }],
    ['52:54:00:12:34:56', { by: 'mac', mac: MAC }],
    ['52-54-00-12-34-56', { by: 'mac', mac: MAC }],
    ['5254.0012.3456', { by: 'mac', mac: MAC }],
    ['525400123456', { by: 'mac', mac: MAC }],
    ['52:54:00:12:34', { by: 'name', name: '52:54:00:12:34' }],
    ['', { by: 'name', name: '' }],
  ] as const) {
    test(`"${text}" is a ${expected.by}`, () => {
      expect(readMachineReference(text)).toEqual(expected);
    });
  }
});

describe('a change of a machine', () => {
  const { uuid: _, ...withoutUuid } = WEB1;
  for (const [title, edit, expected] of [
    ['of nothing leaves it as it is', {}, WEB1],
    ['gives a new name', { name: 'db1' }, { ...WEB1, name: 'db1' }],
    ['takes the UUID away with null', { uuid: null }, withoutUuid],
    [
      'replaces all MAC addresses, each once',
      { macs: [OTHER_MAC, OTHER_MAC] },
      { ...WEB1, macs: [OTHER_MAC] },
    ],
    [
      'sets some labels, takes some away, leaves the others',
      { labels: { site: 'a', old: null, rack: '1' } },
      { ...WEB1, labels: { site: 'a', rack: '1' } },
    ],
    [
      'sets some variables, takes some away, leaves the others',
      { variables: { role: 'db', rack: null, never: null, row: '7' } },
      { ...WEB1, variables: { role: 'db', row: '7' } },
    ],
  ] as const) {
    test(title, () => {
      expect(editMachine(WEB1, edit)).toEqual(expected);
    });
  }
});

describe('the service, over a real store', () => {
  let stores: Stores;
  let service: MachineService;

  beforeEach(async () => {
    stores = await openEmptyStores();
    let drawn = 0;
    service = new MachineService({
      hashPassword: hashHere,
      machines: stores.machines,
      clock: { nowMs: () => 1000 },
      sources: new InstallSources({ machineHttpPort: 80, off: { ftp: 'ftp.port is off' } }),
      randomHex: (bytes) => (++drawn).toString(16).padStart(bytes * 2, '0'),
    });
  });
  afterEach(async () => {
    await stores.close();
  });

  test('of two changes at once none is undone', async () => {
    await service.add({ name: 'web1', macs: [MAC], variables: {} });
    const edits = [{ labels: { rack: 'a' } }, { variables: { role: 'db' } }, { uuid: UUID }];
    for (const changed of await Promise.all(edits.map((edit) => service.change('web1', edit))))
      expect(changed).toMatchObject({ done: true });
    expect(await service.find('web1')).toMatchObject({
      labels: { rack: 'a' },
      variables: { role: 'db' },
      uuid: UUID,
    });
  });

  test('a source that this server never has is refused, and nothing is changed', async () => {
    await service.add({ name: 'web1', macs: [MAC], variables: {}, source: 'nfs' });
    const edits = [{ source: 'ftp' }, { source: null }] as const;
    expect(await service.change('web1', edits[0])).toEqual({
      done: false,
      no: 'refused',
      because: 'machine web1 says --source ftp, and ftp.port is off',
    });
    expect((await service.find('web1'))?.source).toBe('nfs');
    expect(await service.change('web1', edits[1])).toMatchObject({ done: true });
    expect(await service.find('web1')).not.toHaveProperty('source');
  });

  test('a machine is found by its name, its id and each of its MAC addresses', async () => {
    await service.add({ name: 'web1', macs: [MAC, OTHER_MAC, MAC], variables: {} });
    const machine = {
      id: 'm-000000000001',
      name: 'web1',
      macs: [MAC, OTHER_MAC],
      labels: {},
      variables: {},
      createdAtMs: 1000,
    };
    for (const reference of ['web1', 'm-000000000001', MAC, '52-54-00-99-99-99']) {
      expect(await service.find(reference), reference).toEqual(machine);
    }
    expect(await service.find('web2')).toBeUndefined();
  });

  test('a name or a MAC address of another is a conflict, and nothing is written', async () => {
    await service.add({ name: 'web1', macs: [MAC], variables: {} });
    await service.add({ name: 'web2', macs: [OTHER_MAC], variables: {} });
    const before = await service.list();
    expect(
      await service.add({ name: 'web1', macs: [parseMac('020000000001')], variables: {} }),
    ).toMatchObject({
      done: false,
      no: 'conflict',
      because: expect.stringContaining('web1'),
    });
    expect(await service.change('web2', { macs: [MAC] })).toMatchObject({
      done: false,
      no: 'conflict',
      because: expect.stringContaining(MAC),
    });
    expect(await service.list()).toEqual(before);
  });

  test('a renamed machine keeps its id', async () => {
    await service.add({ name: 'web1', macs: [MAC], variables: {} });
    expect(await service.change(MAC, { name: 'db1' })).toMatchObject({
      done: true,
      machine: { id: 'm-000000000001', name: 'db1' },
    });
    expect(await service.find('web1')).toBeUndefined();
  });

  test('variables do not grow without end, however small the changes', async () => {
    const names = Array.from({ length: MAX_VARIABLES_PER_MACHINE }, (_, index) => [`v${index}`, 'x']);
    await service.add({
      name: 'web1',
      macs: [MAC],
      variables: Object.fromEntries(names) as Record<string, string>,
    });
    expect(await service.change('web1', { variables: { one: 'more' } })).toMatchObject({
      done: false,
      no: 'refused',
    });
    expect(await service.change('web1', { variables: { one: 'more', v0: null } })).toMatchObject({
      done: true,
    });
  });

  test('labels do not grow without end, however small the changes', async () => {
    const labels = Object.fromEntries(
      Array.from({ length: MAX_LABELS }, (_, at) => [`l${at}`, 'x'] as const),
    );
    await service.add({ name: 'web1', macs: [MAC], labels, variables: {} });
    expect(await service.change('web1', { labels: { one: 'more' } })).toEqual({
      done: false,
      no: 'refused',
      because: `web1 would have more than ${MAX_LABELS} labels: take some away first`,
    });
    expect(await service.change('web1', { labels: { one: 'more', l0: null } })).toMatchObject({ done: true });
  });

  test('machines are chosen by their labels, each with its reason', async () => {
    await service.add({ name: 'web2', macs: [OTHER_MAC], labels: { rack: 'a' }, variables: {} });
    await service.add({ name: 'web1', macs: [MAC], labels: { rack: 'a', old: '' }, variables: {} });
    expect(await service.choose(parseSelector('rack=a,!old'))).toMatchObject([
      { machine: { name: 'web2' }, because: 'rack is "a", old is not set' },
    ]);
  });

  test('what is not there is not found', async () => {
    expect(await service.change('web1', {})).toMatchObject({ done: false, no: 'not found' });
    expect(await service.remove('web1')).toMatchObject({ done: false, no: 'not found' });
  });
});
