import { biosClassic } from './bios-classic.ts';
import { biosDiscover } from './bios-discover.ts';
import { biosInstall } from './bios-install.ts';
import { biosMet, ovmfMet } from './bios-met.ts';
import { biosUnknown } from './bios-unknown.ts';
import { autoSwitch } from './auto-switch.ts';
import { arm64Material } from './arm64-material.ts';
import { arm64Uboot } from './arm64-uboot.ts';
import { arm64Uefi } from './arm64-uefi.ts';
import type { BootStage } from './boot-stage.ts';
import { biosDebian } from './debian/bios-debian.ts';
import { debianMaterial } from './debian/debian-material.ts';
import { demoLeavesNothing } from './demo-leaves-nothing.ts';
import { biosFirstByte } from './bios-first-byte.ts';
import { ovmfHttpBoot, ovmfHttpBootSecure } from './http-boot-installs.ts';
import { biosIpxe, biosUndionly, ovmfHttpBootIpxe, ovmfIpxe } from './ipxe-installs.ts';
import { kernelNfs } from './kernel-nfs.ts';
import { liveMaterial } from './live/live-disc.ts';
import { liveNfs } from './live/live-nfs.ts';
import { loaderMaterial } from './loader-material.ts';
import { httpBootIpv6, pxeIpv6 } from './ipv6-installs.ts';
import {
  biosMedia,
  biosMediaGrub,
  mediaMaterial,
  ovmfMedia,
  ovmfMediaSecure,
  uefiMediaMaterial,
} from './media-boots.ts';
import { ovmfInstall } from './ovmf-install.ts';
import { ovmfInstallIso } from './ovmf-install-iso.ts';
import { ovmfSecureBoot, ovmfUnsigned } from './ovmf-secureboot.ts';
import { pageInstall } from './page-install.ts';
import { proxyBios, proxyOvmf } from './proxy-installs.ts';
import { relayBios, relayOvmf, relayOvmfMaterial } from './relay-installs.ts';
import { relayMaterial } from './relay-router.ts';
import { biosInstallFtp, biosInstallNfs, nfsMaterial } from './source-installs.ts';
import { powerCut, reinstallLoop } from './trusted-installs.ts';
import { twoSegments } from './two-segments.ts';
import { uefiMaterial } from './uefi-material.ts';
import { waveWaitBios, waveWaitIpxe, waveWaitOvmf } from './wave-wait.ts';

export interface Boot {
  readonly sentence: string;
  /** About how long it takes on two cores in software emulation. */
  readonly seconds: number;
  /** It is given up after this. */
  readonly limitSeconds: number;
  /** `test`: part of `npm test`; `all`: only when named, or with `--all`. */
  readonly when: 'test' | 'all';
  /** Makes what it needs, outside the private network, where there is a way to a package archive. */
  readonly prepare?: (say: (sentence: string) => void) => Promise<unknown>;
  readonly run: (stage: BootStage) => Promise<void>;
}

/** Every real boot, by name. */
export const BOOTS = {
  'bios-install': {
    sentence:
      'SeaBIOS and iPXE ROM: an armed machine is installed over the network and then boots its own disk',
    seconds: 29,
    limitSeconds: 240,
    when: 'test',
    run: biosInstall,
  },
  'page-install': {
    sentence:
      'Somebody with nothing but the page: the first log-in, a disc that is dropped, a subnet, a profile and a machine that are made, an install that is watched through its phases and looked back at',
    seconds: 60,
    limitSeconds: 300,
    when: 'test',
    run: pageInstall,
  },
  'bios-install-ftp': {
    sentence: 'The answer file and the tree, which is on one disc image, come over FTP',
    seconds: 64,
    limitSeconds: 240,
    when: 'all',
    run: biosInstallFtp,
  },
  'bios-install-nfs': {
    sentence: "The Linux kernel's own NFS client mounts the tree, which is on one disc image",
    seconds: 58,
    limitSeconds: 240,
    when: 'test',
    prepare: nfsMaterial,
    run: biosInstallNfs,
  },
  'bios-media': {
    sentence:
      "BIOS without a network boot: its BMC's drive reads the disc by Muster's link, whose isolinux starts the installer",
    seconds: 60,
    limitSeconds: 300,
    when: 'all',
    prepare: mediaMaterial,
    run: biosMedia,
  },
  'bios-media-grub': {
    sentence: 'BIOS, the same: GRUB of a disc laid out as Ubuntu does, which has no isolinux',
    seconds: 60,
    limitSeconds: 300,
    when: 'all',
    prepare: mediaMaterial,
    run: biosMediaGrub,
  },
  'ovmf-media': {
    sentence: 'UEFI, the same: shim and GRUB of a disc laid out as Debian does',
    seconds: 80,
    limitSeconds: 480,
    when: 'all',
    prepare: uefiMediaMaterial,
    run: ovmfMedia,
  },
  'ovmf-media-secure': {
    sentence:
      'UEFI that enforces Secure Boot, the same from a disc laid out as Fedora does, whose GRUB has its configuration beside it',
    seconds: 100,
    limitSeconds: 480,
    when: 'all',
    prepare: uefiMediaMaterial,
    run: ovmfMediaSecure,
  },
  'live-nfs': {
    sentence: "A live system by Debian's live-boot, whose root file system stays on its disc image, over NFS",
    seconds: 41,
    limitSeconds: 300,
    when: 'test',
    prepare: liveMaterial,
    run: liveNfs,
  },
  'kernel-nfs': {
    sentence:
      "The Linux kernel's own NFS client reads every file of a folder and of three kinds of disc images",
    seconds: 43,
    limitSeconds: 240,
    when: 'test',
    prepare: nfsMaterial,
    run: kernelNfs,
  },
  'bios-met': {
    sentence:
      'SeaBIOS and iPXE ROM: a machine of which only the serial number is known is met, and boots its own disk',
    seconds: 7,
    limitSeconds: 180,
    when: 'test',
    run: biosMet,
  },
  'ovmf-met': {
    sentence: 'UEFI, the same: its ROM is told to load iPXE, though unknown machines are ignored',
    seconds: 30,
    limitSeconds: 240,
    when: 'all',
    prepare: uefiMaterial,
    run: ovmfMet,
  },
  'bios-unknown': {
    sentence:
      'SeaBIOS and iPXE ROM: an unknown machine gets the menu, which falls to its own disk, unchanged',
    seconds: 25,
    limitSeconds: 180,
    when: 'test',
    run: biosUnknown,
  },
  'reinstall-loop': {
    sentence:
      'SeaBIOS and iPXE ROM: after its install a machine boots from the network three times, and is never installed again',
    seconds: 34,
    limitSeconds: 300,
    when: 'test',
    run: reinstallLoop,
  },
  'power-cut': {
    sentence:
      'The power is cut while a machine installs: a second install tries again; cut again, it fails with its cause',
    seconds: 30,
    limitSeconds: 300,
    when: 'test',
    run: powerCut,
  },
  'bios-discover': {
    sentence:
      'SeaBIOS and iPXE ROM: an unknown machine tells its hardware and is known by a rule, boots its own disk unchanged, and then has it wiped',
    seconds: 39,
    limitSeconds: 480,
    when: 'test',
    run: biosDiscover,
  },
  'bios-classic': {
    sentence:
      'The classic way: dhcpd options and a hand-made /tftpboot with pxelinux.cfg/default boot as ever',
    seconds: 45,
    limitSeconds: 240,
    when: 'test',
    run: biosClassic,
  },
  'bios-debian': {
    sentence:
      'The stock debian-installer with Muster\'s preseed installs Debian 12 from a mirror Muster serves, to "login:"',
    seconds: 1_300,
    limitSeconds: 2_400,
    when: 'all',
    prepare: debianMaterial,
    run: biosDebian,
  },
  'bios-ipxe': {
    sentence: 'SeaBIOS and iPXE ROM: the ROM goes straight to HTTP, and installs without TFTP',
    seconds: 50,
    limitSeconds: 240,
    when: 'test',
    run: biosIpxe,
  },
  'bios-undionly': {
    sentence: 'SeaBIOS: undionly.kpxe is loaded once, and the iPXE in it installs over HTTP',
    seconds: 55,
    limitSeconds: 240,
    when: 'test',
    prepare: loaderMaterial,
    run: biosUndionly,
  },
  'bios-first-byte': {
    sentence: 'SeaBIOS and iPXE ROM: from power-on to the first byte over TFTP, beside dnsmasq',
    seconds: 30,
    limitSeconds: 180,
    when: 'test',
    run: biosFirstByte,
  },
  'proxy-bios': {
    sentence: 'Beside a DHCP server that gives the addresses: a BIOS machine is installed through pxelinux',
    seconds: 50,
    limitSeconds: 240,
    when: 'test',
    run: proxyBios,
  },
  'auto-switch': {
    sentence: 'Another DHCP server comes and goes: Muster leaves it the addresses, and gives them again',
    seconds: 55,
    limitSeconds: 300,
    when: 'test',
    run: autoSwitch,
  },
  'ovmf-ipxe': {
    sentence: 'UEFI: an armed machine is installed through PXE and iPXE, over HTTP',
    seconds: 60,
    limitSeconds: 300,
    when: 'test',
    prepare: uefiMaterial,
    run: ovmfIpxe,
  },
  'ovmf-httpboot': {
    sentence: 'UEFI HTTP Boot: one disk with shim, GRUB and kernel installs an armed machine, without TFTP',
    seconds: 70,
    limitSeconds: 300,
    when: 'all',
    prepare: uefiMaterial,
    run: ovmfHttpBoot,
  },
  'ovmf-httpboot-secure': {
    sentence: 'UEFI HTTP Boot that enforces Secure Boot: the same, where everything that runs is signed',
    seconds: 95,
    limitSeconds: 300,
    when: 'all',
    prepare: uefiMaterial,
    run: ovmfHttpBootSecure,
  },
  'ovmf-httpboot-ipxe': {
    sentence: 'UEFI HTTP Boot: an armed machine is installed through iPXE',
    seconds: 70,
    limitSeconds: 300,
    when: 'all',
    prepare: uefiMaterial,
    run: ovmfHttpBootIpxe,
  },
  'pxe-ipv6': {
    sentence:
      'UEFI PXE over IPv6 alone: beside a DHCPv6 server that gives addresses, a machine is installed through iPXE',
    seconds: 250,
    limitSeconds: 480,
    when: 'all',
    prepare: uefiMaterial,
    run: pxeIpv6,
  },
  'httpboot-ipv6': {
    sentence:
      'UEFI HTTP Boot over IPv6 alone: beside a DHCPv6 server that gives addresses, a machine is installed through iPXE',
    seconds: 260,
    limitSeconds: 900,
    when: 'all',
    prepare: uefiMaterial,
    run: httpBootIpv6,
  },
  'proxy-ovmf': {
    sentence:
      'Beside a DHCP server that gives the addresses: a UEFI machine asks port 4011, and is installed',
    seconds: 75,
    limitSeconds: 300,
    when: 'all',
    prepare: uefiMaterial,
    run: proxyOvmf,
  },
  'ovmf-install': {
    sentence:
      'UEFI: an armed machine is installed through PXE, shim and GRUB, and then boots its own disk by itself',
    seconds: 70,
    limitSeconds: 480,
    when: 'test',
    prepare: uefiMaterial,
    run: ovmfInstall,
  },
  'ovmf-install-iso': {
    sentence: 'UEFI: an armed machine is installed from one disc image, with the loaders that are on it',
    seconds: 75,
    limitSeconds: 480,
    when: 'all',
    prepare: uefiMaterial,
    run: ovmfInstallIso,
  },
  'ovmf-secureboot': {
    sentence: 'UEFI that enforces Secure Boot: the same install, where everything that runs is signed',
    seconds: 95,
    limitSeconds: 480,
    when: 'all',
    prepare: uefiMaterial,
    run: ovmfSecureBoot,
  },
  'ovmf-unsigned': {
    sentence: 'UEFI that enforces Secure Boot: a loader that nobody signed is fetched, refused, and named',
    seconds: 15,
    limitSeconds: 240,
    when: 'test',
    prepare: uefiMaterial,
    run: ovmfUnsigned,
  },
  'relay-bios': {
    sentence: 'Behind a router with a relay agent (option 82): a BIOS machine is installed through pxelinux',
    seconds: 60,
    limitSeconds: 300,
    when: 'test',
    prepare: relayMaterial,
    run: relayBios,
  },
  'relay-ovmf': {
    sentence:
      'The same where another server gives the addresses: a UEFI machine asks port 4011 from the other subnet',
    seconds: 105,
    limitSeconds: 400,
    when: 'all',
    prepare: relayOvmfMaterial,
    run: relayOvmf,
  },
  'two-segments': {
    sentence: 'Two segments with a subnet each: a BIOS and a UEFI machine are installed at the same time',
    seconds: 100,
    limitSeconds: 600,
    when: 'all',
    prepare: uefiMaterial,
    run: twoSegments,
  },
  'arm64-uefi': {
    sentence:
      'arm64 with UEFI: an armed machine is installed through PXE, shim and GRUB, and then boots its own disk',
    seconds: 70,
    limitSeconds: 900,
    when: 'all',
    prepare: arm64Material,
    run: arm64Uefi,
  },
  'arm64-uboot': {
    sentence: 'arm64 with U-Boot: it finds its pxelinux.cfg, is installed, and starts its own disk',
    seconds: 45,
    limitSeconds: 900,
    when: 'test',
    prepare: arm64Material,
    run: arm64Uboot,
  },
  'wave-wait-bios': {
    sentence:
      'A machine that boots while its wave waits stands at the waiting menu of pxelinux, and is installed from there',
    seconds: 76,
    limitSeconds: 400,
    when: 'test',
    run: waveWaitBios,
  },
  'wave-wait-ipxe': {
    sentence: 'The same with iPXE, whose scripts take one the place of the other',
    seconds: 90,
    limitSeconds: 400,
    when: 'all',
    run: waveWaitIpxe,
  },
  'wave-wait-ovmf': {
    sentence: 'The same with UEFI and GRUB, which reads its configuration again',
    seconds: 110,
    limitSeconds: 600,
    when: 'all',
    prepare: uefiMaterial,
    run: waveWaitOvmf,
  },
  demo: {
    sentence: 'muster demo installs its machine; finished, interrupted or killed, it leaves nothing behind',
    seconds: 75,
    limitSeconds: 300,
    when: 'test',
    run: demoLeavesNothing,
  },
} as const satisfies Record<string, Boot>;

export type BootName = keyof typeof BOOTS;
export const BOOT_NAMES = Object.keys(BOOTS) as readonly BootName[];
