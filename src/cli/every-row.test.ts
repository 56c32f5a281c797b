import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld, START_MS } from '../api/suite/api-world.ts';
import { API_PREFIX, type RouteName, ROUTE_NAMES, ROUTES } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';
import { parseIpv4, parseMac } from '../lib/addresses.ts';
import { hashLoginPassword } from '../services/people/login-password.ts';
import { ASKED_ROWS } from './asked-rows.ts';
import { createProgram } from './create-program.ts';
import { EXIT } from './exit-codes.ts';
import { NO_LOCAL_COMMANDS, runCaptured } from './suite/captured-terminal.ts';
import { leafCommands } from './suite/leaf-commands.ts';

/**
 * Each row of the contract, and a command that reaches it. The commands are run in this order against a real API,
 * which says what it was asked: a row without a line does not compile, and one whose line asks for another row fails.
 */
const REACHED_BY: Readonly<Record<RouteName, string>> = {
  putSubnet: 'subnet add lab --network 192.168.122.0/24 --range 192.168.122.100-192.168.122.200',
  getSubnet: 'subnet show lab',
  listSubnets: 'subnet ls',
  addMachine: 'machine add web1 --mac 525400123456,525400123457 --label rack=b2',
  getMachine: 'machine show web1',
  changeMachine: 'machine set web1 --var role=db',
  listMachines: 'machine ls',
  factsOfMachine: 'machine facts web1',
  addImage: 'image add TREE',
  getImage: 'image show centos-7',
  listImages: 'image ls',
  checkImage: 'image check centos-7',
  listImageTree: 'image tree centos-7',
  readImageFile: 'image cat centos-7 images/pxeboot/vmlinuz',
  putArrivalBytes: 'image add sent.iso --upload --name sent',
  addArrival: 'image add http://127.0.0.1:9/x.iso --name x --no-wait',
  listArrivals: 'image ls',
  getArrival: 'image add other.iso --upload --name other',
  deleteArrival: 'image rm x -y',
  addMirror: 'mirror add debian http://127.0.0.1:9/debian --kind rpm',
  getMirror: 'mirror show debian',
  changeMirror: 'mirror set debian --max-size 50G',
  listMirrors: 'mirror ls',
  checkMirror: 'mirror check debian',
  refreshMirror: 'mirror refresh debian',
  deleteMirror: 'mirror rm debian -y',
  putSnippet: 'snippet put users users.j2',
  getSnippet: 'snippet show users',
  listSnippets: 'snippet ls',
  deleteSnippet: 'snippet rm users -y',
  putProfile: 'profile set plain --image centos-7',
  getProfile: 'profile show plain',
  listProfiles: 'profile ls',
  putGroup: 'group put rack-b --selector rack=b2 --profile plain',
  getGroup: 'group show rack-b',
  listGroups: 'group ls',
  machineInheritance: 'machine variables web1',
  renderMachine: 'profile render web1 --profile plain',
  renderDraft: 'profile render web1 --profile plain --draft users.j2',
  listVariables: 'profile variables',
  lintProfile: 'profile lint plain --machine web1',
  lintAnswer: 'profile lint --file users.j2 --kind kickstart',
  armInstall: 'install web1 --profile plain --erase',
  getInstall: 'install show i-000000000002',
  getInstallProgress: 'install show web1',
  listInstalls: 'install ls',
  readInstallLog: 'install log web1',
  streamInstallLog: 'install log web1 -f',
  mediaOfMachine: 'machine media web1',
  explainMachine: 'explain web1',
  cancelInstall: 'install cancel i-000000000002',
  armInstalls: 'install --selector rack=b2 --limit 1 --erase',
  addWave: 'wave start line web1 --profile plain --erase',
  getWave: 'wave show line',
  listWaves: 'wave ls',
  pauseWave: 'wave pause line',
  resumeWave: 'wave resume line',
  cancelWave: 'wave cancel line --installs -y',
  deleteWave: 'wave rm line -y',
  listTools: 'boot ls',
  bootTool: 'boot web1 shell',
  listLeases: 'lease ls',
  getLease: 'lease show 192.168.122.10',
  freeLease: 'lease rm 192.168.122.10 -y',
  setPower: 'power set web1 --driver command -- switch',
  getPower: 'power show web1',
  readPower: 'power status web1',
  actOnPower: 'power on web1',
  listPower: 'power ls',
  deletePower: 'power rm web1 -y',
  addHook: 'hook add chat --events install.* -- say hello',
  getHook: 'hook show chat',
  changeHook: 'hook set chat --off',
  listHooks: 'hook ls',
  testHook: 'hook test chat',
  listDeliveries: 'hook deliveries chat',
  deleteHook: 'hook rm chat -y',
  exportSite: 'export',
  applySite: 'apply -f site.yaml --dry-run',
  importMachines: 'machine import machines.csv --dry-run',
  splitMachine: 'machine split web1 --mac 525400123457 --name web2',
  mergeMachine: 'machine merge web1 web2 -y',
  listEvents: 'events',
  streamEvents: 'events -f',
  getStatus: 'status',
  getPolicy: 'policy show',
  changePolicy: 'policy set --menu-title Lab',
  listLoaders: 'loaders ls',
  deleteMachine: 'machine rm web1 -y',
  deleteGroup: 'group rm rack-b -y',
  deleteProfile: 'profile rm plain -y',
  deleteImage: 'image rm centos-7 -y',
  deleteSubnet: 'subnet rm lab -y',
  addUser: 'user add anna',
  getUser: 'user show anna',
  listUsers: 'user ls',
  changeUser: 'user set anna --role viewer',
  makeLoginLink: 'user link anna',
  getThroughput: 'throughput',
  getSession: 'whoami',
  logIn: 'login --user anna',
  changePassword: 'passwd',
  logOut: 'logout',
  addToken: 'token add ci --user anna',
  listTokens: 'token ls',
  deleteToken: 'token rm TOKEN -y',
  listAudit: 'audit',
  deleteUser: 'user rm anna -y',
};

/** What was asked for is told, and is no success: what is sent is no disc, and what is looked through no kickstart. */
const NOT_DONE: Partial<Record<RouteName, number>> = {
  putArrivalBytes: EXIT.failed,
  getArrival: EXIT.failed,
  lintAnswer: EXIT.failed,
};

const COMMANDS = leafCommands(createProgram(NO_LOCAL_COMMANDS, { version: '0' })).map(({ path }) => path);

const PASSWORD = 'correct horse battery';

let world: ApiWorld;
let api: ListeningApi;
const REQUESTED = 'http.server.request.start';
let onRequest: (name: RouteName | undefined) => void = () => undefined;

function heard(message: unknown): void {
  const { request } = message as { readonly request: IncomingMessage };
  if (request.socket.localPort !== api.port) return;
  onRequest(rowOf(request.method ?? '', new URL(request.url ?? '', api.url).pathname));
}

function rowOf(method: string, path: string): RouteName | undefined {
  return ROUTE_NAMES.find((name) => {
    const row: RouteRow = ROUTES[name];
    const pattern = `${API_PREFIX}${row.path}`.replaceAll(/\{\w+\}/g, '[^/]+');
    return row.method === method && new RegExp(`^${pattern}$`).test(path);
  });
}

beforeAll(async () => {
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  subscribe(REQUESTED, heard);
  await writeFile(join(world.folder, 'users.j2'), 'user --name=a --nosuch\n');
  for (const disc of ['sent.iso', 'other.iso'])
    await writeFile(join(world.folder, disc), 'no disc, but bytes');
  await writeFile(join(world.folder, 'machines.csv'), 'name,mac\nweb3,02:00:00:00:00:03\n');
  await writeFile(join(world.folder, 'site.yaml'), 'snippets:\n  - name: more\n    text: "# more"\n');
});
afterAll(async () => {
  unsubscribe(REQUESTED, heard);
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

/** What machines would have done before, where a line needs that. */
const BEFORE: Partial<Record<RouteName, () => Promise<unknown>>> = {
  getLease: async () =>
    await world.stores.leases.claim(
      {
        address: parseIpv4('192.168.122.10'),
        subnet: 'lab',
        clientKey: 'key',
        mac: parseMac('525400123456'),
        state: 'held',
        startedAtMs: START_MS,
        expiresAtMs: START_MS + 60_000,
      },
      START_MS,
    ),
  logIn: async () => await world.stores.people.setPassword('anna', await hashLoginPassword(PASSWORD)),
  addWave: cancelNewest,
  splitMachine: cancelNewest,
};

async function cancelNewest(): Promise<void> {
  const [open] = await world.needs.installs.list({ limit: 1 });
  await world.needs.installs.cancel(open?.id ?? '');
}

for (const name of ROUTE_NAMES.toSorted((one, other) => place(one) - place(other))) {
  test(`${name} is reached by: muster ${REACHED_BY[name]}`, async () => {
    await BEFORE[name]?.();
    const seen = new Set<RouteName | undefined>();
    const enough = new AbortController();
    onRequest = (asked) => {
      seen.add(asked);
      if (asked === name && ROUTES[name].answers === 'stream') setTimeout(() => enough.abort(), 50);
    };
    const [token] = await world.needs.people.users.tokens();
    const line = REACHED_BY[name].replace('TREE', world.tree).replace('TOKEN', token?.id ?? '');
    const { exitCode, err } = await runCaptured(line.split(' '), {
      environment: { MUSTER_SERVER: api.url, HOME: world.folder },
      readInput: async () => `${PASSWORD}\n`,
      workingFolder: world.folder,
      enough: enough.signal,
    });
    expect([...seen], err).toContain(name);
    expect(ASKED_ROWS[commandOf(line)], 'what the help says that it asks for').toEqual(
      expect.arrayContaining([...seen]),
    );
    expect(exitCode, err).toBe(NOT_DONE[name] ?? EXIT.ok);
  });
}

/** The longest command that the line begins with. */
function commandOf(line: string): string {
  const begins = COMMANDS.filter((path) => `${line} `.startsWith(`${path} `));
  return begins.toSorted((one, other) => other.length - one.length)[0] ?? '';
}

function place(name: RouteName): number {
  return Object.keys(REACHED_BY).indexOf(name);
}
