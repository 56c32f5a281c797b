import type { LoaderName, LoaderSetName } from './loaders.ts';

/** Where a family of distributions keeps a set. */
export interface LoaderPlace {
  /** Folders that belong to one build; the first that has the file counts. */
  readonly folders: readonly string[];
  /** Where the file has another name than clients ask for. */
  readonly called?: Readonly<Partial<Record<LoaderName, string>>>;
  readonly packages: readonly string[];
  /** The Debian architecture that the packages are only there for; they are only unpacked, so it need not be this one. */
  readonly packagesOf?: 'amd64' | 'arm64' | 'i386' | 'armhf' | 'riscv64';
}

export interface LoaderHome {
  readonly family: string;
  /** `ID` or `ID_LIKE` of /etc/os-release. */
  readonly systems: readonly string[];
  /**
   * What a root user types before the packages. `unpack`: `muster loaders install` takes the loaders out of the
   * packages, since installing them would write into this computer's own boot menu and EFI partition.
   */
  readonly installCommand: readonly string[] | 'unpack';
  /** A set that is missing has no package there. */
  readonly places: Readonly<Partial<Record<LoaderSetName, LoaderPlace>>>;
}

/** Folders below /boot/efi/EFI of the Fedora family, which keeps its loaders only there. */
const FEDORA_FOLDERS = ['fedora', 'redhat', 'centos', 'rocky', 'almalinux'].map(
  (system) => `/boot/efi/EFI/${system}`,
);

/**
 * Where each family of distributions puts them. Package lists as of 2024; the paths of SYSLINUX have not moved in ten
 * years. Debian's are seen (Debian 12 and 13: only 12 has shim for 32-bit x86, only 13 iPXE and GRUB for the processors
 * of which 12 has none); the others are from their package lists.
 */
export const LOADER_HOMES: readonly LoaderHome[] = [
  {
    family: 'Debian',
    systems: ['debian', 'ubuntu'],
    installCommand: 'unpack',
    places: {
      pxelinux: {
        folders: ['/usr/lib/PXELINUX', '/usr/lib/syslinux/modules/bios', '/usr/lib/syslinux'],
        packages: ['pxelinux', 'syslinux-common'],
      },
      'grub x64': {
        folders: ['/usr/lib/shim', '/usr/lib/grub/x86_64-efi-signed'],
        called: {
          'shimx64.efi': 'shimx64.efi.signed',
          'mmx64.efi': 'mmx64.efi.signed',
          'grubx64.efi': 'grubnetx64.efi.signed',
        },
        packages: ['shim-signed', 'shim-helpers-amd64-signed', 'grub-efi-amd64-signed'],
        packagesOf: 'amd64',
      },
      'grub aa64': {
        folders: ['/usr/lib/shim', '/usr/lib/grub/arm64-efi-signed'],
        called: {
          'shimaa64.efi': 'shimaa64.efi.signed',
          'mmaa64.efi': 'mmaa64.efi.signed',
          'grubaa64.efi': 'grubnetaa64.efi.signed',
        },
        packages: ['shim-signed', 'shim-helpers-arm64-signed', 'grub-efi-arm64-signed'],
        packagesOf: 'arm64',
      },
      'grub ia32': {
        folders: ['/usr/lib/shim', '/usr/lib/grub/i386-efi-signed'],
        called: {
          'shimia32.efi': 'shimia32.efi.signed',
          'mmia32.efi': 'mmia32.efi.signed',
          'grubia32.efi': 'grubnetia32.efi.signed',
        },
        packages: ['shim-signed', 'shim-helpers-i386-signed', 'grub-efi-ia32-signed'],
        packagesOf: 'i386',
      },
      'grub arm': {
        folders: ['/usr/lib/grub/arm-efi/monolithic'],
        packages: ['grub-efi-arm-unsigned'],
        packagesOf: 'armhf',
      },
      'grub riscv64': {
        folders: ['/usr/lib/grub/riscv64-efi/monolithic'],
        packages: ['grub-efi-riscv64-unsigned'],
        packagesOf: 'riscv64',
      },
      // In Debian 12 its ipxe.efi is in /boot, and a link to it elsewhere.
      'ipxe x86': { folders: ['/usr/lib/ipxe', '/boot'], packages: ['ipxe'] },
      'ipxe aa64': { folders: ['/usr/lib/ipxe'], packages: ['ipxe'] },
      'ipxe riscv64': { folders: ['/usr/lib/ipxe'], packages: ['ipxe'] },
      'ipxe loongarch64': { folders: ['/usr/lib/ipxe'], packages: ['ipxe'] },
    },
  },
  {
    family: 'Fedora',
    systems: ['fedora', 'rhel', 'centos'],
    installCommand: ['dnf', 'install', '-y'],
    places: {
      pxelinux: { folders: ['/usr/share/syslinux'], packages: ['syslinux', 'syslinux-nonlinux'] },
      'grub x64': { folders: FEDORA_FOLDERS, packages: ['shim-x64', 'grub2-efi-x64'] },
      'grub aa64': { folders: FEDORA_FOLDERS, packages: ['shim-aa64', 'grub2-efi-aa64'] },
      'ipxe x86': {
        folders: ['/usr/share/ipxe'],
        called: { 'snponly.efi': 'ipxe-snponly-x86_64.efi', 'ipxe.efi': 'ipxe-x86_64.efi' },
        packages: ['ipxe-bootimgs-x86'],
      },
    },
  },
  {
    family: 'Arch',
    systems: ['arch'],
    installCommand: ['pacman', '-S', '--noconfirm'],
    places: { pxelinux: { folders: ['/usr/lib/syslinux/bios'], packages: ['syslinux'] } },
  },
  {
    family: 'SUSE',
    systems: ['suse', 'opensuse', 'sles'],
    installCommand: ['zypper', '--non-interactive', 'install'],
    places: {
      pxelinux: { folders: ['/usr/share/syslinux'], packages: ['syslinux'] },
      'grub x64': {
        folders: ['/usr/share/efi/x86_64'],
        called: { 'shimx64.efi': 'shim.efi', 'grubx64.efi': 'grub.efi', 'mmx64.efi': 'MokManager.efi' },
        packages: ['shim', 'grub2-x86_64-efi'],
      },
    },
  },
];
