import { describe, expect, test } from 'vitest';
import { MEBIBYTE, recognitionCases } from '../suite/recognition-cases.ts';
import { treeOfTexts } from '../suite/tree-of-texts.ts';
import { proxmox } from './proxmox.ts';

/** As the disc of Proxmox VE 9.2 has it. */
const INFO = "RELEASE='9.2'\nISORELEASE='1'\nISONAME='proxmox-ve'\nPRODUCT='pve'\nPRODUCTLONG='Proxmox VE'\n";
const DISC = {
  '.cd-info': INFO,
  '.disk/info': INFO,
  '.pve-cd-id.txt': '6a3e9f2c-0000-0000-0000-000000000000\n',
  'boot/linux26': 1,
  'boot/initrd.img': 60 * MEBIBYTE,
  'pve-base.squashfs': 1,
  'pve-installer.squashfs': 1,
};

describe("Proxmox's products", () => {
  recognitionCases(proxmox, [
    [
      'a disc, whose installer would look for it',
      DISC,
      { title: 'Proxmox VE 9.2-1', release: '9.2', initrds: [], answerKind: 'proxmox' },
    ],
    [
      'kernel and an initrd that holds the disc',
      { linux26: 1, initrd: 1500 * MEBIBYTE, '.cd-info': INFO.replace("'pve'", "'pbs'") },
      {
        title: 'Proxmox Backup Server 9.2-1',
        kernel: 'linux26',
        initrds: ['initrd'],
        memoryMegabytes: { http: 4096 },
      },
    ],
    [
      'the same without its mark',
      { linux26: 1, initrd: 1500 * MEBIBYTE },
      { title: 'Proxmox', kernel: 'linux26' },
    ],
    [
      'a disc of Debian, whose .disk/info is a sentence',
      { '.disk/info': 'Debian GNU/Linux 13.6.0 "Trixie" - Official amd64 NETINST' },
      'there is no .cd-info of Proxmox, and no linux26',
    ],
  ]);

  test('a disc boots nothing, and the reason says what makes it boot', async () => {
    const recognition = await proxmox.recognise(treeOfTexts(DISC, 1700 * MEBIBYTE));
    expect(recognition).toMatchObject({
      tree: {
        needs: expect.stringMatching(
          /^an initrd with the disc image in it: unpack boot\/initrd.img .* name the image proxmox.iso, append it/,
        ),
        memoryMegabytes: { http: 4608 },
      },
    });
    expect(recognition).not.toHaveProperty('tree.kernel');
  });
});
