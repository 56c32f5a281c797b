import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseIpv4, parseMac, UNSPECIFIED } from '../../src/lib/addresses.ts';
import { decodeMessage, encodeMessage } from '../../src/protocols/dhcp/message.ts';
import { MessageType, Options } from '../../src/protocols/dhcp/options.ts';
import { requestOf } from '../../src/protocols/dhcp/suite/packets.ts';
import { clientsOfTest } from './clients-of-test.ts';
import { ROM_CLASS, Udhcpc } from './dhcp-client-programs.ts';
import { EVENT_WAIT, MusterInNamespace, Segment, SERVER_ADDRESS } from './muster-in-namespace.ts';
import { describeInNamespace, makeNamespace, type NetworkNamespace } from './namespace.ts';

const MAC = parseMac('52:54:00:00:00:71');
const OTHER_ADDRESS = '192.168.122.2';
const DNSMASQ = ['--keep-in-foreground', '--port=0', '--conf-file=/dev/null', '--pid-file=', '--user=root'];

describeInNamespace('muster up beside another DHCP server, for machines behind a relay', () => {
  let backbone: Segment;
  let machine: NetworkNamespace;
  let muster: MusterInNamespace;

  /** dnsmasq on the router asks both servers for the machine on the floor; another dnsmasq gives the addresses. */
  beforeAll(async () => {
    backbone = await Segment.make();
    machine = await makeNamespace();
    const router = await backbone.plugIn('52:54:00:00:00:72');
    await router.run('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=1']);
    await router.ip(
      'address add 192.168.122.254/24 dev eth0',
      `link add floor0 type veth peer name eth0 address ${MAC} netns ${machine.pid}`,
      'address add 10.1.0.1/24 dev floor0',
      'link set floor0 up',
    );
    await machine.ip('link set eth0 up');
    router.start('dnsmasq', [
      ...DNSMASQ,
      `--dhcp-relay=10.1.0.1,${SERVER_ADDRESS}`,
      `--dhcp-relay=10.1.0.1,${OTHER_ADDRESS}`,
    ]);
    const other = await backbone.plugIn('52:54:00:00:00:73');
    await other.ip(`address add ${OTHER_ADDRESS}/24 dev eth0`, 'route add 10.1.0.0/24 via 192.168.122.254');
    other.start('dnsmasq', [
      ...DNSMASQ,
      '--interface=eth0',
      '--dhcp-range=10.1.0.50,10.1.0.60,255.255.255.0,1h',
      '--dhcp-option=3,10.1.0.1',
      '--dhcp-authoritative',
      '--no-ping',
      '--leasefile-ro',
    ]);
    await backbone.server.ip('route add 10.1.0.0/24 via 192.168.122.254');
    muster = new MusterInNamespace(backbone.server);
    await muster.up();
    await muster.run('subnet', 'add', 'floor', '--network=10.1.0.0/24', '--mode=proxy');
    await muster.run('machine', 'add', 'rom', '--mac', MAC);
  });
  afterAll(async () => {
    await muster.close();
    await machine.close();
    await backbone.close();
  });

  test('the ROM hears both through the relay, has its address from the other and its files from Muster', async (context) => {
    const { use, toldOf } = clientsOfTest(context, muster);
    const wire = machine.start('tcpdump', ['-l', '-n', '-v', '-i', 'eth0', 'udp', 'dst', 'port', '68']);
    await wire.waitFor(/listening on/);
    const rom = use(new Udhcpc(machine, ['-V', ROM_CLASS]));
    rom.start();
    const { ip } = await rom.told('bound');
    expect(ip).toMatch(/^10\.1\.0\.[56]\d$/);
    await wire.waitFor(
      /Server-IP 192\.168\.122\.1\n[^]*?Gateway-IP 10\.1\.0\.1[^]*?file "pxelinux\.0"[^]*?Server-ID \(54\), length 4: 192\.168\.122\.1\n/,
    );
    await toldOf('dhcp.proxied', MAC).toMatchObject([
      { data: { giaddr: '10.1.0.1', subnet: 'floor', bootFile: 'pxelinux.0' } },
    ]);
    expect(await muster.leases()).toEqual([]);

    await machine.ip('route add default via 10.1.0.1');
    const config = `tftp://${SERVER_ADDRESS}/pxelinux.cfg/01-${MAC.replaceAll(':', '-')}`;
    expect((await machine.run('curl', ['-sS', config])).stdout).toMatch(/localboot/i);
    await toldOf('boot.decided', MAC).toMatchObject([{ data: { address: ip } }]);
  });

  test('port 4011 answers past the relay, to where it is asked from', async () => {
    await machine.ip('address replace 10.1.0.77/24 dev eth0', 'route replace default via 10.1.0.1');
    const asked = join(muster.folder, 'asked');
    const request = requestOf('DHCPREQUEST', {
      mac: MAC,
      ciaddr: parseIpv4('10.1.0.77'),
      options: (b) => b.set(Options.classId, ROM_CLASS),
    });
    writeFileSync(asked, encodeMessage(request));
    const there = `UDP4:${SERVER_ADDRESS}:4011,bind=10.1.0.77:4011`;
    const ask = `socat -T 2 - ${there} <${asked} | od -An -v -tx1`;
    const { stdout } = await machine.run('sh', ['-c', ask]);
    const reply = decodeMessage(Uint8Array.from(Buffer.from(stdout.replaceAll(/\s/g, ''), 'hex')));
    expect(reply.options.get(Options.messageType)).toBe(MessageType.DHCPACK);
    expect(reply).toMatchObject({
      yiaddr: UNSPECIFIED,
      giaddr: UNSPECIFIED,
      siaddr: SERVER_ADDRESS,
      file: 'pxelinux.0',
    });
    await expect
      .poll(() => muster.told('dhcp.proxied').at(-1)?.data, EVENT_WAIT)
      .toMatchObject({ message: 'DHCPREQUEST', subnet: 'floor' });
  });
});
