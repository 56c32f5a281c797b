import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Machine } from '../../core/machines/machine.ts';
import { parseSelector } from '../../core/machines/selector.ts';
import type { Stores } from '../../core/stores.ts';
import { parseMac } from '../../lib/addresses.ts';
import { cachedStores } from '../../store/read-cache.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { machine } from '../../store/suite/samples.ts';
import { GroupService } from './group-service.ts';

const inRack = (number: number, rack: string): Machine =>
  machine({
    id: `m-00000000000${number}`,
    name: `m${number}`,
    macs: [parseMac(`52:54:00:00:00:0${number}`)],
    labels: { rack },
  });

describe('a page of groups', () => {
  let stores: Stores;
  let service: GroupService;

  beforeEach(async () => {
    stores = cachedStores(await openEmptyStores());
    for (const rack of ['a', 'b'])
      await stores.groups.put({
        name: `rack-${rack}`,
        selector: parseSelector(`rack=${rack}`),
        priority: 0,
        arguments: '',
        variables: {},
      });
    await stores.machines.putAll(() => ({ put: [inRack(1, 'a'), inRack(2, 'b')], events: [] }));
    service = new GroupService({
      ...stores,
      hashPassword: async (password) => ({ hashed: true, hash: password }),
    });
  });
  afterEach(() => stores.close());

  const members = async () =>
    (await service.page({ limit: 10 })).groups.map(({ machines }) => machines.map(({ name }) => name));

  test('tells who is in each, also after a machine has changed or is gone', async () => {
    expect(await members()).toEqual([['m1'], ['m2']]);
    expect(await members()).toEqual([['m1'], ['m2']]);
    await stores.machines.put(inRack(2, 'a'));
    expect(await members()).toEqual([['m1', 'm2'], []]);
    await stores.machines.remove(inRack(1, 'a').id);
    expect(await members()).toEqual([['m2'], []]);
  });
});
