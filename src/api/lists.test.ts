import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseMac } from '../lib/addresses.ts';
import { EVENTS_LOOKED_THROUGH } from './event-handlers.ts';
import { type ApiWorld, openApiWorld, START_MS } from './suite/api-world.ts';

/** Lists that can be long, page by page, over a real database. */

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
  for (const [at, name] of ['web3', 'web1', 'db1', 'web2'].entries()) {
    const labels = { kind: name.slice(0, -1) };
    await post('/machines', { name, macs: [`52540000000${at}`], serial: `S${at}`, labels });
    world.later(1);
  }
  await post('/images', { folder: world.tree, name: 'centos' });
  await ask('PUT', '/profiles/plain', { image: 'centos' });
  await ask('PUT', '/profiles/other', { image: 'centos' });
  for (const machine of ['web1', 'web2', 'db1'])
    await post('/installs', { machine, profile: machine === 'db1' ? 'other' : 'plain' });
  const [newest] = await world.needs.installs.list({ limit: 1 });
  await world.needs.installs.cancel(newest!.id);
  await world.needs.events.settled();
});
afterAll(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

async function ask(method: 'GET' | 'POST' | 'PUT', path: string, payload?: object) {
  const headers = { host: 'localhost' };
  const options = { method, url: `/api/v1${path}`, headers, ...(payload ? { payload } : {}) };
  const response = await world.api.inject(options);
  return { status: response.statusCode, body: response.json<Page>() };
}

async function post(path: string, payload: object): Promise<void> {
  expect((await ask('POST', path, payload)).status).toBeLessThan(300);
}

interface Page {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next?: string | number;
  readonly total?: number;
  readonly detail?: string;
}

/** All of it, however many pages that takes. */
async function pages(path: string, place: 'after' | 'before' = 'after'): Promise<readonly Page[]> {
  const found: Page[] = [];
  let next: Page['next'];
  do {
    const { status, body } = await ask('GET', `${path}${next === undefined ? '' : `&${place}=${next}`}`);
    expect(status, body.detail).toBe(200);
    found.push(body);
    next = body.next;
  } while (next !== undefined);
  return found;
}

describe('machines', () => {
  for (const [query, names] of [
    ['', ['db1', 'web1', 'web2', 'web3']],
    ['limit=3', ['db1', 'web1', 'web2', 'web3']],
    ['limit=1&sort=-name', ['web3', 'web2', 'web1', 'db1']],
    ['limit=2&sort=created', ['web3', 'web1', 'db1', 'web2']],
    ['limit=2&sort=-created&selector=kind%3Dweb', ['web2', 'web1', 'web3']],
    ['limit=2&q=WEB', ['web1', 'web2', 'web3']],
    ['limit=2&q=00:00:02', ['db1']],
    ['q=s3', ['web2']],
    ['state=requested&limit=1', ['web1', 'web2']],
    ['state=none', ['web3']],
    ['sort=state&limit=1', ['db1', 'web3', 'web1', 'web2']],
    ['sort=-state&limit=3', ['web2', 'web1', 'web3', 'db1']],
    ['q=web 00:00:03', ['web2']],
    ['state=cancelled&q=web', []],
    ['selector=', []],
  ] as const) {
    test(`?${query} are ${names.join(', ') || 'none'}`, async () => {
      const found = await pages(`/machines?${query}`);
      expect(found.flatMap(({ items }) => items.map(({ name }) => name))).toEqual(names);
      const limit = /limit=(\d)/.exec(query)?.[1];
      expect(found).toHaveLength(
        limit === undefined ? 1 : Math.max(1, Math.ceil(names.length / Number(limit))),
      );
      for (const { total } of found) expect(total).toBe(limit === undefined ? undefined : names.length);
    });
  }

  for (const [query, detail] of [
    ['limit=0', /limit: "0" is there, and a whole number from 1 to 1000/],
    ['limit=1001', /from 1 to 1000/],
    ['after=nonsense', /after: "nonsense" is not the next of a page/],
    ['sort=mac', /sort/],
    ['state=asleep', /state/],
    [`q=${'x'.repeat(201)}`, /q: .*at most 200/],
    ['selector=a%3D%3D%3Db', /selector: /],
  ] as const) {
    test(`?${query.slice(0, 40)} is refused`, async () => {
      const { status, body } = await ask('GET', `/machines?${query}`);
      expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)]);
    });
  }

  test('each comes with its newest install', async () => {
    const { body } = await ask('GET', '/machines');
    const installs = body.items.map(({ name, install }) => [name, install]);
    expect(installs).toEqual([
      ['db1', expect.objectContaining({ profile: 'other', state: 'cancelled' })],
      ['web1', expect.objectContaining({ profile: 'plain', state: 'requested' })],
      ['web2', expect.objectContaining({ profile: 'plain', state: 'requested' })],
      ['web3', undefined],
    ]);
  });

  test('the next of a page in one order is none in another', async () => {
    const { body } = await ask('GET', '/machines?limit=1&sort=created');
    const other = await ask('GET', `/machines?limit=1&sort=-created&after=${body.next}`);
    expect([other.status, other.body.detail]).toEqual([
      400,
      expect.stringMatching(/not the next of a page in this/),
    ]);
  });
});

describe('installs', () => {
  for (const [query, machines] of [
    ['limit=2', ['db1', 'web2', 'web1']],
    ['limit=1&profile=plain', ['web2', 'web1']],
    ['state=cancelled', ['db1']],
    ['machine=web1&state=cancelled', []],
    ['machine=web1', ['web1']],
  ] as const) {
    test(`?${query} are those of ${machines.join(', ') || 'none'}`, async () => {
      const found = await pages(`/installs?${query}`);
      expect(found.flatMap(({ items }) => items.map(({ machine }) => machine))).toEqual(machines);
    });
  }

  test('a place that is none is refused', async () => {
    const { status, body } = await ask('GET', '/installs?after=x');
    expect([status, body.detail]).toEqual([
      400,
      expect.stringMatching(/after: "x" is not the next of a page/),
    ]);
  });
});

test('groups come in pages, with their machines', async () => {
  for (const name of ['odd', 'databases', 'webs'])
    await ask('PUT', `/groups/${name}`, {
      selector: name === 'webs' ? 'kind=web' : `kind=${name.slice(0, 2)}`,
    });
  const found = await pages('/groups?limit=2');
  expect(found.map(({ items }) => items.map(({ name, machines }) => [name, machines]))).toEqual([
    [
      ['databases', []],
      ['odd', []],
    ],
    [['webs', ['web1', 'web2', 'web3']]],
  ]);
});

test('leases come in pages', async () => {
  await ask('PUT', '/subnets/lab', { network: '192.168.122.0/24' });
  for (const last of [3, 1, 2]) {
    const address = `192.168.122.${last}` as never;
    const times = { startedAtMs: 0, expiresAtMs: START_MS };
    const mac = parseMac('52:54:00:00:00:01');
    const claim = { address, subnet: 'lab', clientKey: `c${last}`, mac, state: 'held', ...times } as const;
    await world.stores.leases.claim(claim, 0);
  }
  const found = await pages('/leases?limit=2&subnet=lab');
  const shown = found.map(({ items }) => items.map(({ address, machine }) => [address, machine]));
  expect(shown).toEqual([
    [
      ['192.168.122.1', 'web1'],
      ['192.168.122.2', 'web1'],
    ],
    [['192.168.122.3', 'web1']],
  ]);
});

describe('events', () => {
  const counts = (found: readonly Page[]) =>
    found.flatMap(({ items }) => items.map(({ id }) => id as number));

  test('go back by pages, and forth', async () => {
    const all = counts([(await ask('GET', '/events?limit=1000')).body]);
    expect(all.length).toBeGreaterThan(3);
    const back = await pages('/events?limit=2', 'before');
    expect(back.flatMap(({ items }) => items.map(({ id }) => id).toReversed())).toEqual(all.toReversed());
    const { body } = await ask('GET', `/events?limit=2&after=${all[0]}`);
    expect([counts([body]), body.next]).toEqual([all.slice(1, 3), all[2]]);
  });

  for (const [query, texts] of [
    ['kind=install.cancelled', [/db1|cancel/]],
    ['kind=install.requested&selector=kind%3Dweb', [/./, /./]],
    ['kind=install.*&selector=kind%3Dnothing', []],
    ['q=CANCEL', [/cancel/i]],
    ['machine=db1&kind=install.cancelled', [/./]],
    ['machine=web1&kind=install.cancelled', []],
  ] as const) {
    test(`?${query} are ${texts.length}`, async () => {
      const { body } = await ask('GET', `/events?${query}`);
      expect(body.items.map(({ text }) => text)).toEqual(
        texts.map((text) => expect.stringMatching(text) as string),
      );
      expect(body.next).toBeUndefined();
    });
  }

  for (const [query, detail] of [
    ['kind=nonsense', /kind: "nonsense" fits no kind of event/],
    ['selector=%28', /selector: /],
    ['after=1&before=3', /before: after is there too/],
  ] as const) {
    test(`?${query} is refused`, async () => {
      const { status, body } = await ask('GET', `/events?${query}`);
      expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)]);
    });
  }

  test('of many, only a part is looked through for one page, which says where to look on', async () => {
    const many = Array.from({ length: EVENTS_LOOKED_THROUGH + 10 }, (_, at) => ({
      atMs: at,
      kind: 'dhcp.silent' as const,
      text: 'much',
    }));
    await world.stores.events.append(many);
    for (const [path, place] of [
      ['/events?kind=install.cancelled', 'before'],
      ['/events?kind=install.cancelled&after=0', 'after'],
    ] as const) {
      const found = place === 'after' ? await forth(path) : await pages(path, place);
      expect(
        found.map(({ items }) => items.length),
        path,
      ).toEqual(place === 'after' ? [1, 0] : [0, 1]);
    }
  });

  /** The first page has its place already. */
  async function forth(path: string): Promise<readonly Page[]> {
    const first = (await ask('GET', path)).body;
    const second = (await ask('GET', path.replace(/after=\d+/, `after=${first.next}`))).body;
    expect(second.next).toBeUndefined();
    return [first, second];
  }
});

describe('waves', () => {
  beforeAll(async () => {
    for (const name of ['first', 'second', 'third']) {
      await post('/waves', { name, profile: 'plain', machines: ['web3'] });
      if (name !== 'third') await post(`/waves/${name}/cancel`, { underWay: 'goes on' });
      world.later(1);
    }
  });

  for (const [query, names] of [
    ['limit=2', ['third', 'second', 'first']],
    ['limit=1', ['third', 'second', 'first']],
    ['limit=1&state=cancelled', ['second', 'first']],
    ['limit=3&state=running', ['third']],
    ['state=done', []],
  ] as const) {
    test(`?${query} are ${names.join(', ') || 'none'}`, async () => {
      const found = await pages(`/waves?${query}`);
      expect(found.flatMap(({ items }) => items.map(({ name }) => name))).toEqual(names);
      const limit = Number(/limit=(\d)/.exec(query)?.[1] ?? 100);
      expect(found).toHaveLength(Math.max(1, Math.ceil(names.length / limit)));
    });
  }

  for (const [query, detail] of [
    ['after=x', /after: "x" is not the next of a page/],
    ['state=asleep', /state/],
    ['limit=1001', /from 1 to 1000/],
  ] as const) {
    test(`?${query} is refused`, async () => {
      const { status, body } = await ask('GET', `/waves?${query}`);
      expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)]);
    });
  }
});
