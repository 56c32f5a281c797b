import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { EVENT_WAIT, MusterInNamespace, Segment } from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';

const WEB01 = '52:54:00:00:00:01';
const STRANGER = '52:54:00:00:00:02';
const SERVER = 'fd00:4d55::1';
/** Of `br0`, which makes it of its MAC address. */
const SERVER_OF_LINK = 'fe80::5054:ff:feff:1';
const ADDRESS_WAIT = { timeout: 10_000, interval: 200 } as const;
/** How long dhclient is let ask; a server that answers does so at once. */
const IN_VAIN_SECONDS = 4;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Which address the interface gave itself, once it is sure of it. */
async function untilSure(machine: NetworkNamespace, interfaceName: string): Promise<void> {
  await vi.waitFor(async () => {
    const show = ['-6', 'address', 'show', 'dev', interfaceName, 'scope', 'link', '-tentative'];
    expect((await machine.run('ip', show)).stdout).toContain('inet6 fe80::');
  }, ADDRESS_WAIT);
}

async function plugIn(segment: Segment, mac: string, address: string): Promise<NetworkNamespace> {
  const machine = await segment.plugIn(mac);
  await machine.ip(`address add ${address}/64 dev eth0 nodad`);
  await untilSure(machine, 'eth0');
  return machine;
}

describeInNamespace('muster up and machines that boot over IPv6', () => {
  const handMade = randomBytes(300_001);
  const kernel = randomBytes(1_000_003);
  let segment: Segment;
  let muster: MusterInNamespace;
  let web01: NetworkNamespace;
  let stranger: NetworkNamespace;
  let box = '';

  beforeAll(async () => {
    segment = await Segment.make();
    await segment.server.ip(`address add ${SERVER}/64 dev br0 nodad`);
    web01 = await plugIn(segment, WEB01, 'fd00:4d55::5054:ff:fe00:1');
    stranger = await plugIn(segment, STRANGER, 'fd00:4d55::99');
    await untilSure(segment.server, 'br0');
    // No subnet is configured: nothing is done over IPv4.
    muster = new MusterInNamespace(segment.server, { settings: { MUSTER_IPV6_BOOT: 'on' } });
    const tree = join(muster.folder, 'tree');
    write(join(tree, 'tools/memtest.bin'), handMade);
    write(join(tree, 'snponly.efi'), 'a loader of one’s own');
    writeFileSync(muster.settingsFile, `tftp:\n  root: ${tree}\n`);
    const image = join(muster.folder, 'netboot');
    write(join(image, 'debian-installer/amd64/linux'), kernel);
    write(join(image, 'debian-installer/amd64/initrd.gz'), randomBytes(5000));
    write(join(image, 'version.info'), 'Debian version:  12 (bookworm)\n');
    // iPXE, as `muster loaders install` puts it there.
    write(join(muster.folder, 'data/loaders/usr/lib/ipxe/snponly.efi'), 'iPXE');
    box = await muster.up();
    await muster.run('image', 'add', image, '--name', 'debian');
    await muster.run('machine', 'add', 'web01', '--mac', WEB01);
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  /** What Muster answers to firmware. */
  async function firmwareAsks(machine: NetworkNamespace, ...words: readonly string[]) {
    const { stdout } = await machine.runScript('test/clients/dhcpv6-asker-child.ts', ['eth0', ...words]);
    return JSON.parse(stdout) as { type: string; url: string; class: string; codes: number[] } | null;
  }

  test('says so in its box, and where it listens in its status', async () => {
    expect(box).toContain('IPv6: firmware hears what to boot beside the DHCPv6 server that gives addresses');
    const { listeners } = await muster.run<{
      listeners: { protocol: string; address: string; port: number }[];
    }>('status');
    for (const listener of [
      { protocol: 'dhcpv6', address: 'ff02::1:2', port: 547 },
      { protocol: 'dhcpv6', address: SERVER, port: 547 },
      { protocol: 'dhcpv6', address: SERVER_OF_LINK, port: 4011 },
      { protocol: 'tftp', address: SERVER, port: 69 },
      { protocol: 'http', address: SERVER_OF_LINK, port: 8080 },
    ])
      expect(listeners).toContainEqual(listener);
  });

  test('EDK2 gets an offer without an address, and at port 4011 its loader', async () => {
    const offer = await firmwareAsks(web01, 'solicit');
    expect(offer).toEqual({
      type: 'ADVERTISE',
      url: `tftp://[${SERVER_OF_LINK}]/snponly.efi`,
      class: 'PXEClient',
      codes: [1, 2, 59, 16],
    });
    expect(await firmwareAsks(web01, 'binl', `${SERVER_OF_LINK}%eth0`)).toMatchObject({
      type: 'REPLY',
      url: `tftp://[${SERVER}]/snponly.efi`,
    });
    expect(await firmwareAsks(web01, 'http')).toMatchObject({
      type: 'ADVERTISE',
      url: `http://[${SERVER}]:8080/boot/snponly.efi`,
      class: 'HTTPClient',
    });
    await expect
      .poll(() => muster.told('dhcpv6.told').at(-1), EVENT_WAIT)
      .toMatchObject({
        mac: WEB01,
        because: expect.stringMatching(/^it is web01 by its link-local address; /),
        data: { interface: 'br0', knownBy: 'its link-local address' },
      });
    const { stdout } = await muster.tryRun('explain', 'web01');
    expect(stdout).toContain('by its link-local address');
  });

  test('dhclient that asks as firmware does is told (stateless DHCPv6)', async () => {
    const said = await dhclient(web01, 'send dhcp6.client-arch-type 16;\nrequest dhcp6.bootfile-url;');
    expect(said).toContain(`new_dhcp6_bootfile_url=http://[${SERVER}]:8080/boot/snponly.efi`);
  });

  test('dhclient of an operating system hears nothing from Muster', async () => {
    const before = await muster.metric('muster_dhcpv6_silences_total{reason="noFirmware"}');
    expect(await dhclient(stranger, 'request dhcp6.name-servers;')).not.toContain('new_dhcp6');
    expect(await muster.metric('muster_dhcpv6_silences_total{reason="noFirmware"}')).toBeGreaterThan(before);
  });

  test.each([
    ['curl', SERVER, (url: string, target: string) => ['curl', '-sS', '-g', '-o', target, url]],
    [
      'curl, by the link-local address',
      `${SERVER_OF_LINK}%25eth0`,
      (url: string, target: string) => ['curl', '-sS', '-g', '-o', target, url],
    ],
  ] as const)('%s fetches over TFTP, byte for byte', async (_name, host, command) => {
    const target = join(muster.folder, 'got');
    for (const [file, bytes] of [
      ['tools/memtest.bin', handMade],
      ['images/debian/debian-installer/amd64/linux', kernel],
    ] as const) {
      const [program = '', ...words] = command(`tftp://[${host}]/${file}`, target);
      await stranger.run(program, words);
      expect(sha256(readFileSync(target))).toBe(sha256(bytes));
    }
  });

  test('tftp-hpa fetches over IPv6 too', async () => {
    const target = join(muster.folder, 'got-hpa');
    await stranger.run('tftp', ['-6', '-m', 'binary', SERVER, '-c', 'get', 'tools/memtest.bin', target]);
    expect(sha256(readFileSync(target))).toBe(sha256(handMade));
    await expect
      .poll(() => muster.told('tftp.sent').at(-1), EVENT_WAIT)
      .toMatchObject({ data: { address: 'fd00:4d55::99' } });
  });

  test.each([
    ['the global address', SERVER, SERVER],
    ['the link-local one', `${SERVER_OF_LINK}%25eth0`, SERVER_OF_LINK],
  ])('HTTP by %s: a script whose URLs have the address that was asked', async (_name, host, named) => {
    const url = `http://[${host}]:8080/boot/boot.ipxe`;
    const { stdout } = await stranger.run('curl', ['-sS', '-g', '-f', url]);
    expect(stdout).toContain(`kernel http://[${named}]:8080/images/debian/debian-installer/amd64/linux`);
  });

  test('the machine is known by its address, and its plan is its own', async () => {
    const url = `http://[${SERVER}]:8080/boot/boot.ipxe`;
    const { stdout } = await web01.run('curl', ['-sS', '-g', '-f', url]);
    expect(stdout).toContain('booting the local disk');
    await expect
      .poll(() => muster.told('boot.decided').at(-1), EVENT_WAIT)
      .toMatchObject({ text: 'web01 boots its own disk', data: { address: 'fd00:4d55::5054:ff:fe00:1' } });
  });

  test('what makes no sense is counted, and does no harm', async () => {
    const before = await muster.metric('muster_dhcpv6_datagrams_total{outcome="dropped"}');
    expect(await firmwareAsks(stranger, 'noise')).toBeNull();
    expect(await muster.metric('muster_dhcpv6_datagrams_total{outcome="dropped"}')).toBe(before + 1);
    expect(await firmwareAsks(stranger, 'solicit')).toMatchObject({ type: 'ADVERTISE' });
  });

  test('an address that comes later is served, and one that goes is not', async () => {
    const later = 'fd00:4d55::7';
    const health = () => stranger.tryRun('curl', ['-sS', '-g', '-m', '2', `http://[${later}]:8080/healthz`]);
    await segment.server.ip(`address add ${later}/64 dev br0 nodad`);
    await expect.poll(async () => (await health()).stdout, EVENT_WAIT).toBe('ok\n');
    await segment.server.ip(`address del ${later}/64 dev br0`);
    await expect.poll(async () => (await health()).code, EVENT_WAIT).not.toBe(0);
    expect(muster.program.stderr).not.toMatch(/could not be served/);
  });

  test('ends in order, and in time', async () => {
    expect(await muster.program.stop('SIGTERM')).toMatchObject({ code: 0, signal: undefined });
  });

  /** Stateless DHCPv6 (-S), once. @returns the environment of its script. */
  async function dhclient(machine: NetworkNamespace, settings: string): Promise<string> {
    const file = (name: string): string => join(muster.folder, `dhclient.${name}`);
    writeFileSync(file('conf'), `${settings}\n`);
    writeFileSync(file('script'), '#!/bin/sh\nenv\n', { mode: 0o755 });
    writeFileSync(file('leases'), '');
    // A copy of the program: AppArmor, where it is on, keeps the one in /sbin to the host's own files.
    copyFileSync(existsSync('/sbin/dhclient') ? '/sbin/dhclient' : '/usr/sbin/dhclient', file('copy'));
    chmodSync(file('copy'), 0o755);
    const files = ['-sf', file('script'), '-lf', file('leases'), '-pf', file('pid'), '-cf', file('conf')];
    const words = ['-6', '-S', '-1', '-d', ...files, 'eth0'];
    const { stdout } = await machine.tryRun('timeout', [`${IN_VAIN_SECONDS}`, file('copy'), ...words]);
    return stdout;
  }
});

describeInNamespace('muster up where boots over IPv6 are not wanted', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let machine: NetworkNamespace;

  beforeAll(async () => {
    segment = await Segment.make();
    await segment.server.ip(`address add ${SERVER}/64 dev br0 nodad`);
    machine = await plugIn(segment, WEB01, 'fd00:4d55::11');
    await untilSure(segment.server, 'br0');
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  test('by ipv6.boot off listens on no IPv6 address', async () => {
    muster = new MusterInNamespace(segment.server, { settings: { MUSTER_IPV6_BOOT: 'off' } });
    expect(await muster.up()).toContain('IPv6: nothing boots over it (--set ipv6.boot=auto)');
    const { code } = await machine.tryRun('curl', [
      '-sS',
      '-g',
      '-m',
      '2',
      `http://[${SERVER}]:8080/healthz`,
    ]);
    expect(code).not.toBe(0);
    await muster.close();
  });

  test('where no subnet is configured, firmware is not answered, and the timeline says how it would be', async () => {
    muster = new MusterInNamespace(segment.server);
    await muster.up();
    const { stdout } = await machine.runScript('test/clients/dhcpv6-asker-child.ts', ['eth0', 'solicit']);
    expect(JSON.parse(stdout)).toBeNull();
    await expect
      .poll(() => muster.told('dhcpv6.silent'), EVENT_WAIT)
      .toMatchObject([
        { because: expect.stringContaining('--set ipv6.boot=on boots over IPv6 all the same') },
      ]);
  });
});
