import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TimelineEvent } from '../../core/events/timeline-event.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { PxeSubOption, readPxeSubOptions } from '../../protocols/dhcp/pxe.ts';
import { goldenMessage, requestOf } from '../../protocols/dhcp/suite/packets.ts';
import { ARRIVAL, at, CLASSIC, Lab, mac } from '../suite/dhcp-lab.ts';

let lab: Lab;

beforeEach(async () => {
  lab = await Lab.open();
  await lab.add({ ...CLASSIC, mode: 'proxy', ranges: [] });
});
afterEach(() => lab.close());

const uefi = (): DhcpMessage => goldenMessage('edk2-discover');
const bios = (): DhcpMessage =>
  requestOf('DHCPDISCOVER', {
    mac: mac(1),
    options: (b) => b.set(Options.classId, 'PXEClient:Arch:00000:UNDI:002001'),
  });

function styleOf(reply: DhcpMessage | undefined): string {
  const pxe = readPxeSubOptions(reply?.options.raw(Options.vendorSpecific.code));
  if (pxe === undefined) return 'ask again';
  return pxe.has(PxeSubOption.bootMenu) ? 'menu' : 'direct';
}

/** What a client hears that asks after these seconds, one after the other. */
async function hears(discover: () => DhcpMessage, seconds: readonly number[]): Promise<readonly string[]> {
  const start = lab.nowMs;
  const styles: string[] = [];
  for (const second of seconds) {
    lab.nowMs = start + second * 1000;
    styles.push(styleOf(await lab.ask(discover())));
  }
  return styles;
}

async function last(kind: TimelineEvent['kind']): Promise<TimelineEvent | undefined> {
  return (await lab.timeline()).findLast((event) => event.kind === kind);
}

/** EDK2's questions of one boot. */
const EDK2_SECONDS = [0, 4, 12, 28];

describe('a client that does not follow its offer', () => {
  test('of UEFI hears the other style while it still asks, and the timeline says so', async () => {
    expect(await hears(uefi, EDK2_SECONDS)).toEqual(['ask again', 'ask again', 'direct', 'direct']);
    expect(await last('dhcp.proxied')).toMatchObject({
      because: expect.stringContaining(
        'said in another way (the offer names the file, and nothing is to be asked at port 4011)',
      ),
      data: { style: 'direct' },
    });
  });

  test('hears that one first at its next boot, and then the usual one', async () => {
    await hears(uefi, EDK2_SECONDS);
    lab.service.tellUnfollowed();
    lab.nowMs += 120_000;
    expect(await hears(uefi, EDK2_SECONDS)).toEqual(['direct', 'direct', 'ask again', 'ask again']);
  });

  test('keeps the style that it followed', async () => {
    await hears(uefi, [0, 4, 12]);
    await lab.ask(goldenMessage('edk2-request'));
    lab.seen.get(at(77), lab.nowMs);
    await lab.service.answerBootServer(
      { ...goldenMessage('edk2-request'), ciaddr: at(77) },
      { ...ARRIVAL, sourceAddress: at(77), sourcePort: 4011 },
    );
    lab.nowMs += 120_000;
    lab.service.tellUnfollowed();
    expect(await hears(uefi, [0])).toEqual(['direct']);
    expect(await last('dhcp.proxyUnfollowed')).toBeUndefined();
  });

  test('of BIOS that takes its address and never comes hears of a menu at its next boot', async () => {
    expect(await hears(bios, [0, 1])).toEqual(['direct', 'direct']);
    await lab.ask(requestOf('DHCPREQUEST', { mac: mac(1) }));
    lab.nowMs += 30_000;
    lab.service.tellUnfollowed();
    expect(await last('dhcp.proxyUnfollowed')).toMatchObject({
      because: expect.stringMatching(
        /at its next boot a menu of one item in option 43.*; if that does not help.*ISC dhcpd: next-server 192\.168\.122\.1;/,
      ),
      data: { how: 'never came', nextStyle: 'menu' },
    });
    expect(await hears(bios, [0])).toEqual(['menu']);
  });

  test('is no other client', async () => {
    await hears(uefi, EDK2_SECONDS);
    expect(await hears(bios, [0])).toEqual(['direct']);
  });

  test('and has no other style, as iPXE, is told of alone', async () => {
    expect(await hears(() => goldenMessage('ipxe-rom-discover'), [0, 4, 12, 28])).toEqual(
      Array(4).fill('direct'),
    );
    lab.service.tellUnfollowed();
    expect(await last('dhcp.proxyUnfollowed')).toMatchObject({
      because: expect.stringMatching(
        /\(proxyDHCP\): let the other DHCP server say it, with its lines of these: ISC/,
      ),
    });
  });
});

describe('a client for which there is nothing', () => {
  const ofArchitecture = (architecture: number): DhcpMessage =>
    requestOf('DHCPDISCOVER', {
      mac: mac(1),
      options: (b) => b.set(Options.classId, 'PXEClient').set(Options.clientSystem, [architecture]),
    });

  test('of an architecture nobody knows is not answered, and the timeline says what mends it', async () => {
    expect(await lab.ask(ofArchitecture(999))).toBeUndefined();
    expect(await last('dhcp.silent')).toMatchObject({
      because:
        'there is no loader yet for firmware of architecture 999 (option 93 is 999): muster subnet set --filename names one of your own',
      data: { reason: 'noBoot', architecture: 999 },
    });
  });

  test('since no loader is there is not answered, and the timeline says what mends it', async () => {
    lab.loaders = new Set();
    expect(await lab.ask(uefi())).toBeUndefined();
    expect(await last('dhcp.silent')).toMatchObject({
      because:
        'x64 UEFI has no loader to go on with: ipxe lacks snponly.efi; ipxe lacks ipxe.efi: muster loaders says where to get them',
    });
  });

  test('is not told of one that does not follow', async () => {
    lab.loaders = new Set();
    await hears(uefi, EDK2_SECONDS);
    lab.service.tellUnfollowed();
    expect(await last('dhcp.proxyUnfollowed')).toBeUndefined();
  });
});
