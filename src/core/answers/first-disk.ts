/**
 * Lines of a loop over `$block` in /sys/block that go on with the next one unless this one is a disk that is built in:
 * not removable, not on USB, not on a network, not virtual, with a size. Only sysfs is asked, since the tools differ:
 * Linux 2.6.18 to today, bash and busybox.
 */
export const UNLESS_BUILT_IN = [
  // Loops, RAM disks, zram, NBD and device-mapper have no device.
  '[ -e "$block/device" ] || continue',
  // Optical drives, floppies, tapes, the boot areas of eMMC, the hidden paths of multipath NVMe; the flash that holds a
  // firmware, memory that keeps what is in it; disks of a network that have a device in some kernels.
  'case "$block" in */sr*|*/fd*|*/st*|*boot?|*rpmb|*/nvme*c*n*) continue;; esac',
  'case "$block" in */mtdblock*|*/pmem*|*/zram*|*/loop*|*/rbd*|*/nbd*|*/etherd*) continue;; esac',
  'path="$(readlink -f "$block") $(readlink -f "$block/device")"',
  // What other machines may have in use: disks of Fibre Channel (rport), iSCSI (session), SRP (port, as the kernel calls
  // those of SAS, too, which lead to an end_device) and NVMe over a network.
  'case "$path" in */usb*|*/rport-*|*/session[0-9]*) continue;; */end_device-*) ;; */port-*) continue;; esac',
  'for way in $(cat "$block"/device/transport "$block"/device/nvme*/transport 2> /dev/null); do case $way in pcie|apple-nvme) ;; *) continue 2;; esac; done',
  '[ "$(cat "$block/removable")" = 0 ] || continue',
  '[ "$(cat "$block/size")" -gt 0 ] || continue',
] as const;

/**
 * Shell for the installers of all families: leaves in `$disk` the first disk by name that is built in and no SD card,
 * such as `sda`, or nothing. In sysfs `/` in a name stands as `!`.
 */
const LINES = [
  'disk=',
  'for block in /sys/block/*; do',
  ...UNLESS_BUILT_IN.map((line) => `  ${line}`),
  // The kernel calls no SD card removable.
  '  [ "$(cat "$block/device/type" 2> /dev/null)" != SD ] || continue',
  '  disk=$(basename "$block" | tr "!" "/")',
  '  break',
  'done',
];

export const FIRST_DISK = LINES.join('\n');

/** The same on one line, for places that hold only one. */
export const FIRST_DISK_ON_ONE_LINE = LINES.map((line) =>
  line.endsWith(' do') ? `${line} ` : `${line.trim()}; `,
)
  .join('')
  .trim();

/**
 * The condition that `$disk` is no whole disk of this machine: it may be a partition, or not be there. The kernel lists
 * disks alone in /sys/block.
 */
export const IS_NO_DISK = '[ ! -b "/dev/$disk" ] || [ ! -e "/sys/block/$(echo "$disk" | tr / !)" ]';
