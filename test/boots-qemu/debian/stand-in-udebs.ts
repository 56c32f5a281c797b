import { chmod, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../../../src/lab/run-program.ts';

/**
 * Udebs of our own, which stand in for some of Debian's that package mirrors do not all hand out (partman's,
 * grub-installer, user-setup, finish-install, debootstrap-udeb). What is stock in the boot all the same: kernel,
 * initrd, netcfg, preseed, choose-mirror, net-retriever, anna, base-installer, bootstrap-base, debootstrap's
 * scripts, and apt and grub in the installed system.
 */
export interface StandInInput {
  /** Holds the ordinary packages that are packed anew, one of each. */
  readonly packages: string;
  readonly scratch: string;
  readonly output: string;
  /** The key that signs the mirror, armoured. */
  readonly archiveKey: string;
}

interface StandIn {
  readonly name: string;
  readonly summary: string;
  /** Its place in the installer's menu; none for one that others pull in. */
  readonly menuItem?: number;
  readonly depends?: string;
  readonly provides?: string;
  /** Questions it owns, besides its menu entry, as debconf's templates. */
  readonly templates?: string;
  readonly postinst?: string;
}

export interface BuiltUdeb {
  readonly file: string;
  readonly control: Readonly<Record<string, string>>;
}

/** Newer than any of Debian's. */
const VERSION = '1:99.muster1';

/** Programs and libraries of the disk step, from these packages. */
const DISK_PACKAGES = [
  'e2fsprogs',
  'libext2fs2',
  'libcom-err2',
  'libss2',
  'fdisk',
  'libfdisk1',
  'libsmartcols1',
  'libreadline8',
  'libtinfo6',
  'libblkid1',
  'libuuid1',
];
const DISK_PROGRAMS = ['mke2fs', 'sfdisk'];
const DISK_LIBRARIES = /^lib(ext2fs|e2p|com_err|ss|fdisk|smartcols|readline|tinfo|blkid|uuid)\.so\.\d+$/;
const DISK_FOLDER = 'usr/lib/muster-disk';

const DISK_POSTINST = `#!/bin/sh
set -e
. /usr/share/debconf/confmodule
exec 2>>/var/log/muster-disk.log
logger -t muster "PHASE disk"
depmod -a >&2 || true
for module in virtio_pci virtio_blk ext4; do modprobe -q $module || true; done
tries=0
while [ ! -b /dev/vda ] && [ $tries -lt 20 ]; do sleep 1; tries=$((tries + 1)); done
# As partman does, when the drivers of the disks are loaded; the preseed answers partman-auto/disk here.
preseed_command partman/early_command
db_get partman-auto/disk
disk="$RET"
[ -b "$disk" ] || { logger -t muster "the disk $disk that the preseed names is not there"; exit 1; }
run() { program=$1; shift; LD_LIBRARY_PATH=/${DISK_FOLDER} /${DISK_FOLDER}/$program "$@" >&2; }
printf 'label: dos\\nstart=2048,type=83,bootable\\n' | run sfdisk -q $disk
sleep 1
blockdev --rereadpt $disk >&2 || true
udevadm settle >&2 || true
run mke2fs -q -F -t ext4 -O ^has_journal,^metadata_csum -E lazy_itable_init=1,nodiscard -L root \${disk}1
mkdir -p /target
mount -t ext4 -o noatime \${disk}1 /target
mkdir -p /target/etc/apt/trusted.gpg.d /target/etc/apt/apt.conf.d /target/etc/dpkg/dpkg.cfg.d
cp /${DISK_FOLDER}/mirror.asc /target/etc/apt/trusted.gpg.d/
echo 'Acquire::Languages "none";' > /target/etc/apt/apt.conf.d/99muster
printf 'path-exclude=/usr/share/doc/*\\npath-exclude=/usr/share/man/*\\npath-exclude=/usr/share/locale/*\\nforce-unsafe-io\\n' > /target/etc/dpkg/dpkg.cfg.d/99muster
echo "UUID=$(blkid -o value -s UUID \${disk}1) / ext4 noatime,errors=remount-ro 0 1" > /target/etc/fstab
echo "$disk" > /var/run/muster.disk
logger -t muster "PHASE base"
`;

const BOOT_POSTINST = `#!/bin/sh
. /usr/share/debconf/confmodule
logger -t muster "PHASE grub"
disk=$(cat /var/run/muster.disk)
if db_get passwd/root-password-crypted && [ -n "$RET" ]; then echo "root:$RET" | chroot /target chpasswd -e; fi
if db_get netcfg/get_hostname && [ -n "$RET" ]; then echo "$RET" > /target/etc/hostname; fi
mkdir -p /target/etc/default/grub.d
options=
# As grub-installer does with the words that the preseed wants on the installed system's command line.
if db_get debian-installer/add-kernel-opts; then options="$RET"; fi
printf 'GRUB_CMDLINE_LINUX="%s"\\nGRUB_TIMEOUT=0\\nGRUB_DISABLE_OS_PROBER=true\\n' "$options" > /target/etc/default/grub.d/muster.cfg
mount --bind /sys /target/sys 2>/dev/null
grep -q ' /target/proc ' /proc/mounts || mount -t proc proc /target/proc
log-output -t muster apt-install grub-pc || exit 1
log-output -t muster in-target grub-install --target=i386-pc "$disk" || exit 1
log-output -t muster in-target update-grub || exit 1
umount /target/sys 2>/dev/null
exit 0
`;

const FINISH_POSTINST = `#!/bin/sh
. /usr/share/debconf/confmodule
logger -t muster "PHASE finish"
for part in /usr/lib/finish-install.d/*; do
  [ -x "$part" ] && { log-output -t finish-install "$part" || logger -t muster "part $part failed"; }
done
sync
# The deepest first. A file system that is not left in order would be checked at the next boot.
for place in $(cut -d ' ' -f 2 /proc/mounts | grep '^/target' | sort -r); do
  umount "$place" || mount -o remount,ro "$place" || logger -t muster "$place stays mounted"
done
logger -t muster "PHASE done"
sleep 1
reboot -f
sleep 60
`;

const STAND_INS: readonly StandIn[] = [
  { name: 'debootstrap-udeb', summary: 'Bootstrap the Debian system' },
  {
    name: 'muster-disk',
    summary: 'Partition the disk that the preseed names',
    menuItem: 4200,
    depends: 'libc6-udeb, cdebconf-udeb',
    provides:
      'created-fstab, made-filesystems, mounted-partitions, partitioned-harddrives, harddrive-detection',
    // Without its owner's template a question cannot be answered.
    templates:
      '\nTemplate: partman-auto/disk\nType: string\nDescription: for internal use; can be preseeded\n',
    postinst: DISK_POSTINST,
  },
  {
    name: 'muster-boot',
    summary: 'Install the boot loader',
    menuItem: 7400,
    depends: 'installed-base, cdebconf-udeb, di-utils',
    provides: 'bootable-system, user-setup-udeb',
    postinst: BOOT_POSTINST,
  },
  {
    name: 'finish-install',
    summary: 'Finish the installation',
    menuItem: 80_000,
    depends: 'bootable-system, installed-base, cdebconf-udeb, di-utils',
    postinst: FINISH_POSTINST,
  },
];

/** Packs them into `output`, and gives the name and the control fields of each, for the index. */
export async function buildStandInUdebs(input: StandInInput): Promise<readonly BuiltUdeb[]> {
  const built: BuiltUdeb[] = [];
  for (const standIn of STAND_INS) {
    const root = join(input.scratch, standIn.name);
    await mkdir(join(root, 'DEBIAN'), { recursive: true });
    if (standIn.name === 'debootstrap-udeb') await unpackDebootstrap(input, root);
    if (standIn.name === 'muster-disk') await collectDiskPrograms(input, root);
    const control = controlOf(standIn);
    await writeControl(standIn, control, root);
    const file = `${standIn.name}_99.muster1_amd64.udeb`;
    await mustRun(['dpkg-deb', '--root-owner-group', '-Zgzip', '-b', root, join(input.output, file)]);
    built.push({ file, control });
  }
  return built;
}

function controlOf(standIn: StandIn): Readonly<Record<string, string>> {
  return {
    Package: standIn.name,
    Version: VERSION,
    Architecture: 'amd64',
    Maintainer: 'Muster tests <nobody@localhost>',
    Section: 'debian-installer',
    Priority: standIn.menuItem === undefined ? 'optional' : 'standard',
    ...(standIn.depends === undefined ? {} : { Depends: standIn.depends }),
    ...(standIn.provides === undefined ? {} : { Provides: standIn.provides }),
    ...(standIn.menuItem === undefined ? {} : { 'Installer-Menu-Item': String(standIn.menuItem) }),
    Description: standIn.summary,
  };
}

async function writeControl(
  standIn: StandIn,
  control: Readonly<Record<string, string>>,
  root: string,
): Promise<void> {
  const fields = Object.entries(control).map(([name, value]) => `${name}: ${value}\n`);
  await writeFile(join(root, 'DEBIAN/control'), fields.join(''));
  if (standIn.menuItem !== undefined) {
    const title = `Template: debian-installer/${standIn.name}/title\nType: text\nDescription: ${standIn.summary}\n`;
    await writeFile(join(root, 'DEBIAN/templates'), `${title}${standIn.templates ?? ''}`);
  }
  if (standIn.postinst === undefined) return;
  await writeFile(join(root, 'DEBIAN/postinst'), standIn.postinst);
  await chmod(join(root, 'DEBIAN/postinst'), 0o755);
}

async function unpackDebootstrap(input: StandInInput, root: string): Promise<void> {
  await unpack(input.packages, 'debootstrap', root);
  await rm(join(root, 'usr/share/doc'), { recursive: true, force: true });
  await rm(join(root, 'usr/share/man'), { recursive: true, force: true });
}

async function collectDiskPrograms(input: StandInInput, root: string): Promise<void> {
  const unpacked = join(input.scratch, 'disk-programs');
  await mkdir(unpacked, { recursive: true });
  for (const name of DISK_PACKAGES) await unpack(input.packages, name, unpacked);
  const folder = join(root, DISK_FOLDER);
  await mkdir(folder, { recursive: true });
  for (const path of await readdir(unpacked, { recursive: true })) {
    const name = path.split('/').at(-1) ?? '';
    if (DISK_PROGRAMS.includes(name) || DISK_LIBRARIES.test(name)) {
      await cp(join(unpacked, path), join(folder, name), { dereference: true });
    }
  }
  await writeFile(join(folder, 'mirror.asc'), input.archiveKey);
}

async function unpack(packages: string, name: string, root: string): Promise<void> {
  const file = (await readdir(packages)).find(
    (candidate) => candidate.startsWith(`${name}_`) && candidate.endsWith('.deb'),
  );
  if (file === undefined) throw new Error(`The mirror was to hold ${name}, and does not`);
  await mustRun(['dpkg-deb', '-x', join(packages, file), root]);
}
