import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseIpv4, UNSPECIFIED } from '../../lib/addresses.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { readPxeSubOptions } from '../../protocols/dhcp/pxe.ts';
import { goldenMessage, requestOf, SAMPLE_MAC } from '../../protocols/dhcp/suite/packets.ts';
import { whereToSend } from '../../protocols/dhcp/where-to-send.ts';
import { ARRIVAL, at, CLASSIC, Lab, mac, SERVER, typeOf } from '../suite/dhcp-lab.ts';

/** The server that gives the addresses. */
const OTHER = parseIpv4('192.168.122.2');
const SCRIPT = 'http://192.168.122.1:8080/boot/boot.ipxe';

let lab: Lab;

beforeEach(async () => {
  lab = await Lab.open();
  await lab.add({ ...CLASSIC, mode: 'proxy', ranges: [] });
});
afterEach(() => lab.close());

/** As the client takes the other server's offer, for all to hear. */
const takesOther = (who: string, address = at(77)): DhcpMessage =>
  requestOf('DHCPREQUEST', {
    mac: who as never,
    options: (b) => b.set(Options.dhcpServerId, OTHER).set(Options.addressRequest, address),
  });

const askBootServer = (request: DhcpMessage): Promise<DhcpMessage | undefined> =>
  lab.service.answerBootServer(request, { ...ARRIVAL, sourceAddress: at(77), sourcePort: 4011 });

describe('beside another DHCP server', () => {
  test('a BIOS ROM is told at once what to boot, and gets no address', async () => {
    const reply = await lab.ask({
      ...requestOf('DHCPDISCOVER', {
        mac: mac(1),
        options: (b) => b.set(Options.classId, 'PXEClient:Arch:00000:UNDI:002001'),
      }),
    });
    expect(typeOf(reply)).toBe('DHCPOFFER');
    expect(reply).toMatchObject({
      yiaddr: UNSPECIFIED,
      ciaddr: UNSPECIFIED,
      siaddr: SERVER,
      sname: SERVER,
      file: 'pxelinux.0',
      broadcast: true,
    });
    expect(reply?.options.get(Options.classId)).toBe('PXEClient');
    expect(reply?.options.get(Options.dhcpServerId)).toBe(SERVER);
    expect([...(readPxeSubOptions(reply?.options.raw(43)) ?? [])]).toEqual([[6, Uint8Array.of(8)]]);
    for (const row of [Options.addressTime, Options.subnetMask, Options.router])
      expect(reply?.options.has(row)).toBe(false);
    expect(reply && whereToSend(reply, 68)).toEqual({ to: 'broadcast' });
    expect(await lab.leases.list()).toEqual([]);
  });

  test('UEFI is told to ask port 4011, and gets iPXE there, since GRUB would ask the other server', async () => {
    const offer = await lab.ask(goldenMessage('edk2-discover'));
    expect(offer).toMatchObject({ yiaddr: UNSPECIFIED, siaddr: SERVER, file: 'snponly.efi' });
    expect(offer?.options.get(Options.classId)).toBe('PXEClient');
    expect(offer?.options.has(Options.vendorSpecific)).toBe(false);
    expect(offer?.options.raw(97)).toEqual(goldenMessage('edk2-discover').options.raw(97));

    const ack = await askBootServer({ ...goldenMessage('edk2-request'), ciaddr: at(77) });
    expect(typeOf(ack)).toBe('DHCPACK');
    expect(ack).toMatchObject({ yiaddr: UNSPECIFIED, ciaddr: at(77), siaddr: SERVER, file: 'snponly.efi' });
    expect(ack?.options.get(Options.bootfileName)).toBe('snponly.efi');
    expect(await lab.leases.list()).toEqual([]);
  });

  test('UEFI gets shim and GRUB where somebody wishes for them', async () => {
    await lab.add({ ...CLASSIC, mode: 'proxy', loader: 'grub' });
    expect((await lab.ask(goldenMessage('edk2-discover')))?.file).toBe('shimx64.efi');
  });

  test('HTTP Boot gets a URL in its own class, and no port 4011', async () => {
    const reply = await lab.ask(goldenMessage('edk2-http-discover'));
    expect(reply?.options.get(Options.classId)).toBe('HTTPClient');
    expect(reply?.options.get(Options.bootfileName)).toBe('http://192.168.122.1:8080/boot/bootx64.img');
    expect(reply?.options.has(Options.vendorSpecific)).toBe(false);
  });

  test('iPXE gets its script at once', async () => {
    const reply = await lab.ask(goldenMessage('ipxe-rom-discover'));
    expect(reply).toMatchObject({ file: SCRIPT, siaddr: SERVER });
    expect(reply?.options.get(Options.classId)).toBe('PXEClient');
  });

  test('a boot item that is asked for is told back', async () => {
    const item = Uint8Array.of(71, 4, 0, 1, 0, 0, 255);
    const reply = await askBootServer(
      requestOf('DHCPREQUEST', {
        mac: mac(1),
        options: (b) =>
          b.set(Options.classId, 'PXEClient:Arch:00000:UNDI:002001').set(Options.vendorSpecific, item),
      }),
    );
    expect(reply?.options.raw(43)).toEqual(item);
  });

  test('an option 43 of another vendor does no harm', async () => {
    const reply = await lab.ask(
      requestOf('DHCPDISCOVER', {
        mac: mac(1),
        options: (b) =>
          b
            .set(Options.classId, 'PXEClient:Arch:00000:UNDI:002001')
            .set(Options.vendorSpecific, Uint8Array.of(71, 200, 1)),
      }),
    );
    expect(reply).toMatchObject({ file: 'pxelinux.0' });
  });
});

describe('nobody else is answered', () => {
  test('operating systems, with the reason', async () => {
    expect(await lab.ask(goldenMessage('udhcpc-discover'))).toBeUndefined();
    expect((await lab.timeline()).at(-1)).toMatchObject({
      kind: 'dhcp.silent',
      because: expect.stringContaining('an operating system asks'),
    });
  });

  test('requests to the other server, and all else', async () => {
    expect(await lab.ask(takesOther(mac(1)))).toBeUndefined();
    expect(await lab.ask(requestOf('DHCPINFORM', { mac: mac(1), ciaddr: at(5) }))).toBeUndefined();
    expect(await lab.ask(requestOf('DHCPDECLINE', { mac: mac(1) }))).toBeUndefined();
  });

  test('at port 4011 a subnet that gives addresses itself', async () => {
    await lab.add(CLASSIC);
    expect(await askBootServer(goldenMessage('edk2-request'))).toBeUndefined();
    expect((await lab.timeline()).at(-1)?.because).toContain('not at port 4011');
  });

  test('at port 4011 a message that is none for it', async () => {
    expect(await askBootServer(goldenMessage('edk2-discover'))).toBeUndefined();
  });
});

describe('who has which address', () => {
  test('is heard when machines take one of the other server', async () => {
    await lab.ask(takesOther(SAMPLE_MAC));
    expect(lab.seen.get(at(77), lab.nowMs)).toMatchObject({ mac: SAMPLE_MAC });
    await lab.ask(takesOther(mac(2)));
    expect(lab.seen.get(at(77), lab.nowMs)).toMatchObject({ mac: mac(2) });
  });

  test('is heard at port 4011', async () => {
    const request = goldenMessage('edk2-request');
    await askBootServer({ ...request, ciaddr: at(78) });
    expect(lab.seen.get(at(78), lab.nowMs)?.vendorClass).toContain('Arch:00007');
  });

  test('the timeline tells what a client was told', async () => {
    await lab.ask(goldenMessage('edk2-discover'));
    expect((await lab.timeline()).at(-1)).toMatchObject({
      kind: 'dhcp.proxied',
      text: 'Told the client to boot snponly.efi',
      because: expect.stringMatching(/^another server gives the addresses of subnet lab; boot: x64 UEFI/),
      data: { bootFile: 'snponly.efi', architecture: 7 },
    });
  });
});

describe('a client that does not follow', () => {
  const unfollowed = async (): Promise<readonly string[]> => {
    lab.service.tellUnfollowed();
    const events = await lab.timeline();
    return events
      .filter(({ kind }) => kind === 'dhcp.proxyUnfollowed')
      .map(({ text, because }) => `${text}: ${because}`);
  };

  test('is told of, with what the other server has to say', async () => {
    await lab.ask(goldenMessage('edk2-discover'));
    await lab.ask(goldenMessage('edk2-request'));
    lab.nowMs += 30_000;
    expect(await unfollowed()).toEqual([
      expect.stringMatching(
        /took its address from the other server.*dnsmasq: dhcp-boot=snponly.efi,,192.168.122.1/,
      ),
    ]);
    expect(await unfollowed()).toHaveLength(1);
  });

  test('that takes neither offer is told of', async () => {
    const start = lab.nowMs;
    // As EDK2 asks.
    for (const afterMs of [0, 4_000, 12_000, 28_000]) {
      lab.nowMs = start + afterMs;
      await lab.ask(goldenMessage('edk2-discover'));
    }
    expect(await unfollowed()).toEqual([expect.stringContaining('takes neither offer')]);
  });

  test('is none that asks port 4011, or fetches a file', async () => {
    await lab.ask(goldenMessage('edk2-discover'));
    await askBootServer({ ...goldenMessage('edk2-request'), ciaddr: at(77) });
    lab.nowMs += 30_000;
    expect(await unfollowed()).toEqual([]);
    await lab.ask(goldenMessage('edk2-discover'));
    await lab.ask(goldenMessage('edk2-request'));
    lab.seen.get(at(77), lab.nowMs);
    lab.nowMs += 30_000;
    expect(await unfollowed()).toEqual([]);
  });
});

describe('a subnet in the mode auto', () => {
  const modes = async (): Promise<readonly string[]> =>
    (await lab.timeline())
      .filter(({ kind }) => kind === 'dhcp.mode')
      .map(({ text, because }) => `${text}: ${because}`);
  const discover = (): Promise<DhcpMessage | undefined> => lab.ask(goldenMessage('ipxe-rom-discover'));

  beforeEach(() => lab.add({ ...CLASSIC, mode: 'auto' }));

  test('gives addresses while nobody else does', async () => {
    expect(await discover()).toMatchObject({ yiaddr: at(100) });
    expect(lab.service.verdictOn(ARRIVAL.interfaceName)).toEqual({ mode: 'full' });
    expect(await modes()).toEqual([]);
  });

  test('gives none from when a probe finds another server, and some again when it is gone', async () => {
    lab.service.foundServers(ARRIVAL.interfaceName, [OTHER]);
    expect(await discover()).toMatchObject({ yiaddr: UNSPECIFIED, file: SCRIPT });
    lab.service.foundServers(ARRIVAL.interfaceName, []);
    lab.service.foundServers(ARRIVAL.interfaceName, []);
    expect(await discover()).toMatchObject({ yiaddr: at(100) });
    expect(await modes()).toEqual([
      'Muster gives no addresses on eth0 any more, and only says what to boot: the DHCP server 192.168.122.2 gives addresses there',
      'Muster gives addresses again on eth0: no other DHCP server answered any more',
    ]);
  });

  test('gives none from when a client chooses another server', async () => {
    await lab.ask(takesOther(mac(5)));
    expect(await discover()).toMatchObject({ yiaddr: UNSPECIFIED });
    expect(await modes()).toHaveLength(1);
  });

  test('goes by each link for itself', async () => {
    const relay = parseIpv4('192.168.122.254');
    await lab.ask({ ...takesOther(mac(5)), giaddr: relay });
    expect(await discover()).toMatchObject({ yiaddr: at(100) });
    expect(await lab.ask({ ...goldenMessage('ipxe-rom-discover'), giaddr: relay })).toMatchObject({
      yiaddr: UNSPECIFIED,
      giaddr: relay,
    });
  });
});
