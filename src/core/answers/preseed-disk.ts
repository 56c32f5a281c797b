/**
 * For partman/early_command, which knows the firmware: a recipe of our own where a size of swap is said. It is the
 * `atomic` one of partman-auto with that size in it. debconf keeps it on one line.
 */
export const PRESEED_RECIPE = String.raw`{% if swap_megabytes != "" %}
{% set fs = "btrfs" if partitioning == "btrfs" else (root_filesystem or "ext4") %}
{% set root = "500 10000 -1 " ~ fs ~ " $lvmok{ } method{ format } format{ } use_filesystem{ } filesystem{ " ~ fs ~ " } mountpoint{ / } ." %}
{% set kernels = "512 512 512 ext2 $defaultignore{ } method{ format } format{ } use_filesystem{ } filesystem{ ext2 } mountpoint{ /boot } ." %}
{% set size = swap_megabytes ~ " " %}
{% set swap = (" " ~ size ~ size ~ size ~ "linux-swap $lvmok{ } $reusemethod{ } method{ swap } format{ } .") if swap_megabytes else "" %}
  boot='1 1 1 free $iflabel{ gpt } $reusemethod{ } method{ biosgrub } .'; \
  [ -d /sys/firmware/efi ] && boot='538 538 1075 free $iflabel{ gpt } $reusemethod{ } method{ efi } format{ } .'; \
  debconf-set partman-auto/expert_recipe "muster :: $boot "{{ (kernels ~ " " ~ root ~ swap) | sh }}; \
{% endif %}`;
