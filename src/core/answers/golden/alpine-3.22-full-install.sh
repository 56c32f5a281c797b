#!/bin/sh
# web01: run by Alpine's live system; rendered by Muster for this install only.
if [ "$1" != now ]; then
  cp "$0" /tmp/muster-install
  rm -f "$0" /etc/.default_boot_services
  rc-update -q del local default
  setsid sh /tmp/muster-install now > /dev/console 2>&1 < /dev/null &
  exit 0
fi
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
inside() { chroot /mnt "$@"; }
report started 'step=answer+file'
# Its hardware, as far as it can be told; nothing depends on it.
(no_proxy=* http_proxy= curl -s -f --max-time 20 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef/facts.sh' || no_proxy=* http_proxy= wget -q -T 20 -O - 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef/facts.sh') 2> /dev/null | sh > /dev/null 2>&1
disk=$(readlink -f '/dev/disk/by-id/virtio-0001' | sed 's,^/dev/,,')
if [ ! -b "/dev/$disk" ] || [ ! -e "/sys/block/$(echo "$disk" | tr / !)" ]; then
  report failed 'step=disk&message=There+is+no+disk+disk%2Fby-id%2Fvirtio-0001+in+this+machine%3A+correct+its+variable+disk'
  echo 'Muster: There is no disk disk/by-id/virtio-0001 in this machine: correct its variable disk' > /dev/console
  while :; do sleep 60; done
fi
report progress "step=disk+$disk"
card=eth0
for path in /sys/class/net/*; do
  [ "$(cat "$path/address")" = '52:54:00:ab:cd:ef' ] && card=$(basename "$path") && break
done
while ! no_proxy=* http_proxy= wget -q -T 60 -O /tmp/muster-template 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef/alpine'; do sleep 5; done
sed "s,@MUSTER_DISK@,/dev/$disk,g; s,@MUSTER_CARD@,$card,g" /tmp/muster-template > /tmp/muster-answers
report progress 'step=packages'
export ERASE_DISKS="/dev/$disk"
if ! follow setup-alpine -e -f /tmp/muster-answers; then
  report failed 'step=installer&message=setup-alpine+stopped:+its+log+tells+why'
  exit 1
fi
report progress 'step=configuration'
vgchange -a y
# The kernel's list, since nvme0n1 is also how the name of nvme0n10 begins.
for path in /sys/block/"$(echo "$disk" | tr / '!')"/*/partition /dev/vg0/lv_root; do
  part=$path
  case $path in /sys/*) part=/dev/$(basename "$(dirname "$path")" | tr '!' /);; esac
  [ -b "$part" ] && mount "$part" /mnt 2> /dev/null || continue
  [ -e /mnt/etc/alpine-release ] && break
  umount /mnt
done
if [ ! -e /mnt/etc/alpine-release ]; then
  report failed 'step=configuration&message=The+installed+system+was+not+found+on+the+disk'
  exit 1
fi
mount -t proc proc /mnt/proc
mount -t sysfs sys /mnt/sys
mount --bind /dev /mnt/dev
inside mount /boot 2> /dev/null
inside mount /boot/efi 2> /dev/null
cp /etc/resolv.conf /mnt/etc/resolv.conf
printf '%s\n' 'root:$6$salt$0123456789abcdefghijklmnopqrstuvwxyz./' | inside chpasswd -e
printf '%s\n' 'anna:$y$j9T$salt$hash' | inside chpasswd -e
export http_proxy='http://192.168.122.1:3128' https_proxy='http://192.168.122.1:3128'
inside apk add 'vim' 'tmux'
inside apk add kbd-bkeymaps
keymap='/usr/share/bkeymaps/ch/ch.bmap.gz'
if [ -f "/mnt$keymap" ]; then
  mkdir -p /mnt/etc/keymap
  cp "/mnt$keymap" /mnt/etc/keymap/
  echo "KEYMAP=/etc/keymap/$(basename "$keymap")" > /mnt/etc/conf.d/loadkmap
  inside rc-update -q add loadkmap boot
fi
sed -i 's,^127\.0\.0\.1.*,127.0.0.1 web01.example.org web01 localhost.localdomain localhost,' /mnt/etc/hosts
echo 'NTPD_OPTS="-N -p 192.168.122.1 -p 192.168.122.2"' > /mnt/etc/conf.d/ntpd
inside rc-update -q add ntpd default
cat > /mnt/etc/network/interfaces << INTERFACES
auto lo
iface lo inet loopback

auto $card
iface $card inet static
  address 192.168.122.50/25
  gateway 192.168.122.1
INTERFACES
: > /mnt/etc/resolv.conf
echo nameserver '192.168.122.1' >> /mnt/etc/resolv.conf
echo nameserver 'fd00::1' >> /mnt/etc/resolv.conf
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
failed=
[ "$failed" ] || inside sh -c 'printf '\''it is %s\''n'\'' "$(hostname)" > /etc/motd' || failed=Command+1+of+post_commands+failed
[ "$failed" ] || inside sh -c 'systemctl enable "serial-getty@ttyS0"' || failed=Command+2+of+post_commands+failed
(umask 077; printf %s IyEvYmluL3NoCiMgaXQncyAxMDAlICQocGxhaW4pXV0+CmVjaG8gZG9uZSA+IC9yb290L2RvbmU= | base64 -d > /mnt/root/muster-script)
chmod 700 /mnt/root/muster-script
[ "$failed" ] || inside /root/muster-script || failed=The+post_script+failed
rm -f /mnt/root/muster-script
sync
umount /mnt/boot/efi /mnt/boot 2> /dev/null
umount /mnt/dev /mnt/sys /mnt/proc
umount /mnt
if [ "$failed" ]; then
  report failed "step=post_commands&message=$failed"
else
  report finished 'step=installed'
fi
reboot
