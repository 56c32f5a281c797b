import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4FromNumber, macFromBytes, parseIpv4, parseMac, parseUuid } from '../../lib/addresses.ts';
import { anyText } from '../../lib/suite/any-text.ts';
import { addressDigits, macFileName, namesNobody, parseScriptName } from './script-name.ts';

const wire = '78563412-bc9a-f0de-1122-334455667788';
const text = '12345678-9abc-def0-1122-334455667788';

const beforeOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

describe('names that pxelinux hunts for', () => {
  for (const [path, expected] of [
    ['pxelinux.cfg/default', { folder: '', asks: 'default' }],
    [`pxelinux.cfg/${wire}`, { folder: '', asks: 'uuid', uuids: [wire, text] }],
    [`pxelinux.cfg/${text}`, { folder: '', asks: 'uuid', uuids: [text, wire] }],
    [`pxelinux.cfg/${text.toUpperCase()}`, { folder: '', asks: 'uuid', uuids: [text, wire] }],
    ['pxelinux.cfg/01-52-54-00-ab-cd-ef', { folder: '', asks: 'mac', arpType: 1, mac: '52:54:00:ab:cd:ef' }],
    ['pxelinux.cfg/01-52-54-00-AB-CD-EF', { folder: '', asks: 'mac', arpType: 1, mac: '52:54:00:ab:cd:ef' }],
    ['pxelinux.cfg/06-52-54-00-ab-cd-ef', { folder: '', asks: 'mac', arpType: 6, mac: '52:54:00:ab:cd:ef' }],
    ['pxelinux.cfg/C0A80101', { folder: '', asks: 'address', digits: 'C0A80101' }],
    ['pxelinux.cfg/default-arm-bcm283x', { folder: '', asks: 'default' }],
    ['pxelinux.cfg/C', { folder: '', asks: 'address', digits: 'C' }],
    ['boot/x86/pxelinux.cfg/default', { folder: 'boot/x86/', asks: 'default' }],
    ['boot/pxelinux.cfg/C0A8', { folder: 'boot/', asks: 'address', digits: 'C0A8' }],
  ] as const) {
    test(path, () =>
      expect(parseScriptName(path)).toEqual({ language: 'pxelinux', before: beforeOf(path), ...expected }),
    );
  }
});

describe('names of GRUB and iPXE', () => {
  for (const [path, expected] of [
    ['grub/grub.cfg', { language: 'grub', before: 'grub/grub.cfg-', folder: 'grub/', asks: 'default' }],
    ['grub.cfg', { language: 'grub', before: 'grub.cfg-', folder: '', asks: 'default' }],
    [
      'images/rocky/EFI/BOOT/grub.cfg-01-52-54-00-ab-cd-ef',
      {
        language: 'grub',
        before: 'images/rocky/EFI/BOOT/grub.cfg-',
        folder: 'images/rocky/EFI/BOOT/',
        asks: 'mac',
        arpType: 1,
        mac: '52:54:00:ab:cd:ef',
      },
    ],
    [
      'x/grub.cfg-C0A8',
      { language: 'grub', before: 'x/grub.cfg-', folder: 'x/', asks: 'address', digits: 'C0A8' },
    ],
    ['autoexec.ipxe', { language: 'ipxe', before: 'autoexec.ipxe', folder: '', asks: 'default' }],
  ] as const) {
    test(path, () => expect(parseScriptName(path)).toEqual(expected));
  }
});

describe('names that are just files', () => {
  for (const path of [
    'pxelinux.0',
    'default',
    'pxelinux.cfg',
    'pxelinux.cfg/',
    'pxelinux.cfg/graphics.conf',
    'pxelinux.cfg/default/x',
    'pxelinux.cfg/Default',
    'pxelinux.cfg/c0a80101',
    'pxelinux.cfg/C0A801010',
    'pxelinux.cfg/01-52-54-00-ab-cd',
    'pxelinux.cfg/01-52-54-00-ab-cd-ef-00',
    'pxelinux.cfg/01:52:54:00:ab:cd:ef',
    'pxelinux.cfg/default.arm',
    'mypxelinux.cfg/default',
    'grub/grub.cfg.bak',
    'grub.cfg-default',
    'mygrub.cfg',
    'boot.ipxe',
    'PXELINUX.CFG/default',
    `pxelinux.cfg/${wire}0`,
    '',
  ]) {
    test(`"${path}"`, () => expect(parseScriptName(path)).toBeUndefined());
  }
});

test('nothing from outside makes it throw', () => {
  const piece = fc.oneof(
    anyText,
    fc.constantFrom('pxelinux.cfg', '/', '01-', wire, 'C0A8', 'default', '..', '\0'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const name = parseScriptName(pieces.join(''));
      if (name?.language === 'pxelinux') expect(name.before).toBe(`${name.folder}pxelinux.cfg/`);
      if (name) expect(`${pieces.join('')}-`.startsWith(name.before)).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test('what Muster would ask for itself is read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), fc.nat(0xffff_ffff), (bytes, number) => {
      const mac = macFromBytes(bytes);
      expect(parseScriptName(`pxelinux.cfg/${macFileName(mac)}`)).toMatchObject({ asks: 'mac', mac });
      const digits = addressDigits(ipv4FromNumber(number));
      expect(parseScriptName(`pxelinux.cfg/${digits}`)).toMatchObject({ asks: 'address', digits });
    }),
  );
});

test('an address in hex has eight digits, also a low one', () => {
  expect(addressDigits(parseIpv4('192.168.122.100'))).toBe('C0A87A64');
  expect(addressDigits(parseIpv4('10.0.0.5'))).toBe('0A000005');
  expect(macFileName(parseMac('52:54:00:12:34:56'))).toBe('01-52-54-00-12-34-56');
});

test('a UUID that nobody wrote names nobody', () => {
  expect(namesNobody(parseUuid('00000000-0000-0000-0000-000000000000'))).toBe(true);
  expect(namesNobody(parseUuid('ffffffff-ffff-ffff-ffff-ffffffffffff'))).toBe(true);
  expect(namesNobody(parseUuid(wire))).toBe(false);
});
