import { CHOOSE_DISK, FOLLOW, IN_SYSTEM, REPORT } from './shell-parts.ts';

/**
 * The script that Arch's live system fetches and runs (script=): the installation guide of Arch, with GRUB for BIOS and
 * UEFI alike. Whatever fails is reported with the line it stands on, and the machine stays as it is.
 */
export const ARCH_TEMPLATE = String.raw`#!/bin/bash
{# Muster's script for Arch Linux. Variables: docs/answer-variables.md #}
${REPORT}
${FOLLOW}
${CHOOSE_DISK}
${IN_SYSTEM}
{% if partitioning == "btrfs" and root_filesystem and root_filesystem != "btrfs" %}
{{ "partitioning=btrfs and another root_filesystem contradict each other: leave one out" | refuse }}
{% endif %}
{% set root_type = "btrfs" if partitioning == "btrfs" else (root_filesystem or "ext4") %}
# {{ machine.name | comment }}: {{ image.title | comment }}, profile {{ profile | comment }}; rendered by Muster for this install only.
set -E
{{ report_function() -}}
{{ follow_function() -}}
inside() { arch-chroot /mnt "$@"; }
trap 'report failed "step=installer&message=The+installer+stopped+in+line+$LINENO"; exit 1' ERR
report started 'step=answer+file'
{{ tell_facts() -}}
udevadm settle
trap - ERR
{{ choose_disk() -}}
trap 'report failed "step=installer&message=The+installer+stopped+in+line+$LINENO"; exit 1' ERR
{% if proxy %}
export http_proxy={{ proxy | sh }} https_proxy={{ proxy | sh }}
{% endif %}
timedatectl set-ntp true
swapoff -a
{{ release_disks() -}}
wipefs --all "/dev/$disk"
# One partition for GRUB of the BIOS, one for UEFI's, whatever this machine starts by.
sfdisk --wipe always --wipe-partitions always "/dev/$disk" << 'PARTITIONS'
label: gpt
size=1MiB, type=21686148-6449-6E6F-744E-656564454649, name=muster-bios
size=512MiB, type=U, name=muster-esp
{% if swap_megabytes and partitioning != "lvm" %}
size={{ swap_megabytes }}MiB, type=S, name=muster-swap
{% endif %}
type={{ "V" if partitioning == "lvm" else "L" }}, name=muster-root
PARTITIONS
udevadm settle
part() { lsblk -nro PATH,PARTLABEL "/dev/$disk" | sed -n "s,^\([^ ]*\) muster-$1\$,\1,p"; }
root=$(part root)
{% if partitioning == "lvm" %}
pvcreate -ff -y "$root"
vgcreate -y system "$root"
{% if swap_megabytes %}
lvcreate -y -W y -L {{ swap_megabytes }}M -n swap system
mkswap /dev/system/swap
swapon /dev/system/swap
{% endif %}
lvcreate -y -W y -l 100%FREE -n root system
root=/dev/system/root
{% elif swap_megabytes %}
mkswap "$(part swap)"
swapon "$(part swap)"
{% endif %}
mkfs.{{ root_type }} {{ "-F" if root_type == "ext4" else "-f" }} "$root"
mkfs.fat -F 32 "$(part esp)"
mount "$root" /mnt
mkdir -p /mnt/boot/efi
mount "$(part esp)" /mnt/boot/efi
report progress 'step=packages'
{% if mirror %}
echo {{ ("Server = " ~ mirror ~ "/$repo/os/$arch") | sh }} > /etc/pacman.d/mirrorlist
{% endif %}
{% for repository in repositories %}
{% set parts = repository | split("=", 1) %}
printf '\n[%s]\n%sServer = %s\n' {{ parts[0] | sh }} {{ "'SigLevel = Never\n'" if mirror_unsigned else "''" }} {{ parts[1] | sh }} >> /etc/pacman.conf
{% endfor %}
follow pacstrap -K /mnt base linux linux-firmware grub efibootmgr openssh sudo{{ " lvm2" if partitioning == "lvm" }}{{ " btrfs-progs" if root_type == "btrfs" }}{{ " xfsprogs" if root_type == "xfs" }}{% for package in packages %} {{ package | package | sh }}{% endfor +%}
report progress 'step=configuration'
genfstab -U /mnt >> /mnt/etc/fstab
ln -sf {{ ("/usr/share/zoneinfo/" ~ timezone) | sh }} /mnt/etc/localtime
inside hwclock --systohc
echo {{ (locale ~ " UTF-8") | sh }} >> /mnt/etc/locale.gen
inside locale-gen
echo {{ ("LANG=" ~ locale) | sh }} > /mnt/etc/locale.conf
echo {{ ("KEYMAP=" ~ keyboard) | sh }} > /mnt/etc/vconsole.conf
echo {{ machine.name | sh }} > /mnt/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' {{ (machine.fqdn ~ (" " ~ machine.name if domain else "")) | sh }} > /mnt/etc/hosts
{% if ntp_servers %}
mkdir -p /mnt/etc/systemd/timesyncd.conf.d
printf '[Time]\nNTP=%s\n' {{ ntp_servers | join(" ") | sh }} > /mnt/etc/systemd/timesyncd.conf.d/muster.conf
{% endif %}
cat > /mnt/etc/systemd/network/20-muster.network << 'NETWORK'
[Match]
{% if network.mac %}
MACAddress={{ network.mac }}
{% elif network.device %}
Name={{ network.device }}
{% else %}
Type=ether
{% endif %}
[Network]
{% if network.fixed %}
Address={{ network.address }}/{{ network.prefix }}
{% if network.gateway %}
Gateway={{ network.gateway }}
{% endif %}
{% for server in network.dns_servers %}
DNS={{ server }}
{% endfor %}
{% else %}
DHCP=yes
{% endif %}
NETWORK
ln -sf ../run/systemd/resolve/stub-resolv.conf /mnt/etc/resolv.conf
inside systemctl enable systemd-networkd systemd-resolved systemd-timesyncd sshd
printf '%s\n' {{ ("root:" ~ (root_password_hash or "!")) | sh }} | inside chpasswd -e
{% if user %}
inside useradd -m -G wheel -p {{ (user_password_hash or "!") | sh }} {{ user | sh }}
(umask 227; echo '%wheel ALL=(ALL) ALL' > /mnt/etc/sudoers.d/muster)
{% endif %}
report progress 'step=boot+loader'
{% if partitioning == "lvm" %}
sed -i 's/\bblock filesystems\b/block lvm2 filesystems/' /mnt/etc/mkinitcpio.conf
inside mkinitcpio -P
{% endif %}
{% if boot_arguments %}
echo {{ ('GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX "' ~ (boot_arguments | sh)) | sh }} >> /mnt/etc/default/grub
{% endif %}
if [ -d /sys/firmware/efi ]; then
  inside grub-install --target=x86_64-efi --efi-directory=/boot/efi --removable
else
  inside grub-install --target=i386-pc "/dev/$disk"
fi
inside grub-mkconfig -o /boot/grub/grub.cfg
report progress 'step=finishing'
{{ ssh_keys("/mnt") -}}
trap - ERR
{{ post_steps("/mnt", "inside ") -}}
sync
umount -R /mnt
{{ conclude() -}}
systemctl reboot
`;
