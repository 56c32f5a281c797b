/**
 * Shell for the installers of both families: leaves in `$disk` the first disk by name that is built in (not
 * removable, not on USB, not virtual, with a size), such as `sda`, or nothing. Only sysfs is asked, since the
 * tools differ: Linux 2.6.18 to today, bash and busybox. In sysfs `/` in a name stands as `!`.
 */
const LINES = [
  'disk=',
  'for block in /sys/block/*; do',
  '  [ -e "$block/device" ] || continue',
  // Optical drives, floppies, tapes, the boot areas of eMMC, the hidden paths of multipath NVMe.
  '  case "$block" in */sr*|*/fd*|*/st*|*boot?|*rpmb|*/nvme*c*n*) continue;; esac',
  '  case "$(readlink -f "$block") $(readlink -f "$block/device")" in */usb*) continue;; esac',
  '  [ "$(cat "$block/removable")" = 0 ] || continue',
  '  [ "$(cat "$block/size")" -gt 0 ] || continue',
  '  disk=$(basename "$block" | tr "!" "/")',
  '  break',
  'done',
] as const;

export const FIRST_DISK = LINES.join('\n');

/** The same on one line, for places that hold only one. */
export const FIRST_DISK_ON_ONE_LINE = LINES.map((line) =>
  line.endsWith(' do') ? `${line} ` : `${line.trim()}; `,
)
  .join('')
  .trim();
