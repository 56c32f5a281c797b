import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import type { BootPlan } from './boot-plan.ts';
import type { ChainWish } from './chain-wish.ts';
import { FIRMWARE, firmwareName, fitsFirmware, isBootable } from './firmware.ts';
import { type LoaderName, LOADERS } from './loaders.ts';
import { type BootClient, nextStep, type StepSurroundings } from './next-step.ts';

const menu: BootPlan = {
  boot: 'menu',
  because: 'the machine is not known, and unknown machines get the menu',
};
const nothing: BootPlan = { boot: 'nothing', because: 'unknown machines are ignored' };
const ALL: ReadonlySet<LoaderName> = new Set(LOADERS.map(({ name }) => name));
const without = (...names: readonly LoaderName[]): ReadonlySet<LoaderName> =>
  new Set([...ALL].filter((name) => !names.includes(name)));
const AROUND: StepSurroundings = { loaders: ALL, address: parseIpv4('192.168.122.1'), httpPort: 8080 };
const SCRIPT = 'http://192.168.122.1:8080/boot/boot.ipxe';
const DISK = 'http://192.168.122.1:8080/boot/bootx64.img';
const bios: BootClient = { stage: 'firmware', architecture: 0 };
const uefi: BootClient = { stage: 'firmware', architecture: 7 };
const httpBoot: BootClient = { stage: 'firmware', architecture: 16 };
const ipxeRom: BootClient = { stage: 'ipxe', architecture: 0, bootsOverHttp: true };
const wish = (chain: ChainWish['chain']): Partial<StepSurroundings> => ({
  wish: { chain, by: 'subnet lab' },
});

describe('the first program', () => {
  for (const [what, client, around, file, because] of [
    ['of a BIOS ROM is pxelinux', bios, {}, 'pxelinux.0', /^x86 BIOS; the machine is not known/],
    [
      'of a ROM that does not tell its architecture is that of a BIOS',
      { stage: 'firmware' },
      {},
      'pxelinux.0',
      /x86 BIOS/,
    ],
    ['of x64 UEFI is shim', uefi, {}, 'shimx64.efi', /^x64 UEFI; /],
    ['of UEFI that calls itself EBC too', { stage: 'firmware', architecture: 9 }, {}, 'shimx64.efi', /EBC/],
    ['of HTTP Boot is a disk with all it needs', httpBoot, {}, DISK, /HTTP Boot/],
    ['of HTTP Boot beside another server too', httpBoot, { isProxied: true }, DISK, /HTTP Boot/],
    [
      'of HTTP Boot is iPXE where it is wished for',
      httpBoot,
      wish('ipxe'),
      'http://192.168.122.1:8080/boot/snponly.efi',
      /ipxe as subnet lab wishes/,
    ],
    [
      'of HTTP Boot is iPXE where a signed loader is missing',
      httpBoot,
      { loaders: without('shimx64.efi') },
      'http://192.168.122.1:8080/boot/snponly.efi',
      /grub lacks shimx64.efi/,
    ],
    [
      'of HTTP Boot on ARM is a disk too',
      { stage: 'firmware', architecture: 19 },
      {},
      'http://192.168.122.1:8080/boot/bootaa64.img',
      /ARM 64-bit UEFI HTTP Boot/,
    ],
    ['of iPXE is its script', ipxeRom, {}, SCRIPT, /iPXE asks, and fetches its script over HTTP/],
    [
      'of iPXE that cannot start kernels is that of its firmware',
      { stage: 'ipxe', architecture: 0, bootsOverHttp: false },
      {},
      'pxelinux.0',
      /x86 BIOS/,
    ],
    ['of iPXE without HTTP here', ipxeRom, { httpPort: undefined }, 'pxelinux.0', /x86 BIOS/],
    [
      'may be wished for',
      ipxeRom,
      wish('pxelinux'),
      'pxelinux.0',
      /^x86 BIOS, pxelinux as subnet lab wishes; /,
    ],
    ['iPXE, where it is wished for', uefi, wish('ipxe'), 'snponly.efi', /ipxe as subnet lab wishes/],
    ['iPXE of a BIOS, where it is wished for', bios, wish('ipxe'), 'undionly.kpxe', /ipxe as subnet lab/],
    [
      'is the next of the table where files are missing, and it says so',
      uefi,
      { loaders: without('grubx64.efi') },
      'snponly.efi',
      /^x64 UEFI \(grub lacks grubx64.efi\); /,
    ],
    [
      'and the next after that',
      uefi,
      { loaders: without('shimx64.efi', 'snponly.efi') },
      'ipxe.efi',
      /grub lacks shimx64.efi; ipxe lacks snponly.efi/,
    ],
    [
      'is what the subnet names',
      bios,
      { subnetBootFile: 'classic/pxelinux.0' },
      'classic/pxelinux.0',
      /the subnet names it/,
    ],
    [
      'is what the subnet names, for firmware without a row too',
      { stage: 'firmware', architecture: 999 },
      { subnetBootFile: 'own.efi' },
      'own.efi',
      /the subnet names it/,
    ],
  ] as const) {
    test(what, () => {
      expect(nextStep(menu, client, { ...AROUND, ...around })).toMatchObject({
        give: 'boot file',
        file,
        because: expect.stringMatching(because),
      });
    });
  }

  test('comes with the programs that follow it', () => {
    expect(nextStep(menu, uefi, AROUND)).toMatchObject({ chain: 'shimx64.efi, grubx64.efi, grub.cfg' });
    expect(nextStep(menu, bios, AROUND)).toMatchObject({ chain: 'pxelinux.0, ldlinux.c32, pxelinux.cfg' });
    expect(nextStep(menu, ipxeRom, AROUND)).toMatchObject({ chain: 'iPXE, its script over HTTP' });
    expect(nextStep(menu, httpBoot, AROUND)).toMatchObject({
      chain: 'bootx64.img with shimx64.efi, grubx64.efi, grub.cfg',
    });
    expect(nextStep(menu, { stage: 'firmware', architecture: 22 }, AROUND)).toMatchObject({
      chain: 'U-Boot, pxelinux.cfg',
    });
  });

  test.each([
    ['undionly.kpxe', ipxeRom, 'undionly.kpxe, its script over HTTP'],
    ['pxelinux.0', bios, 'pxelinux.0, ldlinux.c32, pxelinux.cfg'],
    ['shimx64.efi', bios, 'shimx64.efi'],
    ['classic/pxelinux.0', bios, 'classic/pxelinux.0'],
  ])('comes with them where the subnet names it, and its firmware goes on from %s', (file, client, chain) => {
    expect(nextStep(menu, client, { ...AROUND, subnetBootFile: file })).toMatchObject({ file, chain });
  });

  test('of a Raspberry Pi has names of its own', () => {
    const pi: BootClient = { stage: 'firmware', architecture: 0, isRaspberryPi: true };
    expect(nextStep(menu, pi, AROUND)).toEqual({
      give: 'Raspberry Pi boot',
      chain: 'its own programs, config.txt',
      rule: 'Raspberry Pi',
      because: expect.stringMatching(/^a Raspberry Pi fetches its files by itself/),
    });
    expect(nextStep(menu, pi, { ...AROUND, subnetBootFile: 'x' })).toMatchObject({ file: 'x' });
  });

  test('HTTP Boot is answered in its own class, and nobody else is', () => {
    const asked = (client: BootClient, around: Partial<StepSurroundings> = {}) =>
      nextStep(menu, client, { ...AROUND, ...around });
    expect(asked(httpBoot)).toHaveProperty('answersHttpBoot', true);
    expect(asked(httpBoot, { subnetBootFile: 'http://a/b.efi' })).toHaveProperty('answersHttpBoot', true);
    for (const client of [bios, uefi, ipxeRom]) expect(asked(client)).not.toHaveProperty('answersHttpBoot');
  });
});

describe('no boot file', () => {
  for (const [what, plan, client, around, because] of [
    [
      'for an operating system, which would take it for a preseed',
      menu,
      { stage: 'operating system', architecture: 0 },
      { subnetBootFile: 'pxelinux.0' },
      /an operating system asks/,
    ],
    [
      'for an ignored machine, whatever the subnet says',
      nothing,
      bios,
      { subnetBootFile: 'pxelinux.0' },
      /ignored/,
    ],
    [
      'for firmware Muster has no loader for, by name',
      menu,
      { stage: 'firmware', architecture: 2 },
      {},
      /no loader yet for Itanium UEFI \(option 93 is 2\): muster subnet set --filename/,
    ],
    [
      'for U-Boot, which is a loader itself',
      menu,
      { stage: 'firmware', architecture: 22 },
      {},
      /ARM 64-bit U-Boot needs no loader: it looks for its pxelinux.cfg/,
    ],
    [
      'for firmware nobody knows',
      menu,
      { stage: 'firmware', architecture: 999 },
      {},
      /firmware of architecture 999/,
    ],
    [
      'where no chain is whole, with what is missing and the command that mends it',
      menu,
      uefi,
      { loaders: without('grubx64.efi', 'snponly.efi', 'ipxe.efi') },
      /grub lacks grubx64.efi; ipxe lacks snponly.efi; ipxe lacks ipxe.efi: muster loaders says/,
    ],
    [
      'where the chain that is wished for lacks a file, though another is whole',
      menu,
      uefi,
      { ...wish('grub'), loaders: without('grubx64.efi') },
      /grub lacks grubx64.efi: muster loaders/,
    ],
    [
      'where the chain that is wished for is none of this firmware',
      menu,
      uefi,
      wish('pxelinux'),
      /subnet lab wants pxelinux, and for this firmware there is grub and ipxe/,
    ],
    [
      'for HTTP Boot while the HTTP port is closed',
      menu,
      httpBoot,
      { httpPort: undefined },
      /the HTTP port for machines is closed/,
    ],
  ] as const) {
    test(what, () => {
      expect(nextStep(plan, client, { ...AROUND, ...around })).toMatchObject({
        give: 'nothing',
        rule: expect.any(String),
        because: expect.stringMatching(because),
      });
    });
  }
});

describe('the table of firmware', () => {
  test('has one row for each architecture, with its name', () => {
    const numbers = FIRMWARE.map(({ architecture }) => architecture);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    expect(firmwareName(0)).toBe('x86 BIOS');
    expect(firmwareName(4711)).toBe('firmware of architecture 4711');
  });

  test('says for which there is a way', () => {
    expect([0, 7, 9, 11, 16].every(isBootable)).toBe(true);
    expect([1, 2, 41, 999].some(isBootable)).toBe(false);
  });

  for (const [kernel, architecture, fits] of [
    ['x86_64', 0, true],
    ['i386', 0, true],
    ['i386', undefined, true],
    ['x86_64', 7, true],
    ['amd64', 16, true],
    ['i686', 7, false],
    ['aarch64', 0, false],
    ['aarch64', 7, false],
    ['arm64', 11, true],
    ['x86_64', 11, false],
    ['', 11, true],
    ['x86_64', 999, true],
  ] as const) {
    test(`a kernel for "${kernel}" ${fits ? 'starts' : 'does not start'} on ${architecture}`, () => {
      expect(fitsFirmware(kernel, architecture)).toBe(fits);
    });
  }
});

describe("an image's own signed loaders", () => {
  const armed: BootPlan = {
    boot: 'installer',
    installId: 'i-1',
    profile: 'web',
    imageLoaders: [
      { cpu: 'x64', first: 'images/r9/EFI/BOOT/BOOTX64.EFI', next: 'images/r9/EFI/BOOT/grubx64.efi' },
      { cpu: 'ia32', first: 'images/r9/EFI/BOOT/BOOTIA32.EFI', next: 'images/r9/EFI/BOOT/grubia32.efi' },
    ],
    because: 'install i-1 is requested',
  };

  test('start its installer, with the reason', () => {
    expect(nextStep(armed, uefi, AROUND)).toMatchObject({
      file: 'images/r9/EFI/BOOT/BOOTX64.EFI',
      chain: 'images/r9/EFI/BOOT/BOOTX64.EFI, images/r9/EFI/BOOT/grubx64.efi, grub.cfg',
      because: expect.stringContaining('the loaders that the image brings'),
    });
  });

  test('are a way for firmware that has no other', () => {
    expect(nextStep(armed, { stage: 'firmware', architecture: 6 }, AROUND)).toMatchObject({
      file: 'images/r9/EFI/BOOT/BOOTIA32.EFI',
    });
  });

  test('go into the disk of HTTP Boot, also where this server has none of its own', () => {
    const around = { ...AROUND, loaders: without('shimx64.efi', 'grubx64.efi') };
    expect(nextStep(armed, httpBoot, around)).toMatchObject({
      file: DISK,
      chain: 'bootx64.img with images/r9/EFI/BOOT/BOOTX64.EFI, images/r9/EFI/BOOT/grubx64.efi, grub.cfg',
    });
    expect(nextStep(armed, { stage: 'firmware', architecture: 15 }, AROUND)).toMatchObject({
      give: 'nothing',
    });
  });

  test('are not for BIOS, or where another chain is wished for', () => {
    expect(nextStep(armed, bios, AROUND)).toMatchObject({ file: 'pxelinux.0' });
    expect(nextStep(armed, uefi, { ...AROUND, ...wish('ipxe') })).toMatchObject({ file: 'snponly.efi' });
  });
});

describe('iPXE that was loaded here', () => {
  const old: BootClient = { stage: 'ipxe', architecture: 0, bootsOverHttp: false };
  const before = { ipxeBefore: 'undionly.kpxe' };

  for (const [what, client, around] of [
    ['where the subnet names it for every client', ipxeRom, { subnetBootFile: 'undionly.kpxe' }],
    ['where it does not say that it fetches over HTTP', old, wish('ipxe')],
  ] as const) {
    test(`gets its script ${what}, and not itself again`, () => {
      expect(nextStep(menu, client, { ...AROUND, ...around })).toMatchObject({ file: 'undionly.kpxe' });
      expect(nextStep(menu, client, { ...AROUND, ...around, ...before })).toMatchObject({
        file: SCRIPT,
        rule: 'iPXE loop',
        because: expect.stringContaining('would load itself again and again'),
      });
    });
  }

  test('gets nothing where there is no HTTP, with the reason', () => {
    const around = { ...AROUND, ...before, subnetBootFile: 'undionly.kpxe', httpPort: undefined };
    expect(nextStep(menu, ipxeRom, around)).toMatchObject({
      give: 'nothing',
      because: expect.stringContaining('the HTTP port for machines is closed'),
    });
  });

  test('is told as ever what is no loop', () => {
    const own = { ...AROUND, ...before, subnetBootFile: 'http://192.0.2.7/own.ipxe' };
    expect(nextStep(menu, ipxeRom, own)).toMatchObject({ file: 'http://192.0.2.7/own.ipxe' });
    expect(nextStep(menu, ipxeRom, { ...AROUND, ...before })).toMatchObject({ rule: 'iPXE script' });
    // The firmware of the same machine, after a restart.
    expect(nextStep(menu, bios, { ...AROUND, ...before, ...wish('ipxe') })).toMatchObject({
      file: 'undionly.kpxe',
    });
  });
});

describe('each answer names its rule', () => {
  const nameless: BootClient = { stage: 'firmware', architecture: 22 };
  for (const [rule, plan, client, around] of [
    ['operating system', menu, { stage: 'operating system' }, {}],
    ['plan', nothing, bios, {}],
    ['subnet boot file', menu, bios, { subnetBootFile: 'x' }],
    ['Raspberry Pi', menu, { stage: 'firmware', isRaspberryPi: true }, {}],
    ['iPXE script', menu, ipxeRom, {}],
    ['U-Boot', menu, nameless, {}],
    ['wish', menu, uefi, wish('ipxe')],
    ['firmware table', menu, uefi, {}],
  ] as const) {
    test(rule, () => expect(nextStep(plan, client, { ...AROUND, ...around }).rule).toBe(rule));
  }
});

describe('who is to be asked who it is', () => {
  const asks = { asks: 'who it is' } as const;
  const ask = { wish: { chain: 'ipxe', by: 'the question who it is' } } as const;
  for (const [what, plan, client, around, file] of [
    ['is led to iPXE', nothing, bios, ask, 'undionly.kpxe'],
    ['gets the script at once where iPXE asks', nothing, ipxeRom, ask, SCRIPT],
    [
      'boots nothing where there is no iPXE',
      nothing,
      bios,
      { ...ask, loaders: without('undionly.kpxe') },
      undefined,
    ],
    ['boots nothing where iPXE could not go on', nothing, bios, { ...ask, httpPort: undefined }, undefined],
    [
      'boots nothing where the subnet has a file for all',
      nothing,
      bios,
      { ...ask, subnetBootFile: 'x' },
      undefined,
    ],
    ['boots nothing where the subnet wishes for another chain', nothing, bios, wish('grub'), undefined],
    [
      'gets the menu by another loader where there is no iPXE',
      menu,
      bios,
      { wish: { ...ask.wish, orElse: 'any' }, loaders: without('undionly.kpxe') },
      'pxelinux.0',
    ],
  ] as const) {
    test(what, () => {
      const step = nextStep({ ...plan, ...asks }, client, { ...AROUND, ...around });
      expect(step.give === 'boot file' ? step.file : undefined).toBe(file);
    });
  }
});
