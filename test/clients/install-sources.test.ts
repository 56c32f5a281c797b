import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Udhcpc } from './dhcp-client-programs.ts';
import {
  CLASSIC_SUBNET,
  EVENT_WAIT,
  MusterInNamespace,
  Segment,
  SERVER_ADDRESS,
} from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';

const MAC = '52:54:00:00:00:92';
const TREE: Readonly<Record<string, string>> = {
  '.treeinfo':
    '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n[images-x86_64]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n',
  'repodata/repomd.xml': '<repomd/>',
  'isolinux/isolinux.cfg': '# as it was\n'.repeat(100),
  'images/pxeboot/vmlinuz': 'kernel',
  'images/pxeboot/initrd.img': 'initrd',
};

describeInNamespace('muster up and an installer that takes its tree over HTTP, FTP and NFS', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let machine: NetworkNamespace;
  let dhcp: Udhcpc;
  let home = '';

  beforeAll(async () => {
    segment = await Segment.make();
    machine = await segment.plugIn(MAC);
    muster = new MusterInNamespace(segment.server);
    home = join(muster.folder, 'here');
    for (const [path, text] of Object.entries(TREE)) {
      mkdirSync(dirname(join(home, 'tree', path)), { recursive: true });
      writeFileSync(join(home, 'tree', path), text);
    }
    const made = ['-as', 'mkisofs', '-quiet', '-R', '-o', join(home, 'centos.iso'), join(home, 'tree')];
    await segment.server.run('xorriso', made);
    await muster.up();
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    await muster.run('image', 'add', join(home, 'centos.iso'), '--name', 'centos');
    await muster.run('machine', 'add', 'web01', '--mac', MAC);
    await muster.run('profile', 'set', 'web', '--image', 'centos');
    dhcp = new Udhcpc(machine);
    dhcp.start();
    await dhcp.told('bound');
  });
  afterAll(async () => {
    await dhcp.close();
    await muster.close();
    await segment.close();
  });

  const get = async (url: string): Promise<string> =>
    (await machine.run('curl', ['-sS', '--fail', url])).stdout;
  const script = (): Promise<string> => get(`http://${SERVER_ADDRESS}:8080/boot/boot.ipxe`);

  test('the disc image as a whole comes by ranges over HTTP, and a folder has none', async () => {
    const url = `http://${SERVER_ADDRESS}:8080/images/centos.iso`;
    const target = join(home, 'whole');
    await machine.run('curl', ['-sS', '--fail', '-o', target, url]);
    expect(readFileSync(target).equals(readFileSync(join(home, 'centos.iso')))).toBe(true);
    const head = (await machine.run('curl', ['-sSI', url])).stdout;
    expect(head).toMatch(/accept-ranges: bytes/i);
    expect(head).toContain(`${statSync(target).size}`);
    const part = await machine.run('curl', ['-sS', '--fail', '-r', '32769-32773', url]);
    expect(part.stdout).toBe('CD001');
  });

  for (const [source, place, answer, line] of [
    [
      'auto',
      `inst.repo=http://${SERVER_ADDRESS}:8080/images/centos`,
      'http',
      `url --url=http://${SERVER_ADDRESS}:8080/images/centos`,
    ],
    [
      'ftp',
      `inst.repo=ftp://${SERVER_ADDRESS}/images/centos`,
      'ftp',
      `url --url=ftp://${SERVER_ADDRESS}/images/centos`,
    ],
    [
      'nfs',
      `inst.repo=nfs:${SERVER_ADDRESS}:/images/centos`,
      'http',
      `nfs --server=${SERVER_ADDRESS} --dir=/images/centos`,
    ],
  ] as const) {
    test(`--source ${source}: kernel, answer file, explain and timeline say so`, async () => {
      await muster.run('profile', 'set', 'web', '--source', source);
      const install = await muster.run<{ readonly id: string }>('install', 'web01', '--profile', 'web');
      const { stdout } = await muster.tryRun('explain', 'web01');
      expect(stdout).toMatch(/^Gets its tree over (?:HTTP|FTP|NFS), /m);
      const text = await script();
      expect(text).toContain(place);
      const url = /inst\.ks=(\S+)/.exec(text)?.[1] ?? '';
      expect(url).toMatch(new RegExp(`^${answer}://`));
      const kickstart = await get(url);
      expect(kickstart).toContain(`\n${line}\n`);
      // Wrong names tell nothing, over FTP too.
      await expect(get(url.replace(/[\da-f]{32}/, '0'.repeat(32)))).rejects.toThrow();
      const decided = () => muster.told('boot.decided').at(-1)?.data;
      await expect.poll(decided, EVENT_WAIT).toMatchObject({ source: source === 'auto' ? 'http' : source });
      await expect.poll(() => muster.told(`${answer}.sent`).at(-1)?.text, EVENT_WAIT).toMatch(/ks\.cfg/);
      await muster.run('install', 'cancel', install.id);
      await expect(get(url)).rejects.toThrow();
    });
  }

  test('a machine with too little memory gets the lighter way, and is refused where there is none', async () => {
    await muster.run('profile', 'set', 'web', '--source', 'auto');
    await muster.run('machine', 'set', 'web01', '--memory', '1G');
    const install = await muster.run<{ readonly id: string }>('install', 'web01', '--profile', 'web');
    const { stdout } = await muster.tryRun('explain', 'web01');
    expect(stdout).toMatch(
      /^Gets its tree over NFS, for it takes 1536 MiB of memory over HTTP, and machine web01 has 1024 MiB$/m,
    );
    await muster.run('install', 'cancel', install.id);
    await muster.run('machine', 'set', 'web01', '--memory', '256');
    const refused = await muster.tryRun('install', 'web01', '--profile', 'web');
    expect(refused.stderr).toContain('machine web01 has 256 MiB');
    await muster.run('machine', 'set', 'web01', '--memory-check', 'off');
    const armed = await muster.run<{ readonly id: string }>('install', 'web01', '--profile', 'web');
    await muster.run('install', 'cancel', armed.id);
  });

  test('a tool that an installer runs is explained with its way, as installs are', async () => {
    await muster.run('machine', 'set', 'web01', '--memory', '4G');
    const install = await muster.run<{ readonly id: string }>('boot', 'web01', 'rescue');
    const { stdout } = await muster.tryRun('explain', 'web01');
    expect(stdout).toMatch(/^Gets its tree over HTTP, /m);
    await muster.run('install', 'cancel', install.id);
  });

  test('files of an overlay are behind the initrd, and over the tree through every door', async () => {
    const overlays = join(muster.folder, 'data/overlays');
    for (const [path, text] of [
      ['web/initrd/etc/hello.j2', 'hello {{ machine.name }}\n'],
      ['centos/tree/images/product.img', 'product'],
      ['centos/tree/repodata/repomd.xml', '<overlaid/>'],
    ] as const) {
      mkdirSync(dirname(join(overlays, path)), { recursive: true });
      writeFileSync(join(overlays, path), text);
    }
    for (const base of [`http://${SERVER_ADDRESS}:8080`, `ftp://${SERVER_ADDRESS}`]) {
      await expect
        .poll(() => get(`${base}/images/centos/images/product.img`).catch(String), EVENT_WAIT)
        .toBe('product');
      expect(await get(`${base}/images/centos/repodata/repomd.xml`)).toBe('<overlaid/>');
      expect(await get(`${base}/images/centos/.treeinfo`)).toBe(TREE['.treeinfo']);
    }
    const copy = join(home, 'copy');
    await machine.run('nfs-cp', [`nfs://${SERVER_ADDRESS}/images/centos/repodata/repomd.xml`, copy]);
    expect(readFileSync(copy, 'utf8')).toBe('<overlaid/>');
    await muster.run('install', 'web01', '--profile', 'web');
    const [, initrd = ''] = /^initrd \S+ \S+ (\S+)/m.exec(await script()) ?? [];
    expect(initrd).toContain('/boot/overlay/i-');
    for (const url of [initrd, initrd.replace(/^http:\/\/[^/]+/, `tftp://${SERVER_ADDRESS}`)])
      expect(await get(url)).toMatch(/^initrd\0\0(?:.|\n)*hello web01\n/);
  });

  test('a disc for its BMC is refused with an overlay, and without one starts the installer', async () => {
    const refused = await muster.tryRun('machine', 'media', 'web01');
    expect(refused.stderr).toContain('rofile web has an overlay');
    rmSync(join(muster.folder, 'data/overlays'), { recursive: true });
    const url = (await muster.tryRun('machine', 'media', 'web01')).stdout.trim();
    const head = (await machine.run('curl', ['-sSI', url])).stdout;
    expect(head).toMatch(/accept-ranges: bytes/i);
    expect(head).toMatch(/etag: /i);
    const target = join(home, 'media');
    await machine.run('curl', ['-sS', '--fail', '-o', target, url]);
    const bytes = readFileSync(target);
    expect(bytes.length).toBe(statSync(join(home, 'centos.iso')).size);
    expect(bytes.toString('latin1')).toContain('linux /images/pxeboot/vmlinuz');
    const part = await machine.run('curl', ['-sS', '--fail', '-r', '32769-32773', url]);
    expect(part.stdout).toBe('CD001');
  });

  test('no token of an install is in the timeline', async () => {
    const { stdout } = await muster.tryRun('events', '-o', 'json', '--limit', '500');
    expect(stdout).toContain('ks.cfg');
    expect(stdout).not.toMatch(/[\da-f]{32}/);
  });
});
