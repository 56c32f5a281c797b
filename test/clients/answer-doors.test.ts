import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Udhcpc } from './dhcp-client-programs.ts';
import { CLASSIC_SUBNET, MusterInNamespace, Segment, SERVER_ADDRESS } from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';

const MAC = '52:54:00:00:00:95';
/** What its recognition looks for, of each family. */
const TREES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ubuntu: {
    'casper/vmlinuz': 'kernel',
    'casper/initrd': 'initrd',
    'casper/ubuntu-server-minimal.squashfs': 'system',
    '.disk/info': 'Ubuntu-Server 24.04.1 LTS "Noble Numbat" - Release amd64 (20240827)\n',
  },
  leap: {
    'boot/x86_64/loader/linux': 'kernel',
    'boot/x86_64/loader/initrd': 'initrd',
    'LiveOS/squashfs.img': 'system',
    'boot/grub2/grub.cfg': 'menuentry "Install openSUSE Leap 16.0" {\n}\n',
  },
  coreos: {
    'fedora-coreos-42.20250901.3.0-live-kernel.x86_64': 'kernel',
    'fedora-coreos-42.20250901.3.0-live-initramfs.x86_64.img': 'initrd',
    'fedora-coreos-42.20250901.3.0-live-rootfs.x86_64.img': 'system',
  },
  alpine: {
    'boot/vmlinuz-lts': 'kernel',
    'boot/initramfs-lts': 'initrd',
    'boot/modloop-lts': 'modules',
  },
  proxmox: {
    linux26: 'kernel',
    initrd: 'initrd',
    '.cd-info': "PRODUCT='pve'\nRELEASE='8.4'\nISORELEASE='1'\n",
  },
};
/** An initrd with the disc in it is known by its size. */
const PROXMOX_INITRD_BYTES = 700 * 1024 * 1024;

describeInNamespace('muster up and installers that fetch more than one file', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let machine: NetworkNamespace;
  let other: NetworkNamespace;
  let dhcp: Udhcpc;
  let home = '';

  beforeAll(async () => {
    segment = await Segment.make();
    machine = await segment.plugIn(MAC);
    other = await segment.plugIn('52:54:00:00:00:96');
    await other.ip('address add 192.168.122.77/24 dev eth0');
    muster = new MusterInNamespace(segment.server);
    home = join(muster.folder, 'here');
    await muster.up();
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    await muster.run('machine', 'add', 'web01', '--mac', MAC, '--memory', '16G');
    for (const [name, files] of Object.entries(TREES)) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(home, name, path)), { recursive: true });
        writeFileSync(join(home, name, path), text);
      }
      if (name === 'proxmox') truncateSync(join(home, name, 'initrd'), PROXMOX_INITRD_BYTES);
      await muster.run('image', 'add', join(home, name), '--name', name);
      await muster.run('profile', 'set', name, '--image', name);
    }
    dhcp = new Udhcpc(machine);
    dhcp.start();
    await dhcp.told('bound');
  });
  afterAll(async () => {
    await dhcp.close();
    await muster.close();
    await segment.close();
  });

  const curl = async (from: NetworkNamespace, url: string, ...words: string[]): Promise<string> =>
    (await from.run('curl', ['-sS', '--fail', ...words, url])).stdout;
  const stateOf = async (id: string): Promise<string> =>
    (await muster.run<{ readonly state: string }>('install', 'show', id)).state;

  /** Arms the machine, has it boot, and gives the words of its kernel and where its install's files are. */
  async function boot(profile: string): Promise<{ id: string; words: string; seed: string }> {
    const { id } = await muster.run<{ readonly id: string }>(
      'install',
      'web01',
      '--profile',
      profile,
      '--erase',
    );
    const words = await curl(machine, `http://${SERVER_ADDRESS}:8080/boot/boot.ipxe`);
    const seed = /http:\/\/[\d.:]+\/installs\/[\da-f]{32}\//.exec(words)?.[0] ?? '';
    return { id, words, seed };
  }

  test('cloud-init finds user-data, meta-data and vendor-data behind its seed, and nobody else does', async () => {
    const { id, words, seed } = await boot('ubuntu');
    expect(words).toContain(`ds=nocloud-net;s=${seed}`);
    expect(await curl(machine, `${seed}meta-data`)).toMatch(
      /^instance-id: "m-[\da-f]+"\nlocal-hostname: "web01"\n$/,
    );
    expect(await curl(machine, `${seed}vendor-data`)).toBe('#cloud-config\n{}\n');
    expect(await stateOf(id)).toBe('booting');
    for (const name of ['meta-data', 'user-data', 'vendor-data']) {
      await expect(curl(other, `${seed}${name}`)).rejects.toThrow(/404/);
    }
    const userData = await curl(machine, `${seed}user-data`);
    expect(userData).toMatch(/^#cloud-config\n/);
    expect(userData).toContain(seed.slice(0, -1));
    expect(await stateOf(id)).toBe('installing');
    await curl(machine, `${seed}finished`, '--data', 'step=installed&percent=100');
    expect(await stateOf(id)).toBe('installed');
    await expect(curl(machine, `${seed}user-data`)).rejects.toThrow(/404/);
  });

  test('Agama finds its script, and the script the profile', async () => {
    const { id, words, seed } = await boot('leap');
    expect(words).toContain(`inst.script=${seed}prepare.sh inst.auto=file:///run/muster/profile.json`);
    expect(await curl(machine, `${seed}prepare.sh`)).toContain(`'${seed}profile.json'`);
    expect(JSON.parse(await curl(machine, `${seed}profile.json`))).toMatchObject({
      storage: { drives: [{ search: '@MUSTER_DISK@' }] },
    });
    await muster.run('install', 'cancel', id);
  });

  describe('CoreOS', () => {
    test('finds the configuration that installs, and by it the one for the disk', async () => {
      const { id, words, seed } = await boot('coreos');
      expect(words).toContain(`ignition.config.url=${seed}live.ign`);
      expect(JSON.parse(await curl(machine, `${seed}live.ign`))).toMatchObject({
        systemd: { units: [{ name: 'muster-install.service' }] },
      });
      expect(await stateOf(id)).toBe('booting');
      expect(JSON.parse(await curl(machine, `${seed}config.ign`))).toMatchObject({
        ignition: { version: '3.3.0' },
        passwd: { users: [{ name: 'root' }] },
      });
      await muster.run('install', 'cancel', id);
    });

    test('gets Butane as Ignition, and what is wrong in it is told with its place', async () => {
      const file = join(home, 'site.bu');
      writeFileSync(
        file,
        'variant: fcos\nversion: 1.5.0\nsystemd:\n  units: [{name: a.service, mask: true}]\n',
      );
      await muster.run('profile', 'set', 'coreos', '--template', file);
      const { id, seed } = await boot('coreos');
      expect(JSON.parse(await curl(machine, `${seed}config.ign`))).toEqual({
        ignition: { version: '3.4.0' },
        systemd: { units: [{ name: 'a.service', mask: true }] },
      });
      await muster.run('install', 'cancel', id);
      writeFileSync(file, 'variant: fcos\nversion: 1.5.0\nsystemd: {unit: []}\n');
      await muster.run('profile', 'set', 'coreos', '--template', file);
      const { stderr } = await muster.tryRun('profile', 'render', 'coreos', '--machine', 'web01');
      expect(stderr).toContain('3:11: "unit" is not a key of systemd: it knows units');
    });
  });

  test("Alpine's initramfs finds its overlay, which tar reads", async () => {
    const { id, words, seed } = await boot('alpine');
    expect(words).toContain(`apkovl=${seed}muster.apkovl.tar.gz`);
    const archive = join(home, 'overlay.tar.gz');
    await curl(machine, `${seed}muster.apkovl.tar.gz`, '-o', archive);
    const listed = await machine.run('tar', ['-tzf', archive]);
    expect(listed.stdout.split('\n')).toContain('etc/local.d/muster.start');
    expect(await curl(machine, `${seed}answers`)).toContain('DISKOPTS="-m sys @MUSTER_DISK@"');
    await muster.run('install', 'cancel', id);
  });

  test('Proxmox posts what it is, and gets its answers', async () => {
    // Without them its answer file cannot be made, and no machine is armed for an installer that would wait.
    const refused = await muster.tryRun('install', 'web01', '--profile', 'proxmox');
    expect(refused.stderr).toContain('name it in the variable disk');
    expect(refused.code).toBe(1);
    await muster.run(
      'profile',
      'set',
      'proxmox',
      ...['disk=sda', 'domain=example.org', 'root_password_hash=$6$a$b'].flatMap((word) => ['--var', word]),
    );
    const { id } = await boot('proxmox');
    // Its kernel is not told where: the address comes to it by DHCP or with its disc.
    const url = `http://${SERVER_ADDRESS}:8080/installs/mine/answer.toml`;
    const json = ['-H', 'Content-Type: application/json', '--data', '{"product": {"product": "pve"}}'];
    await expect(curl(other, url, ...json)).rejects.toThrow(/404/);
    const answers = await curl(machine, url, ...json);
    expect(answers).toContain('disk-list = ["sda"]');
    expect(await stateOf(id)).toBe('installing');
    const finished = /^url = "(.*)"$/m.exec(answers)?.[1] ?? '';
    await curl(machine, finished, ...json);
    expect(await stateOf(id)).toBe('installed');
  });
});
