import { describe, expect, test } from 'vitest';
import { wordsOfRefusal } from './refused-program.ts';

const X64 = { machine: 0x8664, isSigned: false };

describe('of a program that firmware fetched and did not go on with', () => {
  for (const [what, refused, how, because] of [
    [
      'unsigned iPXE is named as such, with the loader that is signed',
      { file: 'snponly.efi', program: X64, machine: 'web01' },
      'starts over',
      'its firmware asked for an address again, as after power-on: probably refused by Secure Boot, for it is unsigned: muster machine set web01 --loader grub gives it shim and GRUB, which are signed; without Secure Boot it may stay as it is',
    ],
    [
      "a file of the subnet's is told so, and that it may be meant to be silent",
      { file: 'own/unsigned.efi', program: X64 },
      'falls silent',
      "it asked for nothing more within 30 seconds: probably refused by Secure Boot, for it is unsigned (unless it is a program that needs nothing more from here): muster subnet set SUBNET --filename '' gives each machine what fits its firmware: shim, which is signed; without Secure Boot it may stay as it is",
    ],
    [
      'a signature is told, for firmware may trust another signer',
      { file: 'shimx64.efi', program: { ...X64, isSigned: true } },
      'falls silent',
      "it asked for nothing more within 30 seconds: probably refused by Secure Boot, for its signature is by somebody whom this firmware does not trust: let the firmware trust Microsoft's UEFI certificate authority (a setting of Secure Boot), which signs shim",
    ],
    [
      'another processor comes before all signatures',
      { file: 'ipxe.efi', program: { machine: 0xaa64, isSigned: false } },
      'starts over',
      'its firmware asked for an address again, as after power-on: ipxe.efi is a program for aa64, and x64 UEFI starts none but those for x64: muster machine set MACHINE --loader grub gives it shim and GRUB, which are signed; without Secure Boot it may stay as it is',
    ],
  ] as const) {
    test(what, () => {
      const words = wordsOfRefusal({ architecture: 7, ...refused }, how);
      expect(words).toEqual({ text: `The firmware fetched ${refused.file} and did not go on`, because });
    });
  }
});
