import { describe } from 'vitest';
import { MEBIBYTE, recognitionCases } from '../suite/recognition-cases.ts';
import { nixos } from './nixos.ts';

const HASH = '0123456789abcdfghijklmnpqrsvwxyz';
const INIT = `/nix/store/${HASH}-nixos-system-nixos-installer-25.05.20250901.abcdef0/init`;
/** As `system.build.netbootIpxeScript` writes it. */
const SCRIPT = `#!ipxe
# Use the cmdline variable to allow the user to specify custom kernel params
kernel bzImage init=${INIT} initrd=initrd nohibernate loglevel=4 \${cmdline}
initrd initrd
boot
`;
const FILES = { bzImage: 1, initrd: 1200 * MEBIBYTE };

describe('NixOS', () => {
  recognitionCases(nixos, [
    [
      'a netboot build',
      { ...FILES, 'netboot.ipxe': SCRIPT },
      {
        title: 'NixOS 25.05',
        release: '25.05',
        kernel: 'bzImage',
        initrds: ['initrd'],
        facts: { words: `init=${INIT} nohibernate loglevel=4` },
        memoryMegabytes: { http: 3584 },
      },
    ],
    [
      'its disc, which boots nothing, and says what to do',
      { 'boot/bzImage': 1, 'boot/initrd': 1, 'nix-store.squashfs': 1 },
      {
        title: 'NixOS (disc)',
        initrds: [],
        needs: 'bzImage, initrd and netboot.ipxe of a netboot build of the same release',
      },
    ],
    [
      'a build without its initrd',
      { bzImage: 1, 'netboot.ipxe': SCRIPT },
      'netboot.ipxe is there, but not initrd beside it',
    ],
    [
      'a script that starts a program from elsewhere',
      { ...FILES, 'netboot.ipxe': SCRIPT.replace('/nix/store/', '/nix/store/../../') },
      'netboot.ipxe names no init=/nix/store/…/init',
    ],
    [
      'a script whose program would be two words',
      { ...FILES, 'netboot.ipxe': SCRIPT.replace('-nixos-installer', '"x y"') },
      'netboot.ipxe names no init=/nix/store/…/init',
    ],
  ]);
});
