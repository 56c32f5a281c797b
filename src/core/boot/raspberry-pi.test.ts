import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMac, uuidFromWireBytes } from '../../lib/addresses.ts';
import { isRaspberryPi, isRaspberryPiLease, raspberryPiSerial, takesOfferUnasked } from './raspberry-pi.ts';

const PI = parseMac('dc:a6:32:01:02:03');
const PC = parseMac('52:54:00:01:02:03');
/** As a Pi 4 of 2021 sent it; its MAC address ends with 01:09:02:f7, and it asked for 91cdf03d/start4.elf. */
const PI_4 = Buffer.from('00346950521431d000010902f73df0cd91', 'hex');
/** As a Pi 3 with the MAC address b8:27:eb:6c:4c:16 sent it, which asked for b66c4c16/start.elf. */
const PI_3 = Buffer.from(`00${'164c6cb6'.repeat(4)}`, 'hex');

test('a Raspberry Pi is told by its number, its name, or its maker where it calls itself a BIOS', () => {
  expect(isRaspberryPi({ mac: PC, architecture: 41 })).toBe(true);
  expect(isRaspberryPi({ mac: PC, architecture: 0, machineId: Buffer.from('RPi4\x11\0\0\0') })).toBe(true);
  expect(isRaspberryPi({ mac: PC, architecture: 0, machineId: PI_4 })).toBe(true);
  expect(isRaspberryPi({ mac: PI, architecture: 0 })).toBe(true);
  expect(isRaspberryPi({ mac: PC, architecture: 0, machineId: new Uint8Array(17) })).toBe(false);
  // UEFI and U-Boot on the same board are loaders that go by their own rows.
  expect(isRaspberryPi({ mac: PI, architecture: 11 })).toBe(false);
  expect(isRaspberryPi({ mac: PI, architecture: 22 })).toBe(false);
  expect(isRaspberryPi({})).toBe(false);
});

test('only the older ones take an offer without a request', () => {
  expect(takesOfferUnasked({ mac: PI, architecture: 0, machineId: PI_3 })).toBe(true);
  expect(takesOfferUnasked({ mac: PI, architecture: 0 })).toBe(true);
  expect(takesOfferUnasked({ mac: PI, architecture: 0, machineId: PI_4 })).toBe(false);
  expect(takesOfferUnasked({ mac: PI, architecture: 41 })).toBe(false);
  expect(takesOfferUnasked({ mac: PC, architecture: 0 })).toBe(false);
});

describe('the serial number', () => {
  for (const [what, wire, serial] of [
    ['of a 4, behind its name', PI_4, '91cdf03d'],
    [
      'of a 5 that spells its name forward',
      Buffer.from('00525069350000000001020304aabbccdd', 'hex'),
      'ddccbbaa',
    ],
    ['of a 3, which says it four times', PI_3, 'b66c4c16'],
    ['is not what the ROM of a 3 sends', Buffer.from(`00${'44'.repeat(16)}`, 'hex'), undefined],
    ['is not in the UUID of a PC', Buffer.from('0078563412bc9af0de1122334455667788', 'hex'), undefined],
  ] as const) {
    test(what, () => expect(raspberryPiSerial(uuidFromWireBytes(wire.subarray(1)))).toBe(serial));
  }

  test('has eight digits whatever option 97 holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (wire) => {
        expect(raspberryPiSerial(uuidFromWireBytes(wire)) ?? '00000000').toMatch(/^[\da-f]{8}$/);
      }),
    );
  });
});

test('a lease is a Raspberry Pi’s by its card or its name', () => {
  expect(isRaspberryPiLease({ mac: PI })).toBe(true);
  expect(isRaspberryPiLease({ mac: PC, uuid: uuidFromWireBytes(PI_4.subarray(1)) })).toBe(true);
  expect(isRaspberryPiLease({ mac: PC, uuid: uuidFromWireBytes(PI_3.subarray(1)) })).toBe(false);
  expect(isRaspberryPiLease({})).toBe(false);
});
