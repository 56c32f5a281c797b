import { FILTERS } from './filters.ts';
import { UNLESS_BUILT_IN } from './first-disk.ts';

/**
 * The program with which a machine tells its hardware: for bash and busybox, from Linux 2.6.18 to today, with what the
 * installers have (no `od`, no `awk`). All is read from sysfs and procfs; what is not there is left out.
 *
 * - Memory is counted in the kernel's memory blocks, which is what is built in: MemTotal lacks what the kernel took.
 * - A disk holds data where any byte of its first or last MiB is not zero: each partition table, file system, RAID and
 *   LVM writes there. What it is, is told by its signature where that is one of the usual.
 * - A switch is known where lldpd runs beside it; without a program that listens for half a minute nobody hears LLDP.
 *
 * Text goes through `text`, which leaves out control characters and quotes for JSON. It is a function that is called in
 * the last line, so that half a script that arrives does nothing.
 */
export const FACTS_PROGRAM = String.raw`#!/bin/sh
# Tells Muster the hardware of this machine. Reads only; writes a file in /tmp.
LC_ALL=C
export LC_ALL
# Muster hears a machine by the machine's own address, so nothing goes through the proxy of its packages.
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

# One line of a file, without what JSON cannot hold as it is.
line() { dd if="$1" bs=512 count=1 2>/dev/null | tr '\n' ' ' | tr -d '\000-\037\177-\377' | sed 's/^ *//; s/ *$//'; }
text() { printf '%s' "$1" | tr -d '\000-\037\177-\377' | sed 's/\\/\\\\/g; s/"/\\"/g'; }
# The pair of $1 and $2 where there is a value: of text, of a number. Before each pair stands the octet 1, which no
# text holds, and which becomes a comma where another pair is before it.
say_text() { [ -n "$2" ] && printf '\001"%s":"%s"' "$1" "$(text "$2")"; }
say_number() { case $2 in '' | *[!0-9]*) ;; *) printf '\001"%s":%s' "$1" "$2" ;; esac; }
with_commas() { one=$(printf '\001'); sed "s/\([[{]\)$one/\1/g" | tr '\001' ,; }

cpu() {
  threads=$(grep -c '^processor' /proc/cpuinfo)
  model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
  cores=$(for core in /sys/devices/system/cpu/cpu[0-9]*/topology; do
    [ -e "$core/core_id" ] && echo "$(cat "$core/physical_package_id" 2>/dev/null):$(cat "$core/core_id")"
  done | sort -u | wc -l | tr -d ' ')
  [ "$cores" = 0 ] && cores=
  printf '\001"cpu":{'
  say_text model "$model"
  say_number cores "$cores"
  say_number threads "$threads"
  printf '}'
}

memory() {
  block=$(cat /sys/devices/system/memory/block_size_bytes 2>/dev/null)
  count=$(ls -d /sys/devices/system/memory/memory[0-9]* 2>/dev/null | wc -l)
  if [ -n "$block" ] && [ "$count" -gt 0 ]; then
    say_number memoryMegabytes "$((0x$block / 1048576 * count))"
  else
    kilobytes=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    [ -n "$kilobytes" ] && say_number memoryMegabytes "$((kilobytes / 1024))"
  fi
}

dmi() {
  id=/sys/class/dmi/id
  if [ -d "$id" ]; then
    say_text vendor "$(line $id/sys_vendor)"
    say_text product "$(line $id/product_name)"
    say_text serial "$(line $id/product_serial)"
    say_text assetTag "$(line $id/chassis_asset_tag)"
    say_text uuid "$(line $id/product_uuid)"
    say_text biosVersion "$(line $id/bios_version)"
  else
    say_text product "$(line /proc/device-tree/model)"
    say_text serial "$(line /proc/device-tree/serial-number)"
  fi
}

# bytes DEVICE FROM COUNT
bytes() { dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | tr '\252\357\000' 'AE.'; }

# What is at the start of a disk, in words. Octets that are no letters are told as letters: 0xAA as A, 0xEF as E.
signature() {
  [ "$(bytes "$1" 512 8)" = 'EFI PART' ] && echo 'a partition table (GPT)' && return
  [ "$(bytes "$1" 0 4)" = LUKS ] && echo 'an encrypted volume (LUKS)' && return
  [ "$(bytes "$1" 512 8)" = LABELONE ] && echo 'a volume of LVM' && return
  [ "$(bytes "$1" 0 4)" = XFSB ] && echo 'a file system (XFS)' && return
  [ "$(bytes "$1" 65600 8)" = _BHRfS_M ] && echo 'a file system (Btrfs)' && return
  [ "$(bytes "$1" 1080 2)" = SE ] && echo 'a file system (ext2, ext3 or ext4)' && return
  [ "$(bytes "$1" 4086 10)" = SWAPSPACE2 ] && echo 'swap space' && return
  [ "$(bytes "$1" 3 4)" = NTFS ] && echo 'a file system (NTFS)' && return
  [ "$(bytes "$1" 510 2)" = UA ] && echo 'a partition table or a boot sector' && return
  echo 'data of an unknown kind'
}

# How many bytes of MiB $2 of the disk $1, which has $3 bytes, are not zero. Nothing where one of them cannot be read:
# a read that fails ends early, and what was not read is not blank.
used() {
  there=$(($3 - $2 * 1048576))
  [ "$there" -le 1048576 ] || there=1048576
  [ "$(dd if="$1" bs=1048576 skip="$2" count=1 2>/dev/null | wc -c | tr -d ' ')" = "$there" ] || return
  dd if="$1" bs=1048576 skip="$2" count=1 2>/dev/null | tr -d '\000' | wc -c | tr -d ' '
}

contents() {
  # The last MiB lies in two of them where the disk is no whole number of MiB.
  last=$((($2 - 1) / 1048576))
  before=$last
  [ $(($2 % 1048576)) = 0 ] || [ "$last" = 0 ] || before=$((last - 1))
  case "$(used "$1" 0 "$2"),$(used "$1" "$before" "$2"),$(used "$1" "$last" "$2")" in
    0,0,0) printf '\001"holdsData":false' ;;
    *[1-9]*)
      printf '\001"holdsData":true'
      say_text holds "$(signature "$1")"
      ;;
  esac
}

disk() {
  block=$1
  name=$(basename "$block" | tr '!' '/')
  sectors=$(cat "$block/size")
  # A reader of cards without a card has none.
  [ "$sectors" -gt 0 ] 2>/dev/null || return
  size=$((sectors * 512))
  serial=$(line "$block/device/serial")
  [ -n "$serial" ] || serial=$(line "$block/serial")
  [ -n "$serial" ] || serial=$(dd if="$block/device/vpd_pg80" bs=1 skip=4 count=64 2>/dev/null | tr -d '\000-\037\177-\377' | sed 's/^ *//; s/ *$//')
  printf '\001{'
  say_text name "$name"
  say_number bytes "$size"
  model=$(line "$block/device/model")
  # Of cards of flash memory.
  [ -n "$model" ] || model=$(line "$block/device/name")
  say_text model "$model"
  say_text serial "$serial"
  case $(cat "$block/queue/rotational" 2>/dev/null) in
    0) printf '\001"rotational":false' ;;
    1) printf '\001"rotational":true' ;;
  esac
  contents "/dev/$name" "$size"
  links=$(for link in /dev/disk/by-id/*; do
    [ "$(readlink -f "$link")" = "/dev/$name" ] && printf '\001"%s"' "$(text "$(basename "$link")")"
  done)
  [ -n "$links" ] && printf '\001"byId":[%s]' "$links"
  printf '}'
}

disks() {
  printf '\001"disks":['
  for block in /sys/block/*; do
${UNLESS_BUILT_IN.map((line) => `    ${line}`).join('\n')}
    disk "$block"
  done
  printf ']'
}

neighbour() {
  chassis=$(printf '%s\n' "$heard" | sed -n "s/^lldp\.$1\.chassis\.mac=//p" | head -n 1)
  port=$(printf '%s\n' "$heard" | sed -n "s/^lldp\.$1\.port\.\(ifname\|local\|descr\)=//p" | head -n 1)
  system=$(printf '%s\n' "$heard" | sed -n "s/^lldp\.$1\.chassis\.name=//p" | head -n 1)
  [ -n "$chassis$port$system" ] || return
  printf '\001"lldp":{'
  say_text chassis "$chassis"
  say_text port "$port"
  say_text system "$system"
  printf '}'
}

nics() {
  heard=$(lldpctl -f keyvalue 2>/dev/null)
  printf '\001"nics":['
  for card in /sys/class/net/*; do
    [ -e "$card/device" ] || continue
    # Ethernet alone has an address as machines are known by.
    [ "$(cat "$card/type")" = 1 ] || continue
    address=$(cat "$card/bonding_slave/perm_hwaddr" 2>/dev/null || cat "$card/address")
    printf '\001{'
    say_text mac "$address"
    say_text name "$(basename "$card")"
    driver=$(readlink "$card/device/driver")
    say_text driver "$(basename "$driver")"
    say_number speedMegabits "$(cat "$card/speed" 2>/dev/null)"
    neighbour "$(basename "$card")"
    printf '}'
  done
  printf ']'
}

facts() {
  printf '{'
  if [ -d /sys/firmware/efi ]; then say_text firmware UEFI; else
    case $(uname -m) in i?86 | x86_64) say_text firmware BIOS ;; esac
  fi
  say_text architecture "$(uname -m)"
  cpu
  memory
  dmi
  disks
  nics
  printf '}\n'
}

main() {
  file=/tmp/muster-facts.$$
  facts 2>/dev/null | with_commas > "$file"
  if command -v curl > /dev/null 2>&1; then
    curl -s -f -o /dev/null --max-time 20 --retry 2 -H 'Content-Type: application/json' --data-binary "@$file" "$1"
  elif command -v wget > /dev/null 2>&1; then
    wget -q -O /dev/null --header 'Content-Type: application/json' --post-data "$(cat "$file")" "$1"
  else
    python -c 'import sys, urllib; urllib.urlopen(sys.argv[1], open(sys.argv[2]).read()).read()' "$1" "$file"
  fi
  told=$?
  rm -f "$file"
  return $told
}
`;

/** @param url where the facts are posted. @throws RangeError for one that a shell cannot be told. */
export function factsScript(url: string): string {
  const quoted = FILTERS.sh.quote(url);
  if (!quoted.quoted) throw new RangeError(`Cannot tell a shell the URL "${url}": ${quoted.because}`);
  return `${FACTS_PROGRAM}\nmain ${quoted.text}\n`;
}
