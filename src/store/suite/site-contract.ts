import { expect } from 'vitest';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import type { SiteHook, SitePower } from '../../core/site/site-contents.ts';
import { siteWrites } from '../../core/site/suite/site-writes.ts';
import type { Mirror } from '../../core/mirrors/mirror.ts';
import { parseMac } from '../../lib/addresses.ts';
import { group } from './groups-contract.ts';
import type { StoreTest } from './open-stores.ts';
import {
  AWKWARD,
  event,
  image,
  install,
  lease,
  MAC,
  machine,
  NOON,
  OTHER_MAC,
  profile,
  putInstallable,
  putSubnet,
  subnet,
} from './samples.ts';

const MIRROR: Mirror = {
  name: 'debian',
  url: 'http://deb.example/debian/',
  kind: 'debian',
  maxBytes: 2 ** 40,
  mode: 'online',
  addedAtMs: NOON,
};
const SNIPPET = { name: 'motd', text: 'hello\n' };
const OTHER = machine({ id: 'm-000000000002', name: 'web-2', macs: [OTHER_MAC] });

export function siteContract(storeTest: StoreTest): void {
  storeTest('reads all that is set up, and the installs that are not over', async (stores) => {
    await putInstallable(stores);
    await putSubnet(stores);
    await stores.groups.put(group({ profile: 'web' }));
    await stores.mirrors.add(MIRROR);
    await stores.snippets.put(SNIPPET, () => undefined);
    await stores.installs.create(install({ id: 'i-1', state: 'installed' }), event());
    await stores.installs.create(install({ id: 'i-2' }), event());
    expect(await stores.site.contents()).toEqual({
      imageNames: ['debian-12'],
      mirrors: [MIRROR],
      subnets: [subnet()],
      snippets: [SNIPPET],
      profiles: [profile()],
      groups: [group({ profile: 'web' })],
      machines: [machine()],
      policy: DEFAULT_POLICY,
      power: [],
      hooks: [],
      openInstalls: [{ id: 'i-2', machineId: machine().id, profile: 'web', state: 'requested' }],
    });
  });

  storeTest(
    'writes everything of what it read, in whichever order things refer to each other',
    async (stores, reopen) => {
      await stores.images.add(image());
      const all = siteWrites({
        mirrors: { put: [MIRROR], remove: [] },
        subnets: { put: [subnet()], remove: [] },
        snippets: { put: [SNIPPET], remove: [] },
        profiles: { put: [profile()], remove: [] },
        groups: { put: [group({ profile: 'web' })], remove: [] },
        machines: { put: [machine(), OTHER], remove: [] },
        policy: { ...DEFAULT_POLICY, unknownMachines: 'ignore' },
      });
      await stores.site.change(() => all);
      const again = await reopen();
      expect(await again.site.contents()).toEqual({
        imageNames: ['debian-12'],
        mirrors: [MIRROR],
        subnets: [subnet()],
        snippets: [SNIPPET],
        profiles: [profile()],
        groups: [group({ profile: 'web' })],
        machines: [machine(), OTHER],
        policy: all.policy,
        power: [],
        hooks: [],
        openInstalls: [],
      });
      expect(await again.machines.byMac(OTHER_MAC)).toEqual(OTHER);
      const gone = siteWrites({
        mirrors: { put: [], remove: [MIRROR] },
        subnets: { put: [], remove: [subnet()] },
        snippets: { put: [], remove: [SNIPPET] },
        profiles: { put: [], remove: [profile()] },
        groups: { put: [], remove: [group()] },
        machines: { put: [], remove: [machine(), OTHER] },
      });
      await again.site.change(() => gone);
      expect(await again.site.contents()).toMatchObject({
        mirrors: [],
        subnets: [],
        snippets: [],
        profiles: [],
        groups: [],
        machines: [],
        policy: all.policy,
      });
    },
  );

  storeTest('keeps power and hooks with their secrets, and takes them away', async (stores, reopen) => {
    await putInstallable(stores);
    await stores.events.append([event()]);
    const power: SitePower = {
      name: machine().name,
      machineId: machine().id,
      settings: { driver: 'command', argv: ['switch', AWKWARD] },
      secret: AWKWARD,
    };
    const hook: SiteHook = {
      name: 'chat',
      events: ['install.*'],
      target: { to: 'url', url: 'https://chat.example/' },
      mode: 'on',
      createdAtMs: NOON,
      secret: AWKWARD,
    };
    await stores.site.change(() =>
      siteWrites({ power: { put: [power], remove: [] }, hooks: { put: [hook], remove: [] } }),
    );
    const again = await reopen();
    expect(await again.site.contents()).toMatchObject({ power: [power], hooks: [hook] });
    expect(await again.power.secretOf(machine().id)).toBe(AWKWARD);
    expect(await again.hooks.secretOf('chat')).toBe(AWKWARD);
    const { secret: _, ...open } = { ...power, settings: { driver: 'wol', to: [], port: 9 } as const };
    await again.site.change(() => siteWrites({ power: { put: [open], remove: [] } }));
    expect(await again.site.contents()).toMatchObject({ power: [open], hooks: [hook] });
    expect(await again.power.secretOf(machine().id)).toBeUndefined();
    await again.site.change(() =>
      siteWrites({ power: { put: [], remove: [power] }, hooks: { put: [], remove: [hook] } }),
    );
    expect(await again.site.contents()).toMatchObject({ power: [], hooks: [] });
    expect(await again.hooks.secretOf('chat')).toBeUndefined();
  });

  storeTest('writes nothing where nothing is decided', async (stores) => {
    await putInstallable(stores);
    const before = await stores.site.contents();
    await stores.site.change(() => undefined);
    expect(await stores.site.contents()).toEqual(before);
  });

  storeTest(
    'keeps leases of subnets that stay, and lets two machines swap their addresses',
    async (stores) => {
      await putSubnet(stores);
      await stores.leases.claim(lease('192.168.122.100'), NOON);
      await stores.machines.put(machine());
      await stores.machines.put(OTHER);
      const [one, other] = [machine({ macs: [OTHER_MAC] }), { ...OTHER, macs: [MAC] }];
      await stores.site.change(() =>
        siteWrites({
          machines: { put: [one, other], remove: [] },
          subnets: { put: [subnet({ domainName: 'new.test' })], remove: [] },
        }),
      );
      expect(await stores.machines.byMac(MAC)).toEqual(other);
      expect(await stores.machines.byMac(OTHER_MAC)).toEqual(one);
      expect(await stores.leases.list()).toHaveLength(1);
    },
  );

  storeTest('undoes all where one thing cannot be written', async (stores) => {
    await putInstallable(stores);
    await stores.installs.create(install(), event());
    const before = await stores.site.contents();
    for (const impossible of [
      { machines: { put: [OTHER, { ...OTHER, id: 'm-000000000003' }], remove: [] } },
      { machines: { put: [OTHER], remove: [machine()] } },
      { profiles: { put: [profile({ name: 'new', image: 'none' })], remove: [] } },
      { profiles: { put: [], remove: [profile()] } },
    ])
      await expect(
        stores.site.change(() => siteWrites({ subnets: { put: [subnet()], remove: [] }, ...impossible })),
      ).rejects.toThrow('A site was decided that cannot be written');
    expect(await stores.site.contents()).toEqual(before);
    await expect(
      stores.site.change(() => {
        throw new RangeError('undecided');
      }),
    ).rejects.toThrow('undecided');
  });

  storeTest('is asked with what others wrote before, and nobody writes in between', async (stores) => {
    const seen: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        stores.site.change(({ machines }) => {
          seen.push(machines.length);
          const mac = parseMac(`5254000000${at.toString(16).padStart(2, '0')}`);
          const put = [machine({ id: `m-00000000001${at}`, name: `n${at}`, macs: [mac] })];
          return siteWrites({ machines: { put, remove: [] } });
        }),
      ),
    );
    expect(seen.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
}
