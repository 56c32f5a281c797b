#!/bin/bash
# web01: Arch Linux 2025.11.01, profile web; rendered by Muster for this install only.
set -E
report() {
  tries=1
  case $1 in finished|failed) tries=60;; esac
  while ! no_proxy=* http_proxy= curl -s -o /dev/null --max-time 20 --data "$2" 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef'/"$1" 2> /dev/null &&
    ! no_proxy=* http_proxy= wget -q -O /dev/null -T 20 --post-data="$2" 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef'/"$1" 2> /dev/null; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || break
    sleep 5
  done
}
send_log() {
  tail -c +$((sent + 1)) /tmp/muster-log | head -c 500000 > /tmp/muster-part
  size=$(wc -c < /tmp/muster-part)
  [ "$size" -gt 0 ] || return 0
  sent=$((sent + size))
  no_proxy=* http_proxy= curl -s -o /dev/null --max-time 60 --data-binary @/tmp/muster-part 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef'/log 2> /dev/null ||
    no_proxy=* http_proxy= wget -q -O /dev/null -T 60 --post-file=/tmp/muster-part 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef'/log 2> /dev/null || true
}
follow() {
  "$@" > /tmp/muster-log 2>&1 &
  running=$!
  sent=0
  while kill -0 "$running" 2> /dev/null; do
    sleep 5
    send_log
  done
  send_log
  wait "$running"
}
inside() { arch-chroot /mnt "$@"; }
trap 'report failed "step=installer&message=The+installer+stopped+in+line+$LINENO"; exit 1' ERR
report started 'step=answer+file'
# Its hardware, as far as it can be told; nothing depends on it.
(no_proxy=* http_proxy= curl -s -f --max-time 20 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef/facts.sh' || no_proxy=* http_proxy= wget -q -T 20 -O - 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef/facts.sh') 2> /dev/null | sh > /dev/null 2>&1
udevadm settle
trap - ERR
disk=$(readlink -f '/dev/vda' | sed 's,^/dev/,,')
if [ ! -b "/dev/$disk" ] || [ ! -e "/sys/block/$(echo "$disk" | tr / !)" ]; then
  report failed 'step=disk&message=There+is+no+disk+vda+in+this+machine%3A+correct+its+variable+disk'
  echo 'Muster: There is no disk vda in this machine: correct its variable disk' > /dev/console
  while :; do sleep 60; done
fi
report progress "step=disk+$disk"
trap 'report failed "step=installer&message=The+installer+stopped+in+line+$LINENO"; exit 1' ERR
timedatectl set-ntp true
swapoff -a
# LVM and RAID of an older system would keep the disk busy. They are stopped, and nothing of them is changed.
vgchange -a n > /dev/null 2>&1 || true
mdadm --stop --scan > /dev/null 2>&1 || true
wipefs --all "/dev/$disk"
# One partition for GRUB of the BIOS, one for UEFI's, whatever this machine starts by.
sfdisk --wipe always --wipe-partitions always "/dev/$disk" << 'PARTITIONS'
label: gpt
size=1MiB, type=21686148-6449-6E6F-744E-656564454649, name=muster-bios
size=512MiB, type=U, name=muster-esp
size=1024MiB, type=S, name=muster-swap
type=L, name=muster-root
PARTITIONS
udevadm settle
part() { lsblk -nro PATH,PARTLABEL "/dev/$disk" | sed -n "s,^\([^ ]*\) muster-$1\$,\1,p"; }
root=$(part root)
mkswap "$(part swap)"
swapon "$(part swap)"
mkfs.btrfs -f "$root"
mkfs.fat -F 32 "$(part esp)"
mount "$root" /mnt
mkdir -p /mnt/boot/efi
mount "$(part esp)" /mnt/boot/efi
report progress 'step=packages'
follow pacstrap -K /mnt base linux linux-firmware grub efibootmgr openssh sudo btrfs-progs
report progress 'step=configuration'
genfstab -U /mnt >> /mnt/etc/fstab
ln -sf '/usr/share/zoneinfo/Etc/UTC' /mnt/etc/localtime
inside hwclock --systohc
echo 'en_US.UTF-8 UTF-8' >> /mnt/etc/locale.gen
inside locale-gen
echo 'LANG=en_US.UTF-8' > /mnt/etc/locale.conf
echo 'KEYMAP=us' > /mnt/etc/vconsole.conf
echo 'web01' > /mnt/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' 'web01' > /mnt/etc/hosts
cat > /mnt/etc/systemd/network/20-muster.network << 'NETWORK'
[Match]
MACAddress=52:54:00:12:34:56
[Network]
DHCP=yes
NETWORK
ln -sf ../run/systemd/resolve/stub-resolv.conf /mnt/etc/resolv.conf
inside systemctl enable systemd-networkd systemd-resolved systemd-timesyncd sshd
printf '%s\n' 'root:!' | inside chpasswd -e
report progress 'step=boot+loader'
if [ -d /sys/firmware/efi ]; then
  inside grub-install --target=x86_64-efi --efi-directory=/boot/efi --removable
else
  inside grub-install --target=i386-pc "/dev/$disk"
fi
inside grub-mkconfig -o /boot/grub/grub.cfg
report progress 'step=finishing'
trap - ERR
failed=
sync
umount -R /mnt
if [ "$failed" ]; then
  report failed "step=post_commands&message=$failed"
else
  report finished 'step=installed'
fi
systemctl reboot
