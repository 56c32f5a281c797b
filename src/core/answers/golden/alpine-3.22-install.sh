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
disk=
for block in /sys/block/*; do
  [ -e "$block/device" ] || continue
  case "$block" in */sr*|*/fd*|*/st*|*boot?|*rpmb|*/nvme*c*n*) continue;; esac
  case "$block" in */mtdblock*|*/pmem*|*/zram*|*/loop*|*/rbd*|*/nbd*|*/etherd*) continue;; esac
  path="$(readlink -f "$block") $(readlink -f "$block/device")"
  case "$path" in */usb*|*/rport-*|*/session[0-9]*) continue;; */end_device-*) ;; */port-*) continue;; esac
  for way in $(cat "$block"/device/transport "$block"/device/nvme*/transport 2> /dev/null); do case $way in pcie|apple-nvme) ;; *) continue 2;; esac; done
  [ "$(cat "$block/removable")" = 0 ] || continue
  [ "$(cat "$block/size")" -gt 0 ] || continue
  [ "$(cat "$block/device/type" 2> /dev/null)" != SD ] || continue
  disk=$(basename "$block" | tr "!" "/")
  break
done
if [ ! -b "/dev/$disk" ] || [ ! -e "/sys/block/$(echo "$disk" | tr / !)" ]; then
  report failed 'step=disk&message=No+built-in+disk+was+found%3A+name+one+in+the+variable+disk'
  echo 'Muster: No built-in disk was found: name one in the variable disk' > /dev/console
  while :; do sleep 60; done
fi
report progress "step=disk+$disk"
card=eth0
for path in /sys/class/net/*; do
  [ "$(cat "$path/address")" = '52:54:00:12:34:56' ] && card=$(basename "$path") && break
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
printf '%s\n' 'root:*' | inside chpasswd -e
failed=
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
