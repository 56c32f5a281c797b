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
disk=$(readlink -f '/dev/disk/by-id/virtio-0001' | sed 's,^/dev/,,')
if [ ! -b "/dev/$disk" ] || [ ! -e "/sys/block/$(echo "$disk" | tr / !)" ]; then
  report failed 'step=disk&message=There+is+no+disk+disk%2Fby-id%2Fvirtio-0001+in+this+machine%3A+correct+its+variable+disk'
  echo 'Muster: There is no disk disk/by-id/virtio-0001 in this machine: correct its variable disk' > /dev/console
  while :; do sleep 60; done
fi
report progress "step=disk+$disk"
trap 'report failed "step=installer&message=The+installer+stopped+in+line+$LINENO"; exit 1' ERR
export http_proxy='http://192.168.122.1:3128' https_proxy='http://192.168.122.1:3128'
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
type=V, name=muster-root
PARTITIONS
udevadm settle
part() { lsblk -nro PATH,PARTLABEL "/dev/$disk" | sed -n "s,^\([^ ]*\) muster-$1\$,\1,p"; }
root=$(part root)
pvcreate -ff -y "$root"
vgcreate -y system "$root"
lvcreate -y -W y -L 2048M -n swap system
mkswap /dev/system/swap
swapon /dev/system/swap
lvcreate -y -W y -l 100%FREE -n root system
root=/dev/system/root
mkfs.ext4 -F "$root"
mkfs.fat -F 32 "$(part esp)"
mount "$root" /mnt
mkdir -p /mnt/boot/efi
mount "$(part esp)" /mnt/boot/efi
report progress 'step=packages'
echo 'Server = http://192.168.122.1:8080/images/debian-mirror/$repo/os/$arch' > /etc/pacman.d/mirrorlist
printf '\n[%s]\n%sServer = %s\n' 'extra' 'SigLevel = Never
' 'http://192.168.122.1:8080/images/extra' >> /etc/pacman.conf
follow pacstrap -K /mnt base linux linux-firmware grub efibootmgr openssh sudo lvm2 'vim' 'tmux'
report progress 'step=configuration'
genfstab -U /mnt >> /mnt/etc/fstab
ln -sf '/usr/share/zoneinfo/Europe/Zurich' /mnt/etc/localtime
inside hwclock --systohc
echo 'de_CH.UTF-8 UTF-8' >> /mnt/etc/locale.gen
inside locale-gen
echo 'LANG=de_CH.UTF-8' > /mnt/etc/locale.conf
echo 'KEYMAP=ch' > /mnt/etc/vconsole.conf
echo 'web01' > /mnt/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' 'web01.example.org web01' > /mnt/etc/hosts
mkdir -p /mnt/etc/systemd/timesyncd.conf.d
printf '[Time]\nNTP=%s\n' '192.168.122.1 192.168.122.2' > /mnt/etc/systemd/timesyncd.conf.d/muster.conf
cat > /mnt/etc/systemd/network/20-muster.network << 'NETWORK'
[Match]
MACAddress=52:54:00:ab:cd:ef
[Network]
Address=192.168.122.50/25
Gateway=192.168.122.1
DNS=192.168.122.1
DNS=fd00::1
NETWORK
ln -sf ../run/systemd/resolve/stub-resolv.conf /mnt/etc/resolv.conf
inside systemctl enable systemd-networkd systemd-resolved systemd-timesyncd sshd
printf '%s\n' 'root:$6$salt$0123456789abcdefghijklmnopqrstuvwxyz./' | inside chpasswd -e
inside useradd -m -G wheel -p '$y$j9T$salt$hash' 'anna'
(umask 227; echo '%wheel ALL=(ALL) ALL' > /mnt/etc/sudoers.d/muster)
report progress 'step=boot+loader'
sed -i 's/\bblock filesystems\b/block lvm2 filesystems/' /mnt/etc/mkinitcpio.conf
inside mkinitcpio -P
echo 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX "'\''console=tty0 console=ttyS0,115200'\''' >> /mnt/etc/default/grub
if [ -d /sys/firmware/efi ]; then
  inside grub-install --target=x86_64-efi --efi-directory=/boot/efi --removable
else
  inside grub-install --target=i386-pc "/dev/$disk"
fi
inside grub-mkconfig -o /boot/grub/grub.cfg
report progress 'step=finishing'
mkdir -p -m 700 /mnt/root/.ssh
printf '%s\n' 'ssh-ed25519 AAAAC3Nza root'\''s key $(reboot)' >> /mnt/root/.ssh/authorized_keys
printf '%s\n' 'ssh-rsa AAAAB3Nza two@example.org' >> /mnt/root/.ssh/authorized_keys
chmod 600 /mnt/root/.ssh/authorized_keys
home=/mnt$(grep '^anna:' /mnt/etc/passwd | cut -d: -f6)
owner=$(grep '^anna:' /mnt/etc/passwd | cut -d: -f3,4)
mkdir -p -m 700 "$home/.ssh"
printf '%s\n' 'ssh-ed25519 AAAAC3Nza anna@example.org' >> "$home/.ssh/authorized_keys"
chmod 600 "$home/.ssh/authorized_keys"
chown -R "$owner" "$home/.ssh"
trap - ERR
failed=
[ "$failed" ] || inside sh -c 'printf '\''it is %s\''n'\'' "$(hostname)" > /etc/motd' || failed=Command+1+of+post_commands+failed
[ "$failed" ] || inside sh -c 'systemctl enable "serial-getty@ttyS0"' || failed=Command+2+of+post_commands+failed
(umask 077; printf %s IyEvYmluL3NoCiMgaXQncyAxMDAlICQocGxhaW4pXV0+CmVjaG8gZG9uZSA+IC9yb290L2RvbmU= | base64 -d > /mnt/root/muster-script)
chmod 700 /mnt/root/muster-script
[ "$failed" ] || inside /root/muster-script || failed=The+post_script+failed
rm -f /mnt/root/muster-script
sync
umount -R /mnt
if [ "$failed" ]; then
  report failed "step=post_commands&message=$failed"
else
  report finished 'step=installed'
fi
systemctl reboot
