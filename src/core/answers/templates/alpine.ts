import { CHOOSE_DISK, FOLLOW, IN_SYSTEM, REPORT } from './shell-parts.ts';
import { PAST_PROXY } from '../past-proxy.ts';

/** setup-disk puts them into its files by sed, between double quotes. */
const SAFE_ARGUMENTS = String.raw`{% if boot_arguments and boot_arguments | replace(":", "") | replace("\\", "") | replace('"', "") | replace("$", "") | replace("&", "") != boot_arguments %}
{{ "setup-disk writes boot_arguments with sed and into double quotes: they can hold no : \\ \" $ and &" | refuse }}
{% endif %}`;

/**
 * The answers of setup-alpine, a part of a shell script. What it has no question for, and what it would ask for again
 * where it does not know the answer, is done by `ALPINE_INSTALL_TEMPLATE`, which puts the disk and the network card in.
 */
export const ALPINE_TEMPLATE = String.raw`{# Muster's answers for setup-alpine. Variables: docs/answer-variables.md #}
{% if partitioning == "btrfs" and root_filesystem and root_filesystem != "btrfs" %}
{{ "partitioning=btrfs and another root_filesystem contradict each other: leave one out" | refuse }}
{% endif %}
${SAFE_ARGUMENTS}
{% set root_type = "btrfs" if partitioning == "btrfs" else root_filesystem %}
# {{ machine.name | comment }}: {{ image.title | comment }}, profile {{ profile | comment }}; rendered by Muster for this install only.
KEYMAPOPTS=none
HOSTNAMEOPTS={{ machine.name | sh }}
DEVDOPTS=mdev
INTERFACESOPTS="auto lo
iface lo inet loopback

auto @MUSTER_CARD@
iface @MUSTER_CARD@ inet dhcp
"
TIMEZONEOPTS={{ timezone | sh }}
PROXYOPTS={{ (proxy or "none") | sh }}
NTPOPTS=busybox
APKREPOSOPTS={{ (mirror or "none") | sh }}
USEROPTS={{ ("-a -u " ~ user if user else "none") | sh }}
SSHDOPTS=openssh
{% if root_type %}
export ROOTFS={{ root_type | sh }}
{% endif %}
{% if boot_arguments %}
export KERNELOPTS={{ ("quiet " ~ boot_arguments) | sh }}
{% endif %}
DISKOPTS="-m sys{{ " -L" if partitioning == "lvm" }}{{ (" -s " ~ swap_megabytes) if swap_megabytes != "" }} @MUSTER_DISK@"
LBUOPTS=none
APKCACHEOPTS=none
`;

/**
 * Runs in Alpine's live system as soon as it is up, by an overlay (apkovl) that has nothing else in it.
 *
 * It goes on in the background, since setup-alpine starts services itself, and takes itself out of the overlay before,
 * of which setup-disk makes the installed system. A locked password is written as an asterisk: sshd of a system without
 * PAM lets nobody in whose hash begins with an exclamation mark, not even with a key.
 */
export const ALPINE_INSTALL_TEMPLATE = String.raw`#!/bin/sh
# {{ machine.name | comment }}: run by Alpine's live system; rendered by Muster for this install only.
${REPORT}
${FOLLOW}
${CHOOSE_DISK}
${IN_SYSTEM}
${SAFE_ARGUMENTS}
if [ "$1" != now ]; then
  cp "$0" /tmp/muster-install
  rm -f "$0" /etc/.default_boot_services
  rc-update -q del local default
  setsid sh /tmp/muster-install now > /dev/console 2>&1 < /dev/null &
  exit 0
fi
{{ report_function() -}}
{{ follow_function() -}}
inside() { chroot /mnt "$@"; }
report started 'step=answer+file'
{{ tell_facts() -}}
{{ choose_disk() -}}
{% if network.device %}
card={{ network.device | sh }}
{% else %}
card=eth0
for path in /sys/class/net/*; do
  [ "$(cat "$path/address")" = {{ network.mac | sh }} ] && card=$(basename "$path") && break
done
{% endif %}
while ! ${PAST_PROXY} wget -q -T 60 -O /tmp/muster-template {{ urls.answer | sh }}; do sleep 5; done
sed "s,@MUSTER_DISK@,/dev/$disk,g; s,@MUSTER_CARD@,$card,g" /tmp/muster-template > /tmp/muster-answers
report progress 'step=packages'
export ERASE_DISKS="/dev/$disk"
if ! follow setup-alpine -e -f /tmp/muster-answers; then
  report failed 'step=installer&message=setup-alpine+stopped:+its+log+tells+why'
  exit 1
fi
report progress 'step=configuration'
{% if partitioning == "lvm" %}
vgchange -a y
{% endif %}
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
printf '%s\n' {{ ("root:" ~ (root_password_hash or "*")) | sh }} | inside chpasswd -e
{% if user %}
printf '%s\n' {{ (user ~ ":" ~ (user_password_hash or "*")) | sh }} | inside chpasswd -e
{% endif %}
{% if proxy %}
export http_proxy={{ proxy | sh }} https_proxy={{ proxy | sh }}
{% endif %}
{% if packages %}
inside apk add{% for package in packages %} {{ package | package | sh }}{% endfor +%}
{% endif %}
{% if keyboard != "us" %}
inside apk add kbd-bkeymaps
keymap={{ ("/usr/share/bkeymaps/" ~ keyboard ~ "/" ~ keyboard ~ ".bmap.gz") | sh }}
if [ -f "/mnt$keymap" ]; then
  mkdir -p /mnt/etc/keymap
  cp "/mnt$keymap" /mnt/etc/keymap/
  echo "KEYMAP=/etc/keymap/$(basename "$keymap")" > /mnt/etc/conf.d/loadkmap
  inside rc-update -q add loadkmap boot
fi
{% endif %}
{% if domain %}
sed -i {{ ("s,^127\\.0\\.0\\.1.*,127.0.0.1 " ~ machine.fqdn ~ " " ~ machine.name ~ " localhost.localdomain localhost,") | sh }} /mnt/etc/hosts
{% endif %}
{% if ntp_servers %}
echo {{ ('NTPD_OPTS="-N' ~ " -p " ~ ntp_servers | join(" -p ") ~ '"') | sh }} > /mnt/etc/conf.d/ntpd
inside rc-update -q add ntpd default
{% endif %}
{% if network.fixed %}
cat > /mnt/etc/network/interfaces << INTERFACES
auto lo
iface lo inet loopback

auto $card
iface $card inet static
  address {{ network.address }}/{{ network.prefix }}
{% if network.gateway %}
  gateway {{ network.gateway }}
{% endif %}
INTERFACES
: > /mnt/etc/resolv.conf
{% for server in network.dns_servers %}
echo nameserver {{ server | sh }} >> /mnt/etc/resolv.conf
{% endfor %}
{% endif %}
{{ ssh_keys("/mnt") -}}
{{ post_steps("/mnt", "inside ") -}}
sync
umount /mnt/boot/efi /mnt/boot 2> /dev/null
umount /mnt/dev /mnt/sys /mnt/proc
umount /mnt
{{ conclude() -}}
reboot
`;
