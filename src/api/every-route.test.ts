import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { hashLoginPassword } from '../services/people/login-password.ts';
import { hashOfSecret } from '../services/people/secrets.ts';
import { API_PREFIX, fillPath, ROUTE_NAMES, type RouteName, ROUTES } from '../contract/routes.ts';
import { type RouteRow } from '../contract/route-row.ts';
import { parseIpv4, parseMac } from '../lib/addresses.ts';
import type { PlainRouteName } from './handler.ts';
import { type ApiWorld, openApiWorld, START_MS } from './suite/api-world.ts';

/**
 * A day with Muster: every row is asked once with good input, in the order of this table, and answers what it
 * says. A row without a line here does not compile.
 */

interface Asked<Name extends RouteName> {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly input?: z.input<(typeof ROUTES)[Name]['input']>;
  readonly answers: unknown;
}

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
});
afterAll(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

const MAC = '52:54:00:12:34:56';
const AT = new Date(START_MS).toISOString();

const SUBNET = {
  name: 'lab',
  network: '192.168.122.0/24',
  mode: 'full',
  ranges: [{ first: '192.168.122.100', last: '192.168.122.200' }],
  reservations: [{ mac: MAC, address: '192.168.122.10', hostname: 'web1' }],
  routers: ['192.168.122.1'],
  dnsServers: [],
  domainName: 'lab.example',
  defaultLeaseSeconds: 21_600,
  maxLeaseSeconds: 43_200,
  bootFile: 'pxelinux.0',
  options: [{ option: 'ntp-servers', value: '192.168.122.1' }],
  sharedNetwork: 'hall',
  identity: 'relay-port' as const,
  bootp: 'dynamic' as const,
  rapidCommit: true,
  conflictProbe: false,
  minLeaseSeconds: 90,
  renewalPercent: 40,
  rebindingPercent: 87.5,
  portReservations: [
    { circuitId: 'eth0/7', remoteId: '0x00ff', address: '192.168.122.11', hostname: 'web2' },
  ],
};
const LEASE = {
  address: '192.168.122.10',
  subnet: 'lab',
  state: 'held',
  mac: MAC,
  machine: 'web01',
  hostname: 'evil\u001b[31m',
  clientKey: 'key',
  startedAt: AT,
  expiresAt: new Date(START_MS + 60_000).toISOString(),
};
const MACHINE = {
  id: 'm-000000000001',
  name: 'web1',
  macs: [MAC, '52:54:00:12:34:57'],
  uuid: '4c4c4544-0044-4810-8031-b4c04f564231',
  serial: '7CX00',
  assetTag: 'T-7',
  port: { circuitId: 'eth0/7', remoteId: '0x00ff' },
  labels: { rack: 'b2' },
  variables: { rack: '3' },
  createdAt: AT,
};
const HOOK = {
  name: 'chat',
  events: ['install.*'],
  argv: ['say', 'hello'],
  mode: 'on',
  secret: 'none',
  createdAt: AT,
};
const CHANGED_HOOK = {
  ...HOOK,
  events: ['install.finished'],
  machines: 'rack=b2',
  mode: 'off',
  secret: 'kept',
};
const POWER = {
  machine: 'web01',
  settings: { driver: 'command', argv: ['switch'] },
  secret: 'kept',
  setAt: AT,
};
const CHANGED = { ...MACHINE, name: 'web01', labels: { rack: 'b2', role: 'db' }, variables: { role: 'db' } };
const SPLIT = {
  id: expect.stringMatching(/^m-/) as string,
  name: 'web02',
  macs: ['52:54:00:12:34:57'],
  labels: {},
  variables: {},
  createdAt: AT,
};
const MERGED = { machine: CHANGED, lost: [] };
const { id: _id, createdAt: _createdAt, ...SITE_MACHINE } = CHANGED;
const IMAGE = {
  name: 'centos-7',
  family: 'rhel',
  title: 'CentOS 7',
  release: '7',
  architecture: 'x86_64',
  kernel: 'images/pxeboot/vmlinuz',
  initrds: ['images/pxeboot/initrd.img'],
  answerKind: 'kickstart',
  addedAt: AT,
};
const MIRROR = {
  name: 'debian',
  url: 'http://127.0.0.1:9/debian/',
  path: '/mirrors/debian/',
  kind: 'any',
  maxBytes: 2 ** 30,
  mode: 'online',
  addedAt: AT,
  files: 0,
  bytes: 0,
  unverifiedFiles: 0,
  fetching: 0,
  unreadable: [],
  requests: {},
  unverified: 0,
  mismatches: 0,
  sentBytes: 0,
  fetchedBytes: 0,
};
const SNIPPET = { name: 'users', text: 'user --name=a\n' };
const PROFILE = {
  name: 'plain',
  image: 'centos-7',
  template: 'url --url={{ urls.tree }}\n# {{ machine.name }} {{ role }} {{ urls.report }}\n',
  arguments: 'console=ttyS0',
  variables: { role: 'web' },
};
const GROUP = {
  name: 'rack-b',
  selector: 'rack=b2',
  priority: 3,
  profile: 'plain',
  arguments: 'quiet',
  variables: { domain: 'b.example', role: 'lost', root_password_hash: '$6$salt$hash' },
};
const WITH_MACHINES = { ...GROUP, machines: ['web01'] };
const INSTALL = {
  id: 'i-000000000002',
  machine: 'web01',
  machineId: MACHINE.id,
  profile: 'plain',
  state: 'requested',
  attempt: 1,
  attempts: 2,
  requestedAt: AT,
  changedAt: AT,
  expiresAt: new Date(START_MS + 24 * 3_600_000).toISOString(),
};
const { expiresAt: _ends, ...CANCELLED } = { ...INSTALL, state: 'cancelled', cause: 'cancelled' };
const REQUESTED = {
  id: 3,
  at: AT,
  kind: 'install.requested',
  text: 'Install i-000000000002 of profile plain is armed for web01',
  machineId: MACHINE.id,
  machine: 'web01',
  installId: INSTALL.id,
  data: { attempt: 1, attempts: 2 },
};
const POLICY = {
  unknownMachines: 'menu',
  enrol: { maximum: 100, rules: [] },
  discovery: { image: 'auto' },
  tools: { arguments: '' },
  authoritative: false,
  newClients: { burst: 16_384, perSecond: 100 },
  menu: { title: 'Muster', timeoutSeconds: 10, images: 'all', default: 'local' },
  installs: { attempts: 2, expireHours: 24, bootMinutes: 60, quietMinutes: 90, totalMinutes: 480 },
};

const MEMBER = { machine: 'web01', machineId: MACHINE.id, state: 'waiting' };
const WAVE = {
  name: 'line',
  profile: 'plain',
  state: 'running',
  budget: { machines: 2 },
  jitterSeconds: 10,
  power: 'none',
  counts: { waiting: 1, started: 0, installed: 0, failed: 0, cancelled: 0 },
  createdAt: AT,
  changedAt: AT,
  members: [MEMBER],
};

const ARRIVAL = {
  name: 'x',
  way: 'upload',
  state: 'under way',
  fileName: 'x.iso',
  here: 0,
  bytes: 5,
  startedAt: AT,
};

const PASSWORD = 'correct horse battery';
const USER = { name: 'anna', role: 'viewer', state: 'active', password: 'none', createdAt: AT };
const OPERATOR = { ...USER, role: 'operator' };
const TOKEN_ID = 't-00000000000a';
const TOKEN = {
  id: TOKEN_ID,
  user: 'anna',
  title: 'ci',
  role: 'operator',
  only: ['machines'],
  createdAt: AT,
  expiresAt: new Date(START_MS + 60_000).toISOString(),
};
const AUDITED = {
  id: expect.any(Number) as number,
  at: AT,
  who: 'anybody',
  by: 'nothing',
  address: '127.0.0.1',
  status: 200,
};

const DAY: { readonly [Name in PlainRouteName]: Asked<Name> } = {
  putSubnet: { params: { name: 'lab' }, input: { ...SUBNET, mode: 'full' }, answers: SUBNET },
  getSubnet: { params: { name: 'lab' }, answers: SUBNET },
  listSubnets: { answers: { items: [SUBNET] } },
  addMachine: {
    input: {
      name: 'web1',
      macs: ['525400123456', '525400123457'],
      uuid: MACHINE.uuid.toUpperCase(),
      serial: ' 7CX00 ',
      assetTag: 'T-7',
      port: { circuitId: '0x657468302f37', remoteId: '0x00FF' },
      labels: { rack: 'b2' },
      variables: { rack: '3' },
    },
    answers: MACHINE,
  },
  getMachine: { params: { machine: '52-54-00-12-34-56' }, answers: MACHINE },
  changeMachine: {
    params: { machine: 'web1' },
    input: { name: 'web01', labels: { role: 'db' }, variables: { rack: null, role: 'db' } },
    answers: CHANGED,
  },
  listMachines: { query: { selector: 'rack in (a1,b2),!old' }, answers: { items: [CHANGED] } },
  addImage: { input: { folder: '' }, answers: expect.objectContaining(IMAGE) },
  getImage: { params: { name: 'centos-7' }, answers: expect.objectContaining(IMAGE) },
  listImages: { answers: { items: [expect.objectContaining(IMAGE)] } },
  checkImage: {
    params: { name: 'centos-7' },
    input: { force: true },
    answers: expect.objectContaining({ state: 'checking' }),
  },
  listImageTree: {
    params: { name: 'centos-7' },
    query: { path: 'images/pxeboot' },
    answers: {
      entries: [
        { name: 'initrd.img', kind: 'file', bytes: 6 },
        { name: 'vmlinuz', kind: 'file', bytes: 6 },
      ],
    },
  },
  addArrival: { input: { fileName: 'x.iso', bytes: 5 }, answers: ARRIVAL },
  getArrival: { params: { name: 'x' }, answers: ARRIVAL },
  putArrivalBytes: {
    params: { name: 'x' },
    query: { offset: '0' },
    input: new Uint8Array([1, 2]),
    answers: { ...ARRIVAL, here: 2 },
  },
  listArrivals: { answers: { items: [{ ...ARRIVAL, here: 2 }] } },
  deleteArrival: { params: { name: 'x' }, answers: undefined },
  addMirror: {
    input: { name: 'debian', url: 'http://user:secret@127.0.0.1:9/debian', maxBytes: 2 ** 30 },
    answers: MIRROR,
  },
  getMirror: { params: { name: 'debian' }, answers: MIRROR },
  changeMirror: {
    params: { name: 'debian' },
    input: { mode: 'offline', maxBytes: 2 ** 31 },
    answers: { ...MIRROR, mode: 'offline', maxBytes: 2 ** 31 },
  },
  listMirrors: { answers: { items: [{ ...MIRROR, mode: 'offline', maxBytes: 2 ** 31 }] } },
  checkMirror: {
    params: { name: 'debian' },
    answers: expect.objectContaining({ check: expect.objectContaining({ files: 0, damaged: 0 }) }),
  },
  putSnippet: { params: { name: 'users' }, input: { text: 'user --name=a\n' }, answers: SNIPPET },
  getSnippet: { params: { name: 'users' }, answers: SNIPPET },
  listSnippets: { answers: { items: [SNIPPET] } },
  deleteSnippet: { params: { name: 'users' }, answers: undefined },
  putProfile: { params: { name: 'plain' }, input: PROFILE, answers: PROFILE },
  getProfile: { params: { name: 'plain' }, answers: PROFILE },
  listProfiles: { answers: { items: [PROFILE] } },
  putGroup: {
    params: { name: 'rack-b' },
    input: { ...GROUP, selector: 'rack = b2' },
    answers: WITH_MACHINES,
  },
  getGroup: { params: { name: 'rack-b' }, answers: WITH_MACHINES },
  listGroups: { query: { limit: '1' }, answers: { items: [WITH_MACHINES] } },
  machineInheritance: {
    params: { machine: 'web01' },
    query: { profile: 'plain' },
    answers: {
      groups: [{ name: 'rack-b', priority: 3, because: 'rack is "b2"' }],
      profile: { name: 'plain', because: 'it was asked for' },
      arguments: [
        { words: 'quiet', by: { kind: 'group', name: 'rack-b' } },
        { words: 'console=ttyS0', by: { kind: 'profile', name: 'plain' } },
      ],
      variables: [
        { name: 'domain', value: 'b.example', by: { kind: 'group', name: 'rack-b' } },
        { name: 'role', value: 'db', by: { kind: 'machine', name: 'web01' } },
        { name: 'root_password_hash', value: '(secret)', by: { kind: 'group', name: 'rack-b' } },
      ],
    },
  },
  factsOfMachine: {
    params: { machine: 'web01' },
    answers: {
      machine: 'web01',
      facts: { memoryMegabytes: 2048, disks: [{ name: 'sda', bytes: 1e12, holdsData: false }] },
      origins: {
        memoryMegabytes: { source: 'discovery', at: AT },
        disks: { source: 'discovery', at: AT },
      },
      reports: [
        {
          source: 'discovery',
          at: AT,
          facts: { memoryMegabytes: 2048, disks: [{ name: 'sda', bytes: 1e12, holdsData: false }] },
        },
      ],
    },
  },
  renderMachine: {
    params: { machine: 'web01' },
    query: { profile: 'plain' },
    answers: {
      kind: 'kickstart',
      profile: 'plain',
      file: 'ks.cfg',
      text: expect.stringContaining('# web01 db http://'),
      findings: expect.arrayContaining([expect.objectContaining({ level: 'warning', line: 1 })]),
      files: ['ks.cfg', 'facts.sh'],
    },
  },
  listVariables: {
    answers: {
      items: expect.arrayContaining([
        {
          name: 'partitioning',
          is: 'variable',
          sentence: expect.stringContaining('How the disk is divided') as string,
          gives: 'text',
          kind: 'choice',
          initial: 'plain',
          choices: ['plain', 'lvm', 'btrfs'],
          leftOut: expect.arrayContaining([{ kind: 'unattend', because: 'Windows has one way' }]) as unknown,
        },
        { name: 'machine.macs', is: 'name', gives: 'list', sentence: 'All its MAC addresses' },
        { name: 'ks', is: 'filter', sentence: expect.stringContaining('kickstart') as string },
      ]),
    },
  },
  renderDraft: {
    params: { machine: 'web01' },
    input: {
      image: 'centos-7',
      template: '# {{ machine.name }} {{ role }} {{ root_password_hash }}\n',
      variables: { role: 'unsaved', root_password: 'never shown' },
    },
    answers: {
      profile: 'draft',
      machine: 'web01',
      kind: 'kickstart',
      // The machine's own variable wins, and of a password there is its hash.
      text: expect.stringMatching(/^# web01 db \$6\$\S+\n$/),
      findings: expect.arrayContaining([expect.objectContaining({ file: 'answer' })]),
    },
  },
  lintProfile: {
    params: { name: 'plain' },
    query: { machine: 'web01' },
    answers: {
      profile: 'plain',
      machine: 'web01',
      kind: 'kickstart',
      findings: expect.arrayContaining([expect.objectContaining({ file: 'answer', level: 'warning' })]),
    },
  },
  lintAnswer: {
    input: { kind: 'preseed', text: 'd-i clock-setup/utc boolean yes\n' },
    answers: {
      items: [{ level: 'error', line: 1, column: 29, text: 'true or false is wanted for clock-setup/utc' }],
    },
  },
  armInstall: { input: { machine: 'web01', profile: 'plain' }, answers: INSTALL },
  getInstall: { params: { id: INSTALL.id }, answers: INSTALL },
  getInstallProgress: { params: { id: INSTALL.id }, answers: { ...INSTALL, steps: [], logBytes: 0 } },
  listInstalls: { query: { machine: MAC, limit: '1' }, answers: { items: [INSTALL] } },
  listTools: {
    answers: {
      items: [
        expect.objectContaining({ name: 'local-disk', images: [] }),
        expect.objectContaining({ name: 'discover', images: ['centos-7'] }),
        expect.objectContaining({
          name: 'memtest',
          images: [],
          because: expect.stringMatching(/memtest86\+/),
        }),
        expect.objectContaining({ name: 'rescue', images: ['centos-7'] }),
        expect.objectContaining({ name: 'shell', images: ['centos-7'] }),
        expect.objectContaining({ name: 'wipe', images: ['centos-7'] }),
      ],
    },
  },
  listEvents: { query: { machine: 'web01' }, answers: { items: [REQUESTED] } },
  mediaOfMachine: {
    params: { machine: 'web01' },
    answers: { url: 'http://192.168.122.1:8080/media/0/web01.iso', image: 'x', left: [] },
  },
  explainMachine: {
    params: { machine: 'web01' },
    answers: {
      machine: CHANGED,
      boots: {
        boot: 'installer',
        because: 'install i-000000000002 of profile plain is requested',
        installId: INSTALL.id,
        profile: 'plain',
        source: { protocol: 'http', because: 'its tree over HTTP, the first of its ways that is open' },
      },
      firmware: {
        architecture: 0,
        name: 'x86 BIOS',
        from: 'assumed',
        gives: 'boot file',
        file: 'pxelinux.0',
        chain: 'pxelinux.0, ldlinux.c32, pxelinux.cfg',
        rule: 'subnet boot file',
        because:
          'the subnet names it for every boot client; install i-000000000002 of profile plain is requested',
      },
      loader: expect.objectContaining({ name: 'pxelinux.0', found: true, bytes: 6 }),
      lease: expect.objectContaining({ address: '192.168.122.10', state: 'held' }),
      install: INSTALL,
      groups: [{ name: 'rack-b', priority: 3, because: 'rack is "b2"' }],
      profile: { name: 'plain', because: 'web01 is in group rack-b, since rack is "b2"' },
      decisions: [REQUESTED],
    },
  },
  listLeases: { query: { subnet: 'lab', state: 'held', mac: MAC, limit: '10' }, answers: { items: [LEASE] } },
  getLease: { params: { address: '192.168.122.10' }, answers: LEASE },
  freeLease: { params: { address: '192.168.122.10' }, answers: { ...LEASE, state: 'released' } },
  getStatus: {
    answers: {
      version: '1.2.3',
      startedAt: AT,
      dataFolder: '/var/lib/muster',
      interfaces: [
        { name: 'eth1', addresses: ['192.168.122.1/24'], mode: 'full', because: 'subnet lab is there' },
      ],
      listeners: [{ protocol: 'dhcp', address: '0.0.0.0', port: 67 }],
      pools: [{ subnet: 'lab', size: 100, used: 97 }],
      counts: { machines: 1, openInstalls: 1, droppedEvents: 0 },
      warnings: [],
    },
  },
  getThroughput: {
    answers: { everySeconds: 5, samples: [{ at: AT, tftp: 1024, http: 2048, ftp: 0, nfs: 0 }] },
  },
  cancelInstall: {
    params: { id: INSTALL.id },
    answers: { ...CANCELLED, because: 'somebody asked for it' },
  },
  armInstalls: {
    input: { selector: 'role=db', limit: 5, expiresSeconds: 60, skipRefused: true },
    answers: {
      items: [
        {
          ...INSTALL,
          id: 'i-000000000004',
          expiresAt: new Date(START_MS + 60_000).toISOString(),
          profileBecause: 'web01 is in group rack-b, since rack is "b2"',
        },
      ],
      passedOver: [],
    },
  },
  addWave: {
    input: { name: 'line', profile: 'plain', machines: ['web01', MAC], budget: { machines: 2 } },
    answers: WAVE,
  },
  getWave: { params: { name: 'line' }, answers: WAVE },
  listWaves: {
    query: { state: 'running', limit: '1' },
    answers: { items: [Object.fromEntries(Object.entries(WAVE).filter(([name]) => name !== 'members'))] },
  },
  pauseWave: {
    params: { name: 'line' },
    input: { because: 'lunch' },
    answers: { ...WAVE, state: 'paused', because: 'lunch' },
  },
  resumeWave: { params: { name: 'line' }, answers: WAVE },
  cancelWave: {
    params: { name: 'line' },
    input: { underWay: 'is cancelled' },
    answers: {
      ...WAVE,
      state: 'cancelled',
      because: 'somebody asked for it',
      counts: { waiting: 0, started: 0, installed: 0, failed: 0, cancelled: 1 },
      members: [{ ...MEMBER, state: 'cancelled', endedAt: AT, because: 'somebody asked for it' }],
    },
  },
  deleteWave: { params: { name: 'line' }, answers: undefined },
  exportSite: {
    query: { secrets: 'with' },
    answers: {
      images: ['centos-7'],
      mirrors: [
        {
          name: 'debian',
          url: 'http://user:secret@127.0.0.1:9/debian/',
          kind: 'any',
          maxBytes: 2 ** 31,
          mode: 'offline',
        },
      ],
      subnets: [SUBNET],
      snippets: [],
      profiles: [PROFILE],
      groups: [GROUP],
      machines: [SITE_MACHINE],
      power: [],
      hooks: [],
      policy: POLICY,
    },
  },
  applySite: {
    input: {
      site: { machines: [{ ...SITE_MACHINE, labels: { rack: 'b2' } }], groups: [GROUP] },
      dryRun: true,
    },
    answers: {
      applied: false,
      changes: [
        {
          kind: 'machine',
          name: 'web01',
          change: 'change',
          fields: ['labels'],
          before: SITE_MACHINE,
          after: { ...SITE_MACHINE, labels: { rack: 'b2' } },
        },
      ],
      unchanged: 1,
    },
  },
  getPolicy: { answers: POLICY },
  changePolicy: {
    input: {
      unknownMachines: 'ignore',
      newClients: { perSecond: 2.5 },
      menu: { images: ['centos-7'], default: 'centos-7' },
      installs: { attempts: 3, quietMinutes: 'never' },
    },
    answers: {
      ...POLICY,
      unknownMachines: 'ignore',
      newClients: { burst: 16_384, perSecond: 2.5 },
      menu: { ...POLICY.menu, images: ['centos-7'], default: 'centos-7' },
      installs: { ...POLICY.installs, attempts: 3, quietMinutes: 'never' },
    },
  },
  listLoaders: {
    answers: {
      items: expect.arrayContaining([
        expect.objectContaining({ name: 'pxelinux.0', found: true }),
        expect.objectContaining({ name: 'menu.c32', found: false, advice: expect.any(String) }),
      ]),
    },
  },
  setPower: {
    params: { machine: 'web01' },
    input: { driver: 'command', argv: ['switch'], secret: 'sesam' },
    answers: POWER,
  },
  getPower: { params: { machine: 'web01' }, answers: POWER },
  actOnPower: {
    params: { machine: 'web01', action: 'boot-network' },
    answers: {
      machine: 'web01',
      action: 'boot-network',
      did: ['pxe-next', 'on'],
      because: 'it is off',
      wanted: 'on',
      state: 'on',
    },
  },
  readPower: { params: { machine: 'web01' }, answers: { ...POWER, state: 'on', stateAt: AT } },
  listPower: { answers: { items: [{ ...POWER, state: 'on', stateAt: AT }] } },
  deletePower: { params: { machine: 'web01' }, answers: undefined },
  addHook: {
    input: { name: 'chat', events: ['install.*'], argv: ['say', 'hello'] },
    answers: HOOK,
  },
  getHook: { params: { name: 'chat' }, answers: HOOK },
  changeHook: {
    params: { name: 'chat' },
    input: { events: ['install.finished'], machines: 'rack=b2', mode: 'off', secret: 'sesam' },
    answers: CHANGED_HOOK,
  },
  listHooks: { answers: { items: [CHANGED_HOOK] } },
  testHook: {
    params: { name: 'chat' },
    answers: { result: 'done', said: 'ended with 0', printed: 'hello hook.test' },
  },
  listDeliveries: { params: { name: 'chat' }, answers: { items: [] } },
  deleteHook: { params: { name: 'chat' }, answers: undefined },
  refreshMirror: { params: { name: 'rpm' }, answers: { items: [] } },
  deleteMirror: { params: { name: 'debian' }, answers: undefined },
  importMachines: {
    input: { machines: [{ name: 'web01', labels: { role: 'db' } }], purpose: 'look' },
    answers: {
      applied: false,
      machines: [{ name: 'web01', what: 'unchanged', fields: [] }],
      objections: [],
    },
  },
  splitMachine: {
    params: { machine: 'web01' },
    input: { mac: '52:54:00:12:34:57', name: 'web02' },
    answers: SPLIT,
  },
  mergeMachine: { params: { machine: 'web01' }, input: { from: 'web02' }, answers: MERGED },
  bootTool: {
    input: { machine: 'web01', tool: 'wipe', disk: 'sda', confirmErase: true },
    answers: expect.objectContaining({ machine: 'web01', profile: 'wipe@centos-7:sda', state: 'requested' }),
  },
  deleteMachine: { params: { machine: 'web01' }, answers: undefined },
  deleteGroup: { params: { name: 'rack-b' }, answers: undefined },
  deleteProfile: { params: { name: 'plain' }, answers: undefined },
  deleteImage: { params: { name: 'centos-7' }, answers: undefined },
  deleteSubnet: { params: { name: 'lab' }, answers: undefined },
  getSession: { answers: { who: 'anybody', role: 'admin', by: 'nothing', firstUser: 'wanted' } },
  addUser: { input: { name: 'anna', role: 'viewer' }, answers: USER },
  getUser: { params: { name: 'anna' }, answers: USER },
  listUsers: { answers: { items: [USER] } },
  changeUser: { params: { name: 'anna' }, input: { role: 'operator' }, answers: OPERATOR },
  makeLoginLink: {
    params: { name: 'anna' },
    answers: {
      path: expect.stringMatching(/^\/#login=[\w-]{43}$/) as string,
      expiresAt: new Date(START_MS + 24 * 3_600_000).toISOString(),
    },
  },
  logIn: {
    input: { user: 'anna', password: PASSWORD },
    answers: { who: 'anna', role: 'operator', by: 'session', firstUser: 'there' },
  },
  changePassword: {
    input: { old: PASSWORD, new: `${PASSWORD}!` },
    answers: { who: 'anna', role: 'operator', by: 'session', firstUser: 'there' },
  },
  logOut: { answers: undefined },
  addToken: {
    input: { user: 'anna', title: 'ci', role: 'operator', only: ['machines'], expiresSeconds: 60 },
    answers: { ...TOKEN, secret: expect.stringMatching(/^muster_[\w-]{43}$/) as string },
  },
  listTokens: { answers: { items: [TOKEN] } },
  deleteToken: { params: { id: TOKEN_ID }, answers: undefined },
  deleteUser: { params: { name: 'anna' }, answers: undefined },
  listAudit: {
    query: { path: '/users/anna', limit: '2' },
    answers: {
      items: [
        { ...AUDITED, route: 'deleteUser', path: '/users/anna', before: { ...OPERATOR, password: 'set' } },
        { ...AUDITED, route: 'makeLoginLink', path: '/users/anna/link', before: OPERATOR },
      ],
    },
  },
};

const STATUS_OF = { thing: 200, created: 201, nothing: 204, stream: 200, bytes: 200 } as const;

test('each row answers good input with what it says', async () => {
  let session = '';
  for (const name of Object.keys(DAY) as PlainRouteName[]) {
    const { answers: means } = ROUTES[name] as RouteRow;
    await prepare(world, name);
    const response = await askGood(world, name, session === '' ? {} : { cookie: session });
    expect(response.statusCode, `${name}: ${response.payload}`).toBe(STATUS_OF[means]);
    expect(response.payload === '' ? undefined : response.json(), name).toEqual(DAY[name].answers);
    session = String(response.headers['set-cookie'] ?? '').split(';')[0] ?? '';
    if (means === 'created') {
      const url = String(response.headers.location);
      const headers = { host: 'localhost' };
      expect((await world.api.inject({ url, headers })).json(), url).toMatchObject(
        DAY[name].answers as object,
      );
    }
  }
});

// Each of its rows is asked twice, and everything there is, before and after.
test('a viewer who asks each row with the same good input changes nothing by it', {
  timeout: 120_000,
}, async () => {
  const other = await openApiWorld();
  const { people, stores } = { people: other.needs.people, stores: other.stores };
  const viewer = { name: 'viv', role: 'viewer', state: 'active', createdAtMs: START_MS } as const;
  await stores.people.addUser(viewer, undefined, () => undefined);
  const opened = await people.logins.open({ ...viewer, password: 'none' }, { address: '', agent: '' });
  if (!opened.done) throw new Error(opened.because);
  const shown = { cookie: `muster_session=${opened.secret}` };
  let refused = 0;
  for (const name of Object.keys(DAY) as PlainRouteName[]) {
    const row: RouteRow = ROUTES[name];
    await prepare(other, name);
    const before = await everything(other);
    const { statusCode, payload } = await askGood(other, name, shown);
    const isRefused = typeof row.role === 'string' && row.role !== 'viewer';
    expect(statusCode === 403, `${name}: ${payload}`).toBe(isRefused);
    if (isRefused) refused += 1;
    // Logging out would be the end of this test, and is all that a viewer may end.
    if (name === 'logOut') await stores.people.addSession(hashOfSecret(opened.secret), SESSION);
    expect(await everything(other), name).toEqual(before);
    const { statusCode: done, payload: told } = await askGood(other, name, {});
    // Without a log-in there is no password to change.
    if (name !== 'changePassword') expect(done, `${name}: ${told}`).toBeLessThan(300);
  }
  expect(refused).toBeGreaterThan(50);
  expect(other.mistakes).toEqual([]);
  await other.close();
});

const SESSION = { user: 'viv', createdAtMs: START_MS, lastSeenAtMs: START_MS, address: '', agent: '' };

/** What all lists of the API tell, but for the audit, in which refusals are. */
async function everything({ api, needs }: ApiWorld): Promise<Readonly<Record<string, unknown>>> {
  // What happened before it is asked for may still be gathered for the disk.
  await needs.events.settled();
  const all: Record<string, unknown> = {};
  for (const name of ROUTE_NAMES) {
    const row: RouteRow = ROUTES[name];
    if (row.method !== 'GET' || row.path.includes('{') || row.answers !== 'thing' || name === 'listAudit')
      continue;
    const response = await api.inject({ url: `${API_PREFIX}${row.path}`, headers: { host: 'localhost' } });
    expect(response.statusCode, `${name}: ${response.payload}`).toBe(200);
    all[name] = response.json();
  }
  return all;
}

/** What machines and people do in between. */
async function prepare({ needs, stores, installs }: ApiWorld, name: PlainRouteName): Promise<void> {
  if (name === 'explainMachine') await leaseTheReservedAddress(stores);
  if (name === 'factsOfMachine')
    await stores.facts.put(MACHINE.id, {
      source: 'discovery',
      atMs: START_MS,
      facts: { memoryMegabytes: 2048, disks: [{ name: 'sda', bytes: 1e12, holdsData: false }] },
    });
  if (name === 'deleteMachine') {
    const [open] = await needs.installs.list({ machineId: MACHINE.id, limit: 1 });
    await needs.installs.cancel(open?.id ?? '');
  }
  if (name === 'refreshMirror')
    await needs.mirrors.add({ name: 'rpm', url: 'http://127.0.0.1:9/', kind: 'rpm', maxBytes: 2 ** 30 });
  if (name === 'addWave') await installs.cancel('i-000000000004');
  if (name === 'logIn') await stores.people.setPassword('anna', await hashLoginPassword(PASSWORD));
}

async function askGood(
  { api, tree }: ApiWorld,
  name: PlainRouteName,
  shown: Readonly<Record<string, string>>,
) {
  const row: RouteRow = ROUTES[name];
  const { params = {}, query = {}, input } = DAY[name];
  const payload = name === 'addImage' ? { folder: tree } : (input ?? {});
  const withBody = row.method !== 'GET' && row.method !== 'DELETE';
  return await api.inject({
    method: row.method,
    url: `${API_PREFIX}${fillPath(row.path, params)}`,
    query,
    headers: {
      host: 'localhost:8067',
      ...shown,
      'content-type': row.takes === 'bytes' ? 'application/octet-stream' : 'application/json',
    },
    ...(withBody ? { payload: payload instanceof Uint8Array ? Buffer.from(payload) : payload } : {}),
  });
}

test('no row is left out but those that answer no JSON, which have tests of their own', () => {
  const others = ROUTE_NAMES.filter((name) => !Object.hasOwn(DAY, name));
  expect(others).toEqual(['readImageFile', 'readInstallLog', 'streamInstallLog', 'streamEvents']);
});

async function leaseTheReservedAddress({ leases }: ApiWorld['stores']): Promise<void> {
  await leases.claim(
    {
      address: parseIpv4('192.168.122.10'),
      subnet: 'lab',
      clientKey: 'key',
      mac: parseMac(MAC),
      hostname: 'evil\u001b[31m',
      state: 'held',
      startedAtMs: START_MS,
      expiresAtMs: START_MS + 60_000,
    },
    START_MS,
  );
}
