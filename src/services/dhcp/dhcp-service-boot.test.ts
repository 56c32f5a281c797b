import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Options } from '../../protocols/dhcp/options.ts';
import { NO_PROXY_TO_WAIT_FOR } from '../../protocols/dhcp/ipxe.ts';
import { goldenMessage, requestOf } from '../../protocols/dhcp/suite/packets.ts';
import { at, CLASSIC, Lab, mac, SERVER } from '../suite/dhcp-lab.ts';

let lab: Lab;

beforeEach(async () => {
  lab = await Lab.open();
});
afterEach(() => lab.close());

const SCRIPT = 'http://192.168.122.1:8080/boot/boot.ipxe';

describe('what real firmware is told to boot', () => {
  test('EDK2 over PXE: shim, in the header and in option 67', async () => {
    const offer = await lab.ask(goldenMessage('edk2-discover'));
    expect(offer).toMatchObject({ siaddr: SERVER, file: 'shimx64.efi' });
    expect(offer?.options.get(Options.bootfileName)).toBe('shimx64.efi');
    expect(offer?.options.has(Options.classId)).toBe(false);
    expect((await lab.timeline()).at(-1)).toMatchObject({
      text: 'Offered 192.168.122.100 with boot file shimx64.efi',
      because: expect.stringContaining('boot: x64 UEFI; '),
    });
  });

  test('EDK2 over HTTP: a URL, and its own class back', async () => {
    const offer = await lab.ask(goldenMessage('edk2-http-discover'));
    expect(offer?.options.get(Options.classId)).toBe('HTTPClient');
    expect(offer?.options.get(Options.bootfileName)).toBe('http://192.168.122.1:8080/boot/bootx64.img');
  });

  test('the iPXE ROM: its script, and that there is no proxy to wait for', async () => {
    const offer = await lab.ask(goldenMessage('ipxe-rom-discover'));
    expect(offer?.file).toBe(SCRIPT);
    expect(offer?.options.raw(Options.etherboot.code)).toEqual(NO_PROXY_TO_WAIT_FOR);
    const ack = await lab.ask(goldenMessage('ipxe-rom-request'));
    expect(ack?.file ?? SCRIPT).toBe(SCRIPT);
  });

  test('the iPXE ROM where the subnet wishes for pxelinux', async () => {
    await lab.add({ ...CLASSIC, loader: 'pxelinux' });
    expect((await lab.ask(goldenMessage('ipxe-rom-discover')))?.file).toBe('pxelinux.0');
  });
});

test('iPXE that was loaded from here is known when it asks, in its offer and its acknowledgement', async () => {
  await lab.add({ ...CLASSIC, bootFile: 'undionly.kpxe' });
  const features = goldenMessage('ipxe-rom-discover').options.raw(Options.etherboot.code)!;
  const told = async (type: 'DHCPDISCOVER' | 'DHCPREQUEST', xid: number): Promise<string | undefined> => {
    const options: NonNullable<Parameters<typeof requestOf>[1]>['options'] = (b) => {
      b.set(Options.userClass, ['iPXE']).set(Options.etherboot, features);
      return type === 'DHCPDISCOVER'
        ? b
        : b.set(Options.addressRequest, at(100)).set(Options.dhcpServerId, SERVER);
    };
    return (await lab.ask(requestOf(type, { xid, options })))?.file;
  };
  expect(await told('DHCPDISCOVER', 1)).toBe('undionly.kpxe');
  expect(await told('DHCPREQUEST', 1)).toBe('undionly.kpxe');
  expect(await told('DHCPDISCOVER', 2)).toBe(SCRIPT);
  expect(await told('DHCPREQUEST', 2)).toBe(SCRIPT);
  expect((await lab.timeline()).at(-1)?.because).toContain('would load itself again and again');
});

describe('where a loader is missing', () => {
  test('the next one of the table is given', async () => {
    lab.loaders = new Set(['shimx64.efi', 'snponly.efi']);
    expect((await lab.ask(goldenMessage('edk2-discover')))?.file).toBe('snponly.efi');
  });

  test('the client gets its lease and no boot file, and the timeline says what mends it', async () => {
    lab.loaders = new Set(['shimx64.efi']);
    const offer = await lab.ask(goldenMessage('edk2-discover'));
    expect(offer).toMatchObject({ file: '' });
    expect(offer?.options.has(Options.bootfileName)).toBe(false);
    expect((await lab.timeline()).at(-1)?.because).toContain('grub lacks grubx64.efi');
    expect((await lab.timeline()).at(-1)?.because).toContain('muster loaders says where to get them');
  });
});

describe('what is not as PXE has it', () => {
  const offerTo = (raw: Uint8Array, vendorClass: string, architecture: number) =>
    lab.ask(
      requestOf('DHCPDISCOVER', {
        mac: mac(1),
        options: (b) =>
          b
            .set(Options.classId, vendorClass)
            .set(Options.clientSystem, [architecture])
            .set(Options.vendorSpecific, raw),
      }),
    );

  for (const [what, raw] of [
    ["is another vendor's sub-options", Uint8Array.of(71, 4, 0x80, 0, 0, 0, 255)],
    ['leads out of itself', Uint8Array.of(71, 200, 1)],
    ['is text', new TextEncoder().encode('docsis1.1:nothing of ours')],
  ] as const) {
    test(`an option 43 that ${what} changes nothing, and none comes back`, async () => {
      const offer = await offerTo(raw, 'Vendor X', 0);
      expect(offer).toMatchObject({ yiaddr: at(100), file: 'pxelinux.0' });
      expect(offer?.options.has(Options.vendorSpecific)).toBe(false);
    });
  }

  test('an architecture nobody knows gets its lease and no boot file, and the timeline says what mends it', async () => {
    const offer = await offerTo(new Uint8Array(), 'PXEClient', 65_535);
    expect(offer).toMatchObject({ yiaddr: at(100), file: '' });
    expect(offer?.options.has(Options.bootfileName)).toBe(false);
    expect((await lab.timeline()).at(-1)?.because).toContain(
      'there is no loader yet for firmware of architecture 65535 (option 93 is 65535): muster subnet set --filename names one of your own',
    );
  });
});
