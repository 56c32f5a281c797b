import { describe, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import type { Machine } from '../machines/machine.ts';
import { DEFAULT_POLICY } from '../policy/policy.ts';
import { type PlanSurroundings, planChanges, type SitePlan } from './plan-changes.ts';
import type { SiteContents, WantedMachine, WantedSite } from './site-contents.ts';

const { id: ID, createdAtMs: CREATED, ...WANTED }: Machine = machine('web-1', '525400000001');
const CONTENTS: SiteContents = {
  imageNames: ['debian-12'],
  mirrors: [{ name: 'm', url: 'http://u:p@h/', kind: 'any', maxBytes: 1e9, mode: 'online', addedAtMs: 5 }],
  subnets: [],
  snippets: [{ name: 'motd', text: 'hello' }],
  profiles: [{ name: 'web', image: 'debian-12', arguments: '', variables: { root_password_hash: '$6$a$b' } }],
  groups: [],
  machines: [machine('web-1', '525400000001'), machine('web-2', '525400000002')],
  policy: DEFAULT_POLICY,
  power: [],
  hooks: [],
  openInstalls: [],
};

function machine(name: string, mac: string, change: Partial<Machine> = {}): Machine {
  return {
    id: `m-${mac}`,
    name,
    macs: [parseMac(mac)],
    labels: {},
    variables: {},
    createdAtMs: 7,
    ...change,
  };
}

function plan(wanted: WantedSite, change: Partial<PlanSurroundings> = {}, contents = CONTENTS): SitePlan {
  return planChanges(contents, wanted, {
    others: 'stay',
    machineIds: ['m-new0', 'm-new1'],
    nowMs: 9,
    rules: { policy: () => undefined, source: () => undefined, hook: () => undefined },
    ...change,
  });
}

function told({ changes }: SitePlan): readonly string[] {
  return changes.map(({ kind, difference }) => {
    const thing = difference.change === 'remove' ? difference.before : difference.after;
    const fields = difference.change === 'change' ? `: ${difference.fields.join(', ')}` : '';
    return `${difference.change} ${kind} ${'name' in thing ? thing.name : ''}${fields}`;
  });
}

describe('what differs', () => {
  const profile = { name: 'web', image: 'debian-12', arguments: '', variables: {} };
  const mirror = { name: 'm', url: 'http://h/', kind: 'any', maxBytes: 1e9, mode: 'online' } as const;
  for (const [title, wanted, others, expected, unchanged] of [
    ['is nothing where nothing is said', {}, 'go', [], 0],
    ['is nothing where all is as it was', { machines: [WANTED] }, 'stay', [], 1],
    [
      'is told by its fields',
      { machines: [{ ...WANTED, labels: { a: 'b' }, loader: 'grub' }] },
      'stay',
      ['change machine web-1: labels, loader'],
      0,
    ],
    [
      'is an order of what comes after another',
      { machines: [{ ...WANTED, macs: [parseMac('525400000009'), ...WANTED.macs] }] },
      'stay',
      ['change machine web-1: macs'],
      0,
    ],
    [
      'is what is new and what goes, by name',
      { machines: [{ ...WANTED, name: 'a', macs: [parseMac('525400000009')] }] },
      'go',
      ['add machine a', 'remove machine web-1', 'remove machine web-2'],
      0,
    ],
    ['is only in sections that are there', { profiles: [] }, 'go', ['remove profile web'], 0],
    ['is no secret that is not spoken of', { profiles: [profile], mirrors: [mirror] }, 'stay', [], 2],
    [
      'is a secret that is said to be none',
      { profiles: [{ ...profile, variables: { root_password_hash: '' } }] },
      'stay',
      ['change profile web: variables'],
      0,
    ],
    [
      'is the policy',
      { policy: (before) => ({ ...before, authoritative: true }) },
      'stay',
      ['change policy : authoritative'],
      0,
    ],
    ['is not the policy that is as it was', { policy: (before) => ({ ...before }) }, 'stay', [], 1],
  ] as readonly (readonly [string, WantedSite, 'go' | 'stay', readonly string[], number])[]) {
    test(title, () => {
      const planned = plan(wanted, { others });
      expect(planned.faults).toEqual([]);
      expect(told(planned)).toEqual(expected);
      expect(planned.unchanged).toBe(unchanged);
    });
  }
});

describe('what is written', () => {
  test('keeps the id and the age of a machine, and its secrets', () => {
    const variables = { user_password_hash: '$6$x$y' };
    const before = { ...CONTENTS, machines: [machine('web-1', '525400000001', { variables })] };
    const wanted: WantedMachine = { ...WANTED, variables: { disk: 'sda' } };
    expect(plan({ machines: [wanted] }, {}, before).writes.machines.put).toEqual([
      { ...wanted, id: ID, createdAtMs: CREATED, variables: { disk: 'sda', ...variables } },
    ]);
  });

  test('gives a new machine the id and the time that are handed in', () => {
    const added = { ...WANTED, name: 'new', macs: [parseMac('525400000009')] };
    expect(plan({ machines: [WANTED, added] }).writes.machines.put).toEqual([
      { ...added, id: 'm-new1', createdAtMs: 9 },
    ]);
  });

  test('keeps the MAC address that a machine was met with', () => {
    const known = { serial: 'S1' };
    const before = { ...CONTENTS, machines: [machine('web-1', '525400000001', known)] };
    const planned = plan({ machines: [{ ...WANTED, ...known, macs: [] }] }, {}, before);
    expect([planned.faults, planned.changes]).toEqual([[], []]);
  });

  test('is nothing of what is as it was', () => {
    const { writes } = plan({ machines: [WANTED], policy: (before) => before });
    expect(writes.machines).toEqual({ put: [], remove: [] });
    expect(writes).not.toHaveProperty('policy');
  });
});

describe('what stands in the way', () => {
  const group = { selector: [{ is: 'there', key: 'x' }], priority: 0, arguments: '', variables: {} } as const;
  const taken = machine('x', '525400000002');
  for (const [title, wanted, others, expected] of [
    [
      'a MAC address of a machine that stays',
      { machines: [{ ...WANTED, macs: taken.macs }] },
      'stay',
      [
        'machines[0].macs[0]: the MAC address 52:54:00:00:00:02 belongs to machine "web-2": if that is web-1, muster machine set web-2 --name web-1 renames it',
      ],
    ],
    ['not one of a machine that goes', { machines: [{ ...WANTED, macs: taken.macs }] }, 'go', []],
    [
      'not addresses that two machines swap',
      {
        machines: [
          { ...WANTED, macs: taken.macs },
          { ...WANTED, name: 'web-2' },
        ],
      },
      'stay',
      [],
    ],
    [
      'a password as it is',
      { machines: [{ ...WANTED, variables: { root_password: 'x' } }] },
      'stay',
      [
        'machines[0].variables.root_password: a site holds no password as it is: give root_password_hash, as muster password hash prints it',
      ],
    ],
    [
      'a snippet that a template includes',
      {
        snippets: [],
        profiles: [
          { name: 'web', image: 'debian-12', template: '{% include "motd" %}', arguments: '', variables: {} },
        ],
      },
      'go',
      ['snippets: snippet "motd" cannot go: the template of profile web includes it: change that first'],
    ],
    [
      'snippets that include each other',
      {
        snippets: [
          { name: 'motd', text: '{% include "b" %}' },
          { name: 'b', text: '{% include "motd" %}' },
        ],
      },
      'stay',
      [expect.stringMatching(/^snippets\[0\]: /), expect.stringMatching(/^snippets\[1\]: /)],
    ],
    [
      'one address that stands twice',
      { machines: [{ ...WANTED, macs: [...WANTED.macs, ...WANTED.macs] }] },
      'stay',
      ['machines[0].macs[1]: the MAC address 52:54:00:00:00:01 stands twice: keep one'],
    ],
    [
      'nothing to know a machine by',
      { machines: [{ ...WANTED, name: 'new', macs: [] }] },
      'stay',
      [expect.stringMatching(/^machines\[0\]: machine new has nothing to be known by/)],
    ],
    [
      'an image that is not there',
      { images: ['x'] },
      'stay',
      ['images[0]: there is no image "x": muster image add adds it, which a site file cannot'],
    ],
    [
      'not a profile that comes with the group',
      {
        groups: [{ ...group, name: 'g', profile: 'new' }],
        profiles: [{ name: 'new', image: 'debian-12', arguments: '', variables: {} }],
      },
      'stay',
      [],
    ],
    [
      'a profile that goes while the group stays',
      { groups: [{ ...group, name: 'g', profile: 'web' }], profiles: [] },
      'go',
      [
        'profiles: profile "web" cannot go: group g names it: give that another profile first',
        'groups[0].profile: there is no profile "web"',
      ],
    ],
    [
      'another place for a mirror that keeps files',
      { mirrors: [{ name: 'm', url: 'http://x/', kind: 'rpm', maxBytes: 1e9, mode: 'online' }] },
      'stay',
      [
        expect.stringMatching(/^mirrors\[0\]\.url: what is kept/),
        expect.stringMatching(/^mirrors\[0\]\.kind: what is kept/),
      ],
    ],
    [
      'a name that stands twice',
      { machines: [WANTED, WANTED] },
      'stay',
      ['machines[1].name: "web-1" stands twice: keep one'],
    ],
  ] as readonly (readonly [string, WantedSite, 'go' | 'stay', readonly string[]])[]) {
    test(`is ${title}`, () => {
      const faults = plan(wanted, { others }).faults.map(({ path, because }) => `${path}: ${because}`);
      expect(faults).toHaveLength(expected.length);
      expect(faults).toEqual(expect.arrayContaining([...expected]));
    });
  }

  test('is an open install of a machine and a profile that would go', () => {
    const openInstalls = [{ id: 'i-1', machineId: ID, profile: 'web', state: 'booting' }] as const;
    const planned = plan({ machines: [], profiles: [] }, { others: 'go' }, { ...CONTENTS, openInstalls });
    expect(planned.faults).toEqual([
      {
        path: 'machines',
        because: 'machine "web-1" cannot go: its install i-1 is booting: cancel that first',
      },
      {
        path: 'profiles',
        because: 'profile "web" cannot go: install i-1 is booting with it: cancel that first',
      },
    ]);
  });
});
