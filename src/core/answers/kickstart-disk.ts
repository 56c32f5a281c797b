/**
 * The layout of the one disk, written by %pre with the disk's name in place of `@DISK@`. `autopart` wherever it can do
 * what is wanted; partitions one by one where a size of swap is said, and in EL 5 and 6, whose `autopart` knows LVM
 * alone. `reqpart` brings what the firmware boots from (EL 7 and later); before, %pre adds it for UEFI.
 */
export const KICKSTART_DISK = String.raw`{% set fedora = image.title is startingwith("Fedora") %}
{% set btrfs = partitioning == "btrfs" or root_filesystem == "btrfs" %}
{% if btrfs and (level < 7 or (level >= 8 and not fedora)) %}
{{ (image.title ~ " cannot be installed on btrfs: set partitioning to plain or lvm, and root_filesystem to ext4 or xfs") | refuse }}
{% elif btrfs and (partitioning == "lvm" or root_filesystem not in ["", "btrfs"]) %}
{{ "btrfs has no place in LVM and no other file system in it: set partitioning to btrfs, and leave root_filesystem out" | refuse }}
{% elif level < 6 and root_filesystem %}
{{ "EL 5 is installed on ext3 alone: leave root_filesystem out" | refuse }}
{% endif %}
ignoredisk --only-use=@DISK@
zerombr
clearpart --all --initlabel --drives=@DISK@
{% set own_swap = swap_megabytes != "" and not (swap_megabytes == 0 and level >= 8) %}
{% if own_swap or (level < 7 and (partitioning == "plain" or root_filesystem)) %}
{% set fs = "--fstype=" ~ (root_filesystem or ("ext4" if level == 6 else "ext3")) ~ " " if root_filesystem or level < 7 else "" %}
{% set swap_size = "--recommended" if swap_megabytes == "" else "--size=" ~ swap_megabytes %}
{% if level >= 7 %}
reqpart --add-boot
{% else %}
part /boot --fstype={{ "ext4" if level == 6 else "ext3" }} --size=500 --ondisk=@DISK@
{% endif %}
{% if swap_megabytes != 0 and partitioning != "lvm" %}
part swap {{ swap_size }} --ondisk=@DISK@
{% endif %}
{% if btrfs %}
part btrfs.01 --size=4096 --grow --ondisk=@DISK@
btrfs none --label=system btrfs.01
btrfs / --subvol --name=root LABEL=system
{% elif partitioning == "lvm" %}
part pv.01 --size=4096 --grow --ondisk=@DISK@
volgroup system pv.01
{% if swap_megabytes != 0 %}
logvol swap {{ swap_size }} --vgname=system --name=swap
{% endif %}
logvol / {{ fs }}--size=4096 --grow --vgname=system --name=root
{% else %}
part / {{ fs }}--size=4096 --grow --ondisk=@DISK@
{% endif %}
{% elif level < 7 %}
autopart
{% else %}
autopart --type={{ ("btrfs" if btrfs else partitioning) | ks }}{{ (" --fstype=" ~ root_filesystem) if root_filesystem and not btrfs }}{{ " --noswap" if swap_megabytes == 0 }}
{% endif %}`;
