/**
 * What Muster does for particular clients beside what the specifications want of it: one row for each. Where a
 * specification is left, docs/deviations.md has a row as well; what firmware gets less of over TFTP is in the table of
 * docs/tftp-firmware.md.
 */
export interface WorkaroundRow {
  readonly client: string;
  /** What it does that nobody would expect. */
  readonly does: string;
  /** What Muster does about it. */
  readonly muster: string;
  /** `seen`: in a boot or a capture of this project; `source`: in the client's own source; `report`: of its users. */
  readonly source: string;
  /** The file of the test that fails without it, and words of the test's name; or a real boot, by its name. */
  readonly test: { readonly file: string; readonly words: string } | { readonly boot: string };
}

export const WORKAROUNDS: readonly WorkaroundRow[] = [
  {
    client: 'UEFI firmware of x64',
    does: 'calls itself 7 in option 93, and RFC 4578 prints 9 for it',
    muster: 'goes by the list of IANA, and takes 9 for x64 UEFI too',
    source: 'capture: edk2-discover',
    test: { file: 'src/core/boot/next-step.test.ts', words: 'of UEFI that calls itself EBC too' },
  },
  {
    client: 'EDK2 (OVMF 2022.11)',
    does: 'insists on an answer from port 4011 where an offer says PXEClient',
    muster: 'says it only beside another DHCP server',
    source: 'source: EDK2',
    test: { file: 'src/core/dhcp/build-reply.test.ts', words: 'has neither option 60 nor 43' },
  },
  {
    client: 'EDK2 over HTTP Boot',
    does: 'takes only an answer that says HTTPClient, with a URL',
    muster: 'says its own class back to it, and to nobody else',
    source: 'capture: edk2-http-discover',
    test: { file: 'src/core/boot/next-step.test.ts', words: 'HTTP Boot is answered in its own class' },
  },
  {
    client: 'GRUB 2.06 as Debian signs it, after HTTP Boot',
    does: 'has no network, and ends at its prompt',
    muster: 'puts shim, GRUB, configuration, kernel and initrds into one disk that the firmware loads',
    source: 'seen: OVMF 2022.11',
    test: { boot: 'ovmf-httpboot' },
  },
  {
    client: 'GRUB 2.06 from a disk in memory',
    does: 'finds that disk first when it looks for an installed system, and would start itself again',
    muster: 'looks on partitions alone, which that disk does not have',
    source: 'source: GRUB 2.06',
    test: {
      file: 'src/core/scripts/grub.test.ts',
      words: 'looks for the installed system on partitions alone',
    },
  },
  {
    client: 'GRUB 2.06 beside another DHCP server',
    does: 'asks the other server for its files, and hangs',
    muster: 'gives UEFI iPXE there',
    source: 'seen: OVMF 2022.11',
    test: {
      file: 'src/services/dhcp/dhcp-service-proxy.test.ts',
      words: 'since GRUB would ask the other server',
    },
  },
  {
    client: 'UEFI firmware, after GRUB',
    does: 'shows its own menu when GRUB exits, with an error or without',
    muster: 'has GRUB start the loader of the installed system',
    source: 'seen: GRUB 2.06, OVMF 2022.11',
    test: { boot: 'ovmf-install' },
  },
  {
    client: 'UEFI firmware, after iPXE',
    does: 'goes through all its other network options before the disk, for minutes',
    muster: 'has iPXE fetch GRUB, which starts the loader of the installed system',
    source: 'seen: snponly.efi 1.0.0+git-20190125, OVMF 2022.11',
    test: { boot: 'ovmf-ipxe' },
  },
  {
    client: 'UEFI that enforces Secure Boot',
    does: 'fetches an unsigned loader whole, refuses it, and tells nobody on the network',
    muster: 'looks at the signature of what it sends, sees that the machine does not go on, and names both',
    source: 'seen: OVMF 2022.11',
    test: { boot: 'ovmf-unsigned' },
  },
  {
    client: 'iPXE as a boot ROM',
    does: 'says of itself what iPXE says that was loaded, and would load itself again and again',
    muster: 'remembers whom it told to load iPXE, and gives the next one of that machine its script',
    source: 'capture: ipxe-rom-discover',
    test: { boot: 'bios-undionly' },
  },
  {
    client: 'iPXE without HTTP or without Linux kernels (the ROM of VirtualBox)',
    does: 'says iPXE, and cannot go on from a script over HTTP',
    muster: 'goes by the features in option 175, and gives it the loader of its firmware',
    source: 'report: VirtualBox',
    test: { file: 'src/core/boot/next-step.test.ts', words: 'of iPXE that cannot start kernels' },
  },
  {
    client: 'the iPXE ROM of QEMU',
    does: 'waits two seconds for an offer of a proxyDHCP server',
    muster: 'says in option 175 that none will come, where it gives the addresses itself',
    source: 'capture: ipxe-rom-discover',
    test: {
      file: 'src/services/dhcp/dhcp-service-boot.test.ts',
      words: 'that there is no proxy to wait for',
    },
  },
  {
    client: 'the iPXE ROM of QEMU',
    does: 'looks for an IPv6 router after its lease, and waits 13 seconds where nobody answers',
    muster: 'says at once that there is none',
    source: 'seen: ipxe-qemu 1.0.0+git-20190125',
    test: { boot: 'bios-unknown' },
  },
  {
    client: 'iPXE from 2024 on',
    does: 'fetches autoexec.ipxe from beside itself, before it asks DHCP',
    muster: "gives the machine's script by that name too, which asks for an address first",
    source: 'source: iPXE',
    test: { file: 'src/services/boot/boot-files-uefi.test.ts', words: 'a build that looks for it by itself' },
  },
  {
    client: 'the debian-installer, and other systems that run already',
    does: 'takes a boot file with a URL for its answer file',
    muster: 'names no boot file to what is no boot program',
    source: 'source: debian-installer',
    test: { file: 'src/core/boot/next-step.test.ts', words: 'for an operating system, which would take it' },
  },
  {
    client: 'shim 16.1 over HTTP Boot',
    does: 'asks for its GRUB with two slashes',
    muster: 'takes several for one, and sends nobody elsewhere',
    source: 'seen: shim 16.1',
    test: { file: 'src/servers/machine-http-boot.test.ts', words: 'also behind two slashes' },
  },
  {
    client: 'shim 16.1',
    does: 'asks for three files that are nowhere before its GRUB',
    muster: 'answers at once that they are not there, and keeps them out of the timeline',
    source: 'seen: shim 16.1',
    test: { file: 'src/servers/machine-http-boot.test.ts', words: 'unless loaders ask for it in vain' },
  },
  {
    client: 'shim of SUSE',
    does: 'asks for `grub.efi` and `MokManager.efi`, whatever its processor',
    muster: 'gives those of its own build by these names, over the network and on the disk for HTTP Boot',
    source: "source: SUSE's shim.spec",
    test: {
      file: 'src/services/boot/boot-files-uefi.test.ts',
      words: 'a shim of SUSE gets the GRUB of its own build',
    },
  },
  {
    client: 'UEFI of HP laptops and HP ProLiant Gen9',
    does: 'does not go by what a proxyDHCP server says',
    muster: 'sees it, and names the lines for the other DHCP server',
    source: 'report: users of netboot and bootimus',
    test: {
      file: 'src/services/dhcp/dhcp-service-proxy.test.ts',
      words: 'that takes neither offer is told of',
    },
  },
  {
    client: 'ROM, iPXE and system of one machine',
    does: 'send a client identifier each of their own',
    muster: 'takes the MAC address for the identity',
    source: 'capture: edk2-discover, ipxe-rom-discover',
    test: {
      file: 'src/services/dhcp/dhcp-service.test.ts',
      words: 'the installer and the system get the address the ROM had',
    },
  },
  {
    client: 'EDK2 and GRUB',
    does: 'read only the first instance of option 43',
    muster: 'never splits it',
    source: 'source: EDK2, GRUB',
    test: { file: 'src/protocols/dhcp/pxe.test.ts', words: 'is not written longer than one instance' },
  },
  {
    client: 'pxelinux and hand-made configurations',
    does: 'spell the UUID in the byte order of the wire, or in the other one',
    muster: 'takes either',
    source: 'source: pxelinux',
    test: {
      file: 'src/services/boot/boot-files.test.ts',
      words: 'a file named by its UUID in the other byte order',
    },
  },
  {
    client: 'the Windows boot manager',
    does: 'asks for one file in many spellings, with backslashes and in other letters',
    muster: 'finds the one file that is meant, and tells how it was asked for',
    source: 'report: users of WDS replacements',
    test: {
      file: 'src/services/boot/boot-files-likeness.test.ts',
      words: 'the timeline says how it was asked for',
    },
  },
];
