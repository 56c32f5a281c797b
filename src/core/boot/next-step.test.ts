import { expect, test } from 'vitest';
import { bootableArchitectures, firmwareName, nextStep } from './next-step.ts';

const menu = {
  boot: 'menu',
  because: 'the machine is not known, and unknown machines get the menu',
} as const;
const nothing = { boot: 'nothing', because: 'unknown machines are ignored' } as const;

test.each([
  ['a BIOS ROM gets pxelinux', menu, { stage: 'firmware', architecture: 0 }, undefined, 'pxelinux.0'],
  [
    'a ROM that does not tell its architecture is a BIOS',
    menu,
    { stage: 'firmware' },
    undefined,
    'pxelinux.0',
  ],
  ['iPXE in a BIOS ROM gets pxelinux', menu, { stage: 'ipxe', architecture: 0 }, undefined, 'pxelinux.0'],
  [
    'the subnet has the last word on the file',
    menu,
    { stage: 'firmware', architecture: 0 },
    'classic/pxelinux.0',
    'classic/pxelinux.0',
  ],
  [
    'the subnet may name a file for firmware without a row',
    menu,
    { stage: 'firmware', architecture: 7 },
    'own.efi',
    'own.efi',
  ],
] as const)('%s', (_, plan, client, bootFile, file) => {
  expect(nextStep(plan, client, bootFile)).toMatchObject({ give: 'boot file', file });
});

test.each([
  [
    'an operating system, which would take it for a preseed',
    menu,
    { stage: 'operating system', architecture: 0 },
    'pxelinux.0',
    /an operating system asks/,
  ],
  [
    'an ignored machine, whatever the subnet says',
    nothing,
    { stage: 'firmware', architecture: 0 },
    'pxelinux.0',
    /ignored/,
  ],
  [
    'firmware Muster has no loader for, by name',
    menu,
    { stage: 'firmware', architecture: 7 },
    undefined,
    /no loader yet for x64 UEFI \(option 93 is 7\)/,
  ],
  [
    'firmware nobody knows',
    menu,
    { stage: 'firmware', architecture: 999 },
    undefined,
    /firmware of architecture 999/,
  ],
] as const)('no boot file for %s', (_, plan, client, bootFile, because) => {
  expect(nextStep(plan, client, bootFile)).toEqual({
    give: 'nothing',
    because: expect.stringMatching(because),
  });
});

test('the table names its firmware', () => {
  expect(firmwareName(0)).toBe('x86 BIOS');
  expect(bootableArchitectures()).toEqual([0]);
});
