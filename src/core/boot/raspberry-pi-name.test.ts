import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import type { BootPlan } from './boot-plan.ts';
import { choosePiFile, isPiSettings, parsePiName, type PiAsker } from './raspberry-pi-name.ts';

const PI: PiAsker = { mac: parseMac('e4:5f:01:09:02:f7'), serial: '91cdf03d', isRaspberryPi: true };
const UNKNOWN: PiAsker = { isRaspberryPi: false };
const disk: BootPlan = { boot: 'local disk', because: 'nothing is armed' };
const armed: BootPlan = { boot: 'installer', installId: 'i-1', profile: 'pi', because: 'it is requested' };

const choose = (path: string, asker: PiAsker, plan: BootPlan) => choosePiFile(parsePiName(path), asker, plan);

describe('a name', () => {
  for (const [path, folder, rest] of [
    ['91cdf03d/start4.elf', '91cdf03d/', 'start4.elf'],
    ['91cdf03d/overlays/vc4-kms-v3d.dtbo', '91cdf03d/', 'overlays/vc4-kms-v3d.dtbo'],
    ['e4-5f-01-09-02-f7/config.txt', 'e4-5f-01-09-02-f7/', 'config.txt'],
    ['start4.elf', '', 'start4.elf'],
    ['overlays/vc4-kms-v3d.dtbo', '', 'overlays/vc4-kms-v3d.dtbo'],
    ['91CDF03D/start4.elf', '', '91CDF03D/start4.elf'],
    ['91cdf03d', '', '91cdf03d'],
    ['0123456789/x', '', '0123456789/x'],
  ] as const) {
    test(path, () => expect(parsePiName(path)).toEqual({ folder, rest }));
  }

  test('is taken apart and nothing is lost', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        const { folder, rest } = parsePiName(path);
        expect(`${folder}${rest}`).toBe(path);
      }),
    );
  });
});

describe('a file is looked for', () => {
  test('in the folder that was asked, in its other folder, and at the top', () => {
    expect(choose('91cdf03d/start4.elf', PI, disk)).toEqual({
      paths: ['91cdf03d/start4.elf', 'e4-5f-01-09-02-f7/start4.elf', 'start4.elf'],
    });
    expect(choose('e4-5f-01-09-02-f7/start4.elf', PI, disk)).toEqual({
      paths: ['e4-5f-01-09-02-f7/start4.elf', '91cdf03d/start4.elf', 'start4.elf'],
    });
  });

  test('where it was asked for alone, when no lease tells who asks', () => {
    expect(choose('91cdf03d/start4.elf', UNKNOWN, armed)).toEqual({
      paths: ['91cdf03d/start4.elf', 'start4.elf'],
    });
  });

  test('in the folder for installs too, with an install', () => {
    expect(choose('91cdf03d/start4.elf', PI, armed)).toEqual({
      paths: ['91cdf03d/start4.elf', 'e4-5f-01-09-02-f7/start4.elf', 'raspberry-pi/start4.elf', 'start4.elf'],
    });
    expect(choose('bootcode.bin', PI, armed)).toEqual({
      paths: ['bootcode.bin', 'raspberry-pi/bootcode.bin'],
    });
  });

  test('settings are made for an install, and for nothing else', () => {
    expect(choose('91cdf03d/config.txt', PI, armed)).toMatchObject({ made: 'config.txt' });
    expect(choose('cmdline.txt', PI, armed)).toMatchObject({ made: 'cmdline.txt' });
    for (const [path, asker, plan] of [
      ['91cdf03d/config.txt', PI, disk],
      ['91cdf03d/config.txt', UNKNOWN, armed],
      ['config.txt', { ...PI, isRaspberryPi: false }, armed],
      ['91cdf03d/overlays/config.txt', PI, armed],
    ] as const)
      expect(choose(path, asker, plan)).not.toHaveProperty('made');
  });
});

test('settings are known by their name in whichever folder', () => {
  expect(['config.txt', '91cdf03d/cmdline.txt', 'e4-5f-01-09-02-f7/config.txt'].every(isPiSettings)).toBe(
    true,
  );
  expect(['site/config.txt', '91cdf03d/kernel8.img'].some(isPiSettings)).toBe(false);
});
