import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import {
  architectureOfClass,
  decodeBootClass,
  decodeMachineUuid,
  decodeNetworkInterfaceType,
  decodePxeSubOptions,
  encodePxeSubOptions,
  PxeSubOption,
  readBootItem,
  readPxeSubOptions,
} from './pxe.ts';

describe('option 43 of PXE', () => {
  test('is written as sub-options with an END', () => {
    const values = new Map([
      [PxeSubOption.discoveryControl, Uint8Array.of(8)],
      [PxeSubOption.menuPrompt, Uint8Array.of(0, 0x50, 0x58, 0x45)],
    ]);
    const raw = encodePxeSubOptions(values);
    expect([...raw]).toEqual([6, 1, 8, 10, 4, 0, 0x50, 0x58, 0x45, 255]);
    expect(decodePxeSubOptions(raw)).toEqual(values);
  });

  test('is read with pads and without an END', () => {
    expect([...decodePxeSubOptions(Uint8Array.of(0, 0, 71, 4, 0, 0, 0, 1))]).toEqual([
      [71, Uint8Array.of(0, 0, 0, 1)],
    ]);
  });

  test('is refused where a sub-option leads out of it', () => {
    expect(() => decodePxeSubOptions(Uint8Array.of(6, 2, 8))).toThrow(DecodeError);
  });

  test('is not written longer than one instance of an option, which is all that EDK2 and GRUB read', () => {
    expect(() => encodePxeSubOptions(new Map([[9, new Uint8Array(253)]]))).toThrow(/limit is 255/);
  });
});

describe('decodeBootClass', () => {
  for (const [text, expected] of [
    ['PXEClient:Arch:00000:UNDI:002001', { firmware: 'PXE', architecture: 0, undi: { major: 2, minor: 1 } }],
    ['PXEClient:Arch:00007:UNDI:003016', { firmware: 'PXE', architecture: 7, undi: { major: 3, minor: 16 } }],
    [
      'HTTPClient:Arch:00016:UNDI:003000',
      { firmware: 'HTTP', architecture: 16, undi: { major: 3, minor: 0 } },
    ],
    ['PXEClient', { firmware: 'PXE' }],
    ['PXEClient:something else', { firmware: 'PXE' }],
    ['d-i', undefined],
    ['anaconda-Linux 5.14.0 x86_64', undefined],
    ['MSFT 5.0', undefined],
    ['My PXEClient', undefined],
    ['', undefined],
  ] as const) {
    test(`of "${text}"`, () => expect(decodeBootClass(text)).toEqual(expected));
  }
});

test('decodeNetworkInterfaceType reads the three numbers of iPXE', () => {
  expect(decodeNetworkInterfaceType(Uint8Array.of(1, 2, 1))).toEqual({ type: 1, major: 2, minor: 1 });
  expect(() => decodeNetworkInterfaceType(Uint8Array.of(1, 2))).toThrow(DecodeError);
});

describe('decodeMachineUuid', () => {
  const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
  for (const [what, raw, expected] of [
    [
      'turns the first three fields round, as SMBIOS has them',
      '0078563412bc9af0de1122334455667788',
      '12345678-9abc-def0-1122-334455667788',
    ],
    ['finds no identity in zeros, which EDK2 sends without a UUID', `00${'00'.repeat(16)}`, undefined],
    ['finds no identity in ones', `00${'ff'.repeat(16)}`, undefined],
    ['finds no identity in what an OEM left on every board', '0000020003000400050006000700080009', undefined],
    [
      'finds no identity in the same in the other byte order',
      '0003000200040005000006000700080009',
      undefined,
    ],
    ['takes no other type than 0', '0178563412bc9af0de1122334455667788', undefined],
    ['takes no other length than 17', '0078563412bc9af0de11223344556677', undefined],
    ['takes no empty option', '', undefined],
  ] as const) {
    test(what, () => expect(decodeMachineUuid(bytes(raw))).toBe(expected));
  }
});

test('a vendor class names an architecture, U-Boot in its own way', () => {
  expect(architectureOfClass('PXEClient:Arch:00007:UNDI:003000')).toBe(7);
  expect(architectureOfClass('U-Boot.armv8')).toBe(22);
  expect(architectureOfClass('U-Boot.armv7')).toBe(21);
  expect(architectureOfClass('PXEClient')).toBeUndefined();
  expect(architectureOfClass('constructor')).toBeUndefined();
});

test('an option 43 of another vendor is none of PXE', () => {
  expect([...(readPxeSubOptions(Uint8Array.of(6, 1, 8, 255)) ?? [])]).toEqual([[6, Uint8Array.of(8)]]);
  expect(readPxeSubOptions(Uint8Array.of(71, 200, 1))).toBeUndefined();
  expect(readPxeSubOptions(undefined)).toBeUndefined();
});

test('a boot item has a type and a layer, and is neither the local disk nor credentials', () => {
  const item = (...bytes: readonly number[]): Uint8Array => Uint8Array.of(71, bytes.length, ...bytes, 255);
  expect(readBootItem(item(0x80, 0, 0, 1))).toEqual(Uint8Array.of(0x80, 0, 0, 1));
  for (const none of [
    item(0, 0, 0, 0),
    item(0x80, 0, 0x80, 0),
    item(0x80, 0),
    item(0x80, 0, 0, 0, 0),
    item(),
  ])
    expect(readBootItem(none)).toBeUndefined();
  expect(readBootItem(undefined)).toBeUndefined();
  expect(readBootItem(Uint8Array.of(6, 1, 8, 255))).toBeUndefined();
});
