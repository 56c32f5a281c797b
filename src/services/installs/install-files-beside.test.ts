import { gunzipSync } from 'node:zlib';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANSWER_FILES } from '../../core/boot/machine-urls.ts';
import { SIDE_FILES } from '../../core/answers/side-files.ts';
import type { AnswerKind } from '../../core/images/image.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';

let world: MachineWorld;
let token = '';
let id = '';

beforeEach(async () => {
  world = await makeMachineWorld();
  ({ token, id } = await world.arm());
  await world.lease(WEB01, world.web01.macs[0]!);
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

/** The profile's image becomes one whose installer reads this kind. */
async function reads(kind: AnswerKind, family: string, title: string, release: string): Promise<void> {
  const { image } = world;
  await world.stores.images.add({ ...image, name: 'other', family, title, release, answerKind: kind });
  await world.stores.profiles.put({ name: 'server', image: 'other', arguments: '', variables: {} });
  await world.installs.happened(id, 'bootOffered');
}

const ask = (file: string, clientAddress = WEB01) =>
  world.installFiles.openAnswer({ token, file, clientAddress, localAddress: SERVER, purpose: 'fetch' });
const state = async () => (await world.stores.installs.byId(id))?.state;

const PROXMOX = { disk: 'sda', domain: 'example.org', root_password_hash: '$6$a$b' };

const KINDS = [
  // A family whose installer needs no tree: that of casper is given over NFS alone, where it is a folder.
  ['autoinstall', 'debian', 'Ubuntu-Server 24.04', '24.04'],
  ['agama', 'agama', 'openSUSE Leap 16.0', '16.0'],
  ['ignition', 'coreos', 'Fedora CoreOS 42', '42'],
  ['alpine', 'alpine', 'Alpine Linux 3.22', '3.22'],
] as const;

describe('a file beside the answer file', () => {
  for (const [kind, family, title, release] of KINDS) {
    for (const { name } of SIDE_FILES[kind] ?? []) {
      test(`${name} is given to the armed machine alone, and does not say that its installer is at work`, async () => {
        await reads(kind, family, title, release);
        expect(await ask(name, WEB02)).toMatchObject({ found: false });
        expect(await ask(name)).toMatchObject({ found: true, label: `${name} of web01` });
        expect(await state()).toBe('booting');
        expect(await ask(ANSWER_FILES[kind])).toMatchObject({ found: true });
        expect(await state()).toBe('installing');
        expect(await ask(name)).toMatchObject({ found: true });
        await world.installs.happened(id, 'finished');
        expect(await ask(name)).toMatchObject({ found: false });
      });
    }
  }

  test('is none of another kind', async () => {
    await reads('autoyast', 'suse', 'openSUSE Leap 15.6', '15.6');
    for (const name of ['meta-data', 'prepare.sh', 'live.ign', 'muster.apkovl.tar.gz', 'user-data']) {
      expect(await ask(name)).toMatchObject({ found: false });
    }
    expect(await state()).toBe('booting');
  });

  for (const [kind, family, title, release, file, variables, words] of [
    ['esxi', 'esxi', 'VMware ESXi 8.0', '8.0', 'ks.cfg', { root_password_hash: '$6$a$b' }, 'vmaccepteula'],
    ['unattend', 'windows', 'Windows', '', 'unattend.xml', {}, '<unattend xmlns='],
    ['proxmox', 'debian', 'Proxmox VE 8.4', '8.4', 'answer.toml', PROXMOX, '[disk-setup]'],
    ['script', 'debian', 'Arch Linux', '', 'install.sh', {}, 'pacstrap'],
  ] as const) {
    test(`there is none for ${kind}, whose answer file ${file} is all it gets`, async () => {
      await reads(kind, family, title, release);
      await world.stores.profiles.put({ name: 'server', image: 'other', arguments: '', variables });
      const answer = await ask(file);
      expect(answer.found && answer.content).toContain(words);
      expect(await state()).toBe('installing');
    });
  }

  test('names the install in its URLs, for whoever runs it to report', async () => {
    await reads('agama', 'agama', 'openSUSE Leap 16.0', '16.0');
    const answer = await ask('prepare.sh');
    expect(answer.found && answer.content).toContain(`http://192.168.122.1:8080/installs/${token}`);
    expect(answer.found && answer.content).toContain(`/installs/${token}/profile.json`);
  });
});

test("Alpine's overlay is an archive that tar reads, with the script, what has it run, and the live services", async () => {
  await reads('alpine', 'alpine', 'Alpine Linux 3.22', '3.22');
  const answer = await ask('muster.apkovl.tar.gz');
  if (!answer.found || typeof answer.content === 'string') throw new Error('no bytes');
  const archive = gunzipSync(answer.content);
  const tar = (...words: string[]) =>
    spawnSync('tar', [...words], { input: archive, encoding: 'utf8' }).stdout;
  expect(tar('-tf', '-').split('\n')).toEqual([
    'etc/',
    'etc/.default_boot_services',
    'etc/local.d/',
    'etc/local.d/muster.start',
    'etc/runlevels/',
    'etc/runlevels/default/',
    'etc/runlevels/default/local',
    '',
  ]);
  expect(tar('-tvf', '-', 'etc/local.d/muster.start')).toMatch(/^-rwx------ /);
  expect(tar('-xOf', '-', 'etc/local.d/muster.start')).toContain(`/installs/${token}/answers`);
});

describe("the URL without a token, which Proxmox's installer is told for all machines", () => {
  const mine = (clientAddress = WEB01, file = 'answer.toml') =>
    world.installFiles.openAnswer({
      token: 'mine',
      file,
      clientAddress,
      localAddress: SERVER,
      purpose: 'fetch',
    });
  const answerable = async () => {
    await reads('proxmox', 'debian', 'Proxmox VE 8.4', '8.4');
    const variables = { disk: 'sda', domain: 'example.org', root_password_hash: '$6$a$b' };
    await world.stores.profiles.put({ name: 'server', image: 'other', arguments: '', variables });
  };

  test('leads to the install of the machine whose lease it is', async () => {
    await answerable();
    expect(await mine()).toMatchObject({ found: true, installId: id });
    expect(await state()).toBe('installing');
  });

  test('leads nowhere for another machine, for an address without a lease, and when the install is over', async () => {
    await answerable();
    expect(await mine(WEB02)).toMatchObject({ found: false, because: 'no install has this token' });
    await world.installs.happened(id, 'finished');
    expect(await mine()).toMatchObject({ found: false });
  });

  test('is not for other installers, which are told their token', async () => {
    await reads('kickstart', 'rhel', 'Rocky Linux 9.4', '9.4');
    expect(await mine(WEB01, 'ks.cfg')).toMatchObject({ found: false });
    expect(await state()).toBe('booting');
  });

  test('takes no reports', async () => {
    await answerable();
    expect(await world.installFiles.report('mine', 'finished', {}, WEB01)).toMatchObject({ reported: false });
    expect(await state()).toBe('booting');
  });
});

describe('Butane in a profile', () => {
  const put = (template: string) =>
    world.stores.profiles.put({ name: 'server', image: 'other', template, arguments: '', variables: {} });

  test('reaches the machine as Ignition', async () => {
    await reads('ignition', 'coreos', 'Fedora CoreOS 42', '42');
    await put(
      'variant: fcos\nversion: 1.4.0\nstorage:\n  files:\n    - path: /etc/hostname\n      contents: {inline: {{ machine.name }}}\n',
    );
    const answer = await ask('config.ign');
    expect(answer.found && JSON.parse(String(answer.content))).toEqual({
      ignition: { version: '3.3.0' },
      storage: { files: [{ path: '/etc/hostname', contents: { source: 'data:,web01' } }] },
    });
  });

  test('stays as it is where it is Ignition already', async () => {
    await reads('ignition', 'coreos', 'Fedora CoreOS 42', '42');
    await put('{"ignition": {"version": "3.0.0"}}');
    expect(await ask('config.ign')).toMatchObject({
      found: true,
      content: '{"ignition": {"version": "3.0.0"}}\n',
    });
  });

  test('is refused with the place of what is wrong, and the install is not under way', async () => {
    await reads('ignition', 'coreos', 'Fedora CoreOS 42', '42');
    await put('variant: fcos\nversion: 1.4.0\nstorge: {}\n');
    expect(await ask('config.ign')).toMatchObject({
      found: false,
      because: expect.stringMatching(/^the Butane that profile server made, 3:1: "storge" is not a key/),
    });
    expect(await state()).toBe('booting');
  });

  test('is refused where it is too long to be one', async () => {
    await reads('ignition', 'coreos', 'Fedora CoreOS 42', '42');
    await put(`variant: fcos\n${'# more\n'.repeat(40_000)}`.slice(0, 262_100) + '\n{{ "x" * 200 }}');
    expect(await ask('config.ign')).toMatchObject({
      found: false,
      because: expect.stringContaining('262144 are the most'),
    });
  });
});
