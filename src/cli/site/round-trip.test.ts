import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readWantedSite } from '../../api/read-wanted-site.ts';
import { siteToContract } from '../../api/site-to-contract.ts';
import { check } from '../../contract/issues.ts';
import { Site } from '../../contract/site-schemas.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { Group } from '../../core/machines/groups.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { parseSelector } from '../../core/machines/selector.ts';
import type { Subnet } from '../../core/network/subnet.ts';
import { DEFAULT_POLICY, type Policy } from '../../core/policy/policy.ts';
import { planChanges } from '../../core/site/plan-changes.ts';
import { readSite } from '../../core/site/read-site.ts';
import type { SiteContents, SiteHook, SitePower } from '../../core/site/site-contents.ts';
import { parseIpv4, parseIpv4Network, parseMac, parseUuid } from '../../lib/addresses.ts';
import { siteText } from './site-text.ts';

/** Texts that YAML takes for something else where they are not quoted, or that break out of a line. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    'no',
    'null',
    '~',
    '0o14',
    '1e3',
    '012',
    '0x1F',
    '1_000',
    '12:30:45',
    '.inf',
    'y',
    '=',
    '<<',
  ),
  fc.constantFrom(
    ' x ',
    '# x',
    '- x',
    'a: b',
    '{{ x }}',
    '*x',
    '&x',
    '!x',
    '%x',
    '@x',
    '`x',
    "'",
    '"',
    '---',
    '...',
  ),
  fc.constantFrom(
    'a\nb\n',
    'a\n\n\n',
    '\n',
    ' a\nb',
    'a\r\nb',
    '\t',
    '\u0000',
    '\u001B[31m',
    '\u0085',
    '\u2028',
    '\uFEFF',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const line = text.map((any) => any.replaceAll(/\p{Cc}/gu, ''));
const variables = fc.dictionary(
  fc.oneof(
    fc.constantFrom('root_password_hash', 'user_password_hash', 'no', 'null', 'e1', '__proto__x'),
    fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((name) => name !== '__proto__'),
  ),
  text,
  { maxKeys: 4 },
);
const labels = fc.dictionary(
  fc.constantFrom('rack', 'no', '0o14', '1e3', 'example.org/x', '012', 'null'),
  fc.constantFrom('', 'a', '3', 'no', '1e3', '0x1F'),
  { maxKeys: 3 },
);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

function present<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

const subnets = fc.array(
  fc.record({
    mode: fc.constantFrom('full', 'proxy', 'auto', 'off'),
    domainName: optional(fc.constantFrom('no', 'lab.example')),
    routers: fc.boolean(),
    reserved: fc.boolean(),
    bootp: optional(fc.constantFrom('off', 'dynamic')),
    rapidCommit: optional(fc.boolean()),
    renewalPercent: optional(fc.constantFrom(40, 62.5)),
    loader: optional(fc.constantFrom('grub', 'ipxe')),
    options: fc.boolean(),
    ports: optional(fc.boolean()),
  }),
  { maxLength: 4 },
);

const profiles = fc.array(
  fc.record({
    template: optional(text.filter((any) => any !== '')),
    arguments: line,
    variables,
    source: optional(fc.constantFrom('ftp', 'nfs')),
    memoryCheck: optional(fc.constant('off' as const)),
  }),
  { maxLength: 4 },
);

const groups = fc.array(
  fc.record({
    selector: fc.constantFrom('rack=a', 'rack in (a,b),!old', 'a!=b', 'no,null', 'x='),
    priority: fc.integer({ min: -1000, max: 1000 }),
    profile: optional(fc.constant('p0')),
    arguments: line,
    variables,
  }),
  { maxLength: 4 },
);

const machines = fc.array(
  fc.record({
    labels,
    variables,
    uuid: optional(fc.constant(parseUuid('4c4c4544-0042-3510-8056-b7c04f4e3232'))),
    loader: optional(fc.constantFrom('pxelinux', 'grub')),
    memoryMegabytes: optional(fc.integer({ min: 1, max: 1_000_000 })),
    macCount: fc.integer({ min: 0, max: 3 }),
    serial: optional(fc.constantFrom('S1', '007', '1e3')),
    port: optional(fc.constantFrom({ circuitId: 'eth0/7' }, { circuitId: '0x00ff', remoteId: 'rack1' })),
  }),
  { maxLength: 6 },
);

/** Of each machine that there is, in turn. */
const power = fc.array(
  fc.record({
    settings: fc.constantFrom<SitePower['settings']>(
      { driver: 'wol', port: 9, to: [] },
      { driver: 'wol', port: 7, to: [parseIpv4('10.0.0.255')] },
      {
        driver: 'redfish',
        url: 'https://10.0.9.1',
        user: 'no',
        trust: { by: 'fingerprint', sha256: 'a'.repeat(64) },
        login: 'auto',
        networkBoot: 'pxe',
      },
      {
        driver: 'redfish',
        url: 'http://10.0.9.1:8000',
        user: '',
        system: '1',
        trust: { by: 'nothing' },
        login: 'basic',
        networkBoot: 'http',
        bootMode: 'uefi',
      },
      {
        driver: 'ipmi',
        host: '10.0.9.1',
        port: 623,
        user: '007',
        interface: 'lanplus',
        privilege: 'operator',
        cipherSuite: 3,
        firmware: 'bios',
      },
      { driver: 'command', argv: ['switch', '', ' x ', 'no'] },
      { driver: 'webhook', url: 'http://h/power' },
    ),
    hasSecret: fc.boolean(),
  }),
  { maxLength: 6 },
);

const hooks = fc.array(
  fc.record({
    events: fc.constantFrom(['*'], ['install.*', 'power.failed']),
    machines: optional(fc.constantFrom('rack=a', 'no,null')),
    target: fc.constantFrom<SiteHook['target']>(
      { to: 'url', url: 'http://h/hook' },
      { to: 'command', argv: ['say', '', '- x'] },
    ),
    mode: fc.constantFrom('on' as const, 'off' as const),
    hasSecret: fc.boolean(),
  }),
  { maxLength: 3 },
);

const policy = fc
  .record({
    unknownMachines: fc.constantFrom('menu', 'ignore'),
    authoritative: fc.boolean(),
    title: line.filter((any) => any !== ''),
    images: fc.constantFrom('all' as const, ['i'], []),
  })
  .map(
    ({ title, images, ...rest }): Policy => ({
      ...DEFAULT_POLICY,
      ...rest,
      menu: { ...DEFAULT_POLICY.menu, title, images },
    }),
  );

const site = fc
  .record({
    subnets,
    snippets: fc.array(text, { maxLength: 3 }),
    profiles,
    groups,
    machines,
    power,
    hooks,
    policy,
    mirrored: fc.boolean(),
  })
  .map(
    (drafts): SiteContents => ({
      imageNames: ['i'],
      mirrors: drafts.mirrored
        ? [{ name: 'm', url: 'http://u:p@h/', kind: 'any', maxBytes: 1e9, mode: 'offline', addedAtMs: 1 }]
        : [],
      subnets: drafts.subnets.map((draft, at): Subnet => {
        const { routers, reserved, options, ports, ...rest } = draft;
        const address = (host: number) => parseIpv4(`10.0.${at}.${host}`);
        return present({
          ...rest,
          name: `s${at}`,
          network: parseIpv4Network(`10.0.${at}.0/24`),
          ranges: [],
          reservations: reserved ? [{ mac: parseMac('020000000001'), address: address(9) }] : [],
          routers: routers ? [address(1)] : [],
          dnsServers: [],
          defaultLeaseSeconds: 600,
          maxLeaseSeconds: 1200,
          options: options ? [{ code: 42, text: '10.0.0.1', hex: '0a000001' }] : [],
          portReservations:
            ports === undefined ? undefined : ports ? [{ circuitId: 'eth0/7', address: address(8) }] : [],
        }) as Subnet;
      }),
      snippets: drafts.snippets.map((one, at) => ({ name: `t${at}`, text: one.replaceAll(/[{%}]/g, '') })),
      profiles: drafts.profiles.map(
        (draft, at) => present({ name: `p${at}`, image: 'i', ...draft }) as Profile,
      ),
      groups: drafts.groups.map(({ selector, profile, ...draft }, at) => {
        const known = drafts.profiles.length > 0 ? profile : undefined;
        return present({
          ...draft,
          name: `g${at}`,
          selector: parseSelector(selector),
          profile: known,
        }) as Group;
      }),
      machines: drafts.machines.map(({ macCount, ...draft }, at) => {
        const isKnown = draft.serial !== undefined || draft.port !== undefined;
        const mac = (position: number) => parseMac(`52540000${at.toString(16).padStart(2, '0')}0${position}`);
        const macs = Array.from({ length: isKnown ? macCount : Math.max(1, macCount) }, (_, position) =>
          mac(position),
        );
        return present({
          id: `m-00000000000${at}`,
          name: `n${at}`,
          createdAtMs: 1,
          macs,
          ...draft,
        }) as Machine;
      }),
      power: drafts.power.slice(0, drafts.machines.length).map(({ settings, hasSecret }, at) => ({
        name: `n${at}`,
        machineId: `m-00000000000${at}`,
        settings,
        ...secretFor(settings.driver, hasSecret),
      })),
      hooks: drafts.hooks.map(
        ({ hasSecret, ...draft }, at) =>
          present({
            name: `h${at}`,
            createdAtMs: 1,
            ...draft,
            ...secretFor(draft.target.to, hasSecret),
          }) as SiteHook,
      ),
      policy: drafts.policy,
      openInstalls: [],
    }),
  );

/** What no site may hold, in whichever form it is written. */
const SECRET = '11:22:33:44:55:66';

function secretFor(what: string, hasSecret: boolean): { readonly secret?: string } {
  const isNeeded = ['redfish', 'ipmi', 'webhook', 'url'].includes(what);
  return isNeeded || hasSecret ? { secret: SECRET } : {};
}

for (const secrets of ['with', 'without'] as const) {
  test(`what is exported ${secrets} secrets is read as it was, and changes nothing where it came from`, () => {
    fc.assert(
      fc.property(site, (contents) => {
        const written = siteText(exportedOf(contents, secrets));
        expect(written).not.toContain(SECRET);
        expect(siteText(exportedOf(contents, secrets))).toBe(written);
        const read = readSite([{ file: 'site.yaml', text: written }]);
        if (!read.read) throw new Error(`${JSON.stringify(read.faults)} of\n${written}`);
        const { wanted, faults } = readWantedSite(parsed(read.site));
        const plan = planChanges(contents, wanted, {
          others: 'go',
          machineIds: [],
          nowMs: 2,
          rules: { policy: () => undefined, source: () => undefined, hook: () => undefined },
        });
        expect([...faults, ...plan.faults]).toEqual([]);
        expect(plan.changes).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
}

test('what is exported with secrets makes the same where nothing is yet', () => {
  fc.assert(
    fc.property(site, (contents) => {
      const read = readSite([{ file: 'site.yaml', text: siteText(exportedOf(contents, 'with')) }]);
      if (!read.read) throw new Error(JSON.stringify(read.faults));
      const { power, hooks } = contents;
      const withKeys = new Set([...power, ...hooks].filter(({ secret }) => secret !== undefined));
      const empty = {
        power: [],
        hooks: [],
        snippets: [],
        mirrors: [],
        subnets: [],
        profiles: [],
        groups: [],
        machines: [],
        openInstalls: [],
      };
      const { writes, faults } = planChanges(
        { ...empty, imageNames: ['i'], policy: DEFAULT_POLICY },
        readWantedSite(parsed(read.site)).wanted,
        {
          others: 'stay',
          machineIds: contents.machines.map(({ id }) => id),
          nowMs: 1,
          rules: { policy: () => undefined, source: () => undefined, hook: () => undefined },
        },
      );
      const { mirrors, subnets, snippets, profiles, groups, machines } = contents;
      const put = (list: readonly unknown[]) => ({ put: list, remove: [] });
      expect(writes).toMatchObject({
        mirrors: put(mirrors),
        subnets: put(subnets),
        snippets: put(snippets),
        profiles: put(profiles),
        groups: put(groups),
        machines: put(machines),
      });
      // What is not carried is missing, each by itself, and nothing else is.
      expect(faults).toHaveLength(withKeys.size);
      for (const { path, because } of faults) {
        expect(path).toMatch(/^(?:power|hooks)\[\d\]\.secret$/);
        expect(because).toMatch(/^no secret is kept for /);
      }
    }),
    { numRuns: 50 },
  );
});

function exportedOf(contents: SiteContents, secrets: 'with' | 'without') {
  return parsed(siteToContract(contents, secrets));
}

function parsed(value: unknown) {
  const checked = check(Site, value);
  if (!checked.fits) throw new Error(JSON.stringify(checked.issues));
  return checked.value;
}
