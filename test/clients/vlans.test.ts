import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITED_BROADCAST, parseMac, UNSPECIFIED } from '../../src/lib/addresses.ts';
import { ETHERNET_BROADCAST, encodeUdpFrame } from '../../src/os/udp-frame.ts';
import { encodeMessage } from '../../src/protocols/dhcp/message.ts';
import { requestOf } from '../../src/protocols/dhcp/suite/packets.ts';
import { encodeSolicitation } from '../../src/protocols/neighbor-discovery/router-message.ts';
import { clientsOfTest } from './clients-of-test.ts';
import { Udhcpc } from './dhcp-client-programs.ts';
import { CLASSIC_SUBNET, EVENT_WAIT, MusterInNamespace } from './muster-in-namespace.ts';
import { describeInNamespace, makeNamespace, type NetworkNamespace } from './namespace.ts';

const MAC = parseMac('52:54:00:00:00:81');
const SOLICITATIONS = 'muster_ipv6_router_messages_total{kind="solicitations"}';
/** What is answered is answered within this. */
const ANSWER_MS = 1_500;

/** The server's end of the cable is `nic0`, the other end `eth0` of `trunk`. */
async function layCable(): Promise<{ server: NetworkNamespace; trunk: NetworkNamespace }> {
  const [server, trunk] = await Promise.all([makeNamespace(), makeNamespace()]);
  await server.ip(
    `link add nic0 address 52:54:00:ff:00:02 type veth peer name eth0 address ${MAC} netns ${trunk.pid}`,
    'address add 192.168.122.1/24 dev nic0',
    'link set nic0 up',
  );
  // Else its own system looks for routers too.
  await trunk.run('sysctl', ['-q', '-w', 'net.ipv6.conf.eth0.disable_ipv6=1']);
  await trunk.ip('link set eth0 up');
  return { server, trunk };
}

/** IEEE 802.1Q: the tag stands between the addresses and the type. */
function tagged(frame: Uint8Array, vlan: number): string {
  const tag = Uint8Array.of(0x81, 0x00, vlan >> 8, vlan & 0xff);
  return hex(Buffer.concat([frame.subarray(0, 12), tag, frame.subarray(12)]));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describeInNamespace('muster up on a cable with virtual LANs that are not its own', () => {
  let server: NetworkNamespace;
  let trunk: NetworkNamespace;
  let muster: MusterInNamespace;

  beforeAll(async () => {
    ({ server, trunk } = await layCable());
    muster = new MusterInNamespace(server, { settings: { MUSTER_INTERFACES: 'nic0' } });
    await muster.up();
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
  });
  afterAll(async () => {
    await muster.close();
    await trunk.close();
    await server.close();
  });

  const discover = encodeUdpFrame({
    destinationMac: ETHERNET_BROADCAST,
    sourceMac: MAC,
    sourceAddress: UNSPECIFIED,
    destinationAddress: LIMITED_BROADCAST,
    sourcePort: 68,
    destinationPort: 67,
    identification: 1,
    payload: encodeMessage(requestOf('DHCPDISCOVER', { mac: MAC, broadcast: true })),
  });

  /** What the server says within a moment of these frames. */
  async function answersTo(...frames: readonly string[]): Promise<string> {
    const wire = trunk.start('tcpdump', ['-l', '-n', '-e', '-Q', 'in', '-i', 'eth0', 'udp or icmp6 or vlan']);
    await wire.waitFor(/listening on/);
    await trunk.runScript('test/clients/send-frames-child.ts', ['eth0', ...frames]);
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    return (await wire.stop()).stdout;
  }

  test('it answers DHCPDISCOVER without a tag, and none with one', async () => {
    expect(await answersTo(tagged(discover, 100))).not.toContain('.67 >');
    expect(muster.told('dhcp.offered')).toEqual([]);
    expect(await answersTo(hex(discover))).toContain('192.168.122.1.67 > 255.255.255.255.68');
    await expect.poll(() => muster.told('dhcp.offered').length, EVENT_WAIT).toBe(1);
  });

  test('it hears who looks for an IPv6 router without a tag, and nobody with one', async () => {
    const solicitation = encodeSolicitation(MAC);
    const before = await muster.metric(SOLICITATIONS);
    await answersTo(tagged(solicitation, 100));
    expect(await muster.metric(SOLICITATIONS)).toBe(before);
    await answersTo(hex(solicitation));
    expect(await muster.metric(SOLICITATIONS)).toBe(before + 1);
  });
});

/** Frames to a macvlan come to the interface below it too, as those of a virtual LAN with an interface of its own do. */
describeInNamespace('muster up on an interface with another one on top of it', () => {
  test('leaves what is for the other one to that', async ({ onTestFinished }) => {
    const { server, trunk } = await layCable();
    onTestFinished(() => server.close());
    onTestFinished(() => trunk.close());
    await server.ip(
      'link add link nic0 name mac0 address 52:54:00:ff:00:03 type macvlan mode bridge',
      'address add 10.4.0.1/24 dev mac0',
      'link set mac0 up',
    );
    const muster = new MusterInNamespace(server, { settings: { MUSTER_INTERFACES: 'nic0' } });
    onTestFinished(() => muster.close());
    await muster.up();
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    const toOther = Uint8Array.from(encodeSolicitation(MAC));
    toOther.set(Buffer.from('525400ff0003', 'hex'));
    const heard = (): Promise<number> => muster.metric(SOLICITATIONS);
    const before = await heard();
    await trunk.runScript('test/clients/send-frames-child.ts', ['eth0', hex(toOther)]);
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    expect(await heard()).toBe(before);
    await trunk.runScript('test/clients/send-frames-child.ts', ['eth0', hex(encodeSolicitation(MAC))]);
    await expect.poll(heard, EVENT_WAIT).not.toBe(before);
  });
});

/** Why no interface of a virtual LAN can be made here; undefined where one can. */
function whyNoVlan(): string | undefined {
  const make = 'ip link set lo up && ip link add link lo name probe type vlan id 1';
  const tried = spawnSync('unshare', ['--net', '--', 'sh', '-c', make], { encoding: 'utf8' });
  if (tried.status === 0 || process.getuid?.() !== 0) return undefined;
  return `this kernel makes no interfaces for virtual LANs (8021q): ${(tried.stderr ?? '').trim()}`;
}

function describeWithVlans(title: string, suite: () => void): void {
  const because = whyNoVlan();
  if (because === undefined) describeInNamespace(title, suite);
  else describe.skip(`${title} (skipped: ${because})`, suite);
}

describeWithVlans('muster up on two virtual LANs and their cable', () => {
  let server: NetworkNamespace;
  let trunk: NetworkNamespace;
  let muster: MusterInNamespace;
  const machines: NetworkNamespace[] = [];

  beforeAll(async () => {
    ({ server, trunk } = await layCable());
    await server.ip(
      'link add link nic0 name nic0.100 type vlan id 100',
      'link add link nic0 name nic0.200 type vlan id 200',
      'address add 10.100.0.1/24 dev nic0.100',
      'address add 10.200.0.1/24 dev nic0.200',
      'link set nic0.100 up',
      'link set nic0.200 up',
    );
    muster = new MusterInNamespace(server, { settings: { MUSTER_INTERFACES: 'auto' } });
    const box = await muster.up();
    expect(box).toMatch(/nic0\.100 .*it is a VLAN/);
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    for (const vlan of [100, 200])
      await muster.run(
        'subnet',
        'add',
        `vlan${vlan}`,
        `--network=10.${vlan}.0.0/24`,
        `--range=10.${vlan}.0.50-10.${vlan}.0.60`,
      );
  });
  afterAll(async () => {
    await muster.close();
    await Promise.all([...machines, trunk, server].map((namespace) => namespace.close()));
  });

  /** A machine whose switch port is in this virtual LAN, so that it knows nothing of tags. */
  async function machineIn(vlan: number): Promise<NetworkNamespace> {
    const machine = await makeNamespace();
    machines.push(machine);
    await trunk.ip(
      `link add link eth0 name port${vlan} address 52:54:00:00:01:${vlan / 10} type vlan id ${vlan}`,
      `link set port${vlan} netns ${machine.pid} name eth0`,
    );
    await machine.ip('link set eth0 up');
    return machine;
  }

  test('each machine gets an address of its own subnet, and its files, and nothing goes out without a tag', async (context) => {
    const { use } = clientsOfTest(context, muster);
    const wire = trunk.start('tcpdump', ['-l', '-n', '-e', '-Q', 'in', '-i', 'eth0']);
    await wire.waitFor(/listening on/);
    for (const vlan of [100, 200]) {
      const machine = await machineIn(vlan);
      const client = use(new Udhcpc(machine));
      client.start();
      expect(await client.told('bound')).toMatchObject({
        ip: `10.${vlan}.0.50`,
        serverid: `10.${vlan}.0.1`,
        siaddr: `10.${vlan}.0.1`,
      });
      await machine.run('curl', ['-sS', '-o', '/dev/null', `tftp://10.${vlan}.0.1/pxelinux.0`]);
    }
    await expect
      .poll(() => muster.told('dhcp.acknowledged').map(({ data }) => data?.['interface']), EVENT_WAIT)
      .toEqual(['nic0.100', 'nic0.200']);
    const lines = (await wire.stop()).stdout.split('\n').filter((line) => line.includes('.67 > '));
    expect(lines.length).toBeGreaterThanOrEqual(4);
    for (const line of lines) expect(line).toMatch(/vlan (?:100|200),/);
  });

  test('the cable itself is a segment too', async (context) => {
    const client = clientsOfTest(context, muster).use(new Udhcpc(trunk));
    client.start();
    expect((await client.told('bound'))['ip']).toMatch(/^192\.168\.122\.1\d\d$/);
  });
});
