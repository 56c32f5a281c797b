import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REPORTS, type ReportName } from '../../core/boot/machine-urls.ts';
import type { Install } from '../../core/install/install.ts';
import { INSTALL_STATES, type InstallEvent, type InstallState, isOver } from '../../core/install/life.ts';
import type { Ipv4Address } from '../../lib/addresses.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import { mountedTrees } from '../../lib/mounted-trees.ts';
import { namesOf, resolvePath } from '../../lib/resolve-path.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  STRANGER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';
import type { BootFiles } from '../boot/boot-files.ts';
import { InstallFileTree } from './install-file-tree.ts';
import { OverlayFiles } from '../images/overlay-files.ts';

/** Every door, asked in every state of an install by everybody: who gets to see its token, or what its profile keeps. */

const SECRET = 'the root password';

let world: MachineWorld;
let bootFiles: BootFiles;
beforeAll(async () => {
  world = await makeMachineWorld();
  await world.lease(WEB01, world.web01.macs[0]!);
  const other = await world.stores.machines.byName('web02');
  await world.lease(WEB02, other!.macs[0]!);
  await world.stores.profiles.put({
    name: 'secret',
    image: 'debian',
    template: `# ${SECRET} {{ urls.report }}\n`,
    arguments: '',
    variables: {},
  });
  const folder = join(world.imageFolder, '../overlays');
  world.write(join(folder, 'secret/initrd/etc/secret.j2'), `${SECRET} {{ urls.report }}`);
  bootFiles = world.bootFilesWith({ overlays: new OverlayFiles({ folder }) });
});
afterAll(async () => {
  await world.events.settled();
  await world.close();
});

const WAY_TO: Readonly<Record<InstallState, readonly InstallEvent[]>> = {
  requested: [],
  booting: ['bootOffered'],
  installing: ['bootOffered', 'answerServed'],
  installed: ['bootOffered', 'answerServed', 'finished'],
  failed: ['bootOffered', 'answerServed', 'failed'],
  cancelled: ['bootOffered', 'answerServed', 'cancelled'],
  expired: ['expired'],
};

async function installIn(state: InstallState): Promise<Install> {
  for (const { id } of await world.installs.listOpen()) await world.installs.cancel(id);
  const armed = await world.installs.arm(world.web01, 'secret', { confirmErase: true });
  if (!armed.armed) return expect.fail(armed.because);
  for (const event of WAY_TO[state]) await world.installs.happened(armed.install.id, event);
  const install = await world.installs.byId(armed.install.id);
  expect(install?.state).toBe(state);
  return install!;
}

type Asked = (install: Install, clientAddress: Ipv4Address) => Promise<string>;

async function textOf(opened: { readonly found: boolean; readonly source?: ByteSource }): Promise<string> {
  if (!opened.source) return '';
  const bytes = await opened.source.read(0, opened.source.size);
  await opened.source.close();
  return Buffer.from(bytes).toString('latin1');
}

const overTftp =
  (name: (install: Install) => string): Asked =>
  async (install, clientAddress) =>
    textOf(await bootFiles.openTftp({ name: name(install), clientAddress, localAddress: SERVER }));
const overHttp =
  (name: (install: Install) => string): Asked =>
  async (install, clientAddress) =>
    textOf(await bootFiles.openBoot({ name: name(install), clientAddress, localAddress: SERVER }));

const answer =
  (purpose: 'fetch' | 'look'): Asked =>
  async ({ token }, clientAddress) => {
    const asked = { token, file: 'preseed.cfg', clientAddress, localAddress: SERVER, purpose };
    const opened = await world.installFiles.openAnswer(asked);
    return opened.found ? String(opened.content) : '';
  };

/** As FTP and NFS find it. */
const inTheTree: Asked = async ({ token }, clientAddress) => {
  const tree = new InstallFileTree({
    beside: mountedTrees('images', async () => []),
    openAnswer: (request) => world.installFiles.openAnswer(request),
    clientAddress,
    localAddress: SERVER,
    refused: () => undefined,
  });
  const found = await resolvePath(tree, namesOf(`/installs/${token}/preseed.cfg`));
  return found.found ? textOf({ found: true, source: await tree.open(found.node) }) : '';
};

const DOORS: readonly (readonly [door: string, open: Asked, states: readonly InstallState[]])[] = [
  ['the answer file over HTTP', answer('fetch'), ['booting', 'installing']],
  ['a look at the answer file (HEAD)', answer('look'), ['booting', 'installing']],
  ['the answer file over FTP and NFS', inTheTree, ['booting', 'installing']],
  [
    "a loader's script over TFTP",
    overTftp(() => 'pxelinux.cfg/01-52-54-00-00-00-01'),
    ['requested', 'booting'],
  ],
  ["GRUB's script over TFTP", overTftp(() => 'grub/grub.cfg'), ['requested', 'booting']],
  ["iPXE's script over HTTP", overHttp(() => 'boot.ipxe'), ['requested', 'booting']],
  ['the initrd over TFTP', overTftp(({ id }) => `boot/overlay/${id}/initrd.gz`), ['booting']],
  ['the initrd over HTTP', overHttp(({ id }) => `overlay/${id}/initrd.gz`), ['booting']],
];

const ASKERS = [
  ['the machine itself', WEB01],
  ['another machine', WEB02],
  ['an address that nobody knows', STRANGER],
] as const;

for (const [door, open, states] of DOORS) {
  describe(`${door} shows what is secret`, () => {
    for (const [who, address] of ASKERS) {
      const expected = address === WEB01 ? states : [];
      test(`to ${who} ${expected.length === 0 ? 'never' : `only while its install is ${expected.join(' or ')}`}`, async () => {
        const shown: InstallState[] = [];
        for (const state of INSTALL_STATES) {
          const install = await installIn(state);
          const text = await open(install, address);
          if (text.includes(SECRET) || text.includes(install.token)) shown.push(state);
        }
        expect(shown).toEqual(expected);
      });
    }
  });
}

test('the token of an install that is over opens nothing but the word that the installed system runs', async () => {
  for (const state of INSTALL_STATES.filter(isOver)) {
    const { token } = await installIn(state);
    const taken: string[] = [];
    for (const name of Object.keys(REPORTS) as ReportName[]) {
      const reported = await world.installFiles.report(token, name, {}, WEB01);
      if (reported.reported) taken.push(name);
    }
    expect(taken, state).toEqual(state === 'installed' || state === 'failed' ? ['booted'] : []);
  }
});

test('no event of the timeline has a token in it', async () => {
  await world.events.settled();
  const installs = await world.installs.list({ limit: 1_000 });
  expect(installs.length).toBeGreaterThan(100);
  const timeline = JSON.stringify(world.told);
  for (const { token } of installs) expect(timeline).not.toContain(token);
});

describe('an address without a lease', () => {
  test('has the answer file where the installer was offered to it', async () => {
    const { id } = await installIn('requested');
    await world.installs.happened(id, 'bootOffered', { address: STRANGER });
    const install = (await world.installs.byId(id))!;
    expect(await answer('look')(install, STRANGER), 'its lease says more than where it booted').toBe('');
    world.pass(3_600_001);
    expect(await answer('look')(install, STRANGER)).toContain(SECRET);
    expect(await answer('look')(install, WEB02)).toBe('');
  });
});
