import { TINY_DISK } from './tiny-disk.ts';
import { TINY_FETCHING } from './tiny-fetching.ts';

/**
 * The first process of the tiny distribution: the shell program `/init` of its initrd. It behaves as an installer
 * does (anaconda and debian-installer are the models): it reads the answer file named on its command line, fetches
 * and verifies a tree, writes a disk and reports; booted from that disk it is the installed system.
 *
 * Every line it prints is `TINY[seconds since the kernel started] WORD rest`; `TINY_WORDS` says which.
 */

/** The words of the console lines, and what each tells. */
export const TINY_WORDS = {
  START: 'the kernel runs; with its command line',
  FIRMWARE: 'BIOS, UEFI or U-Boot, and what the kernel says of Secure Boot',
  DHCP: 'the lease, with every option that came with it',
  DEAF: 'nothing came to the network card, with its counters; its driver is started anew',
  IPV6: 'the address it gave itself, where its server has an IPv6 address',
  SYSLOG: 'where its log goes over syslog, where its command line says so',
  LONGLEASE: 'the lease time that was granted when tiny.lease= asked for another',
  ANSWERFILE: 'the answer file was fetched; with its size',
  PRE: 'a program of the answer file runs before anything is installed',
  REPORT: 'where the reports go',
  REPO: 'where the tree is fetched from',
  SUM: 'of a file on a place of `tiny.sums`: the place, its sha256, its name',
  LINK: 'of a symbolic link there: the place, its name, where it leads',
  MOUNTED: 'the tree is mounted, as /proc/mounts has it; over TCP or UDP the kernel asked for the mount',
  TREEINFO: 'the name of the tree',
  VERIFIED: 'a file of the tree has the sha256 that .treeinfo says',
  DISK: 'partition table, file system and boot loader are written',
  DONE: 'the installer ends, and how',
  FAIL: 'the installer gives up, and why',
  'INSTALLED-SYSTEM': 'this is the system on the disk',
} as const satisfies Record<string, string>;

/** Kernel arguments it knows besides `inst.ks=`, `ks=`, `url=`, `inst.repo=`, `inst.syslog=` and `BOOTIF=`. */
export const TINY_ARGUMENTS = {
  'tiny.then': 'what the installed system does once it runs: `poweroff`, `halt`, or stay (the default)',
  'tiny.sums':
    'places on NFS, with commas: nothing is installed, but every file there is told with its sha256',
  'tiny.lease': 'a lease time in seconds to ask for in a second DHCP exchange',
} as const satisfies Record<string, string>;

export const TINY_INIT = `#!/bin/sh
export PATH=/bin
/bin/busybox mount -t proc proc /proc
# An initrd that was packed on another kind of computer has only the shell.
[ -e /bin/mount ] || /bin/busybox --install -s /bin
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec >/dev/console 2>&1 </dev/console

say() {
  read -r up rest </proc/uptime
  echo "TINY[$up] $*"
  log tiny "$*"
}

# log PROGRAM TEXT: over syslog, once it is known where to.
log() { [ -z "$SYSLOG" ] || logger -t "$1" "$2"; }

# The value of the last NAME=VALUE on the kernel's command line.
argument() {
  found=
  for word in $(cat /proc/cmdline); do
    case $word in "$1"=*) found=\${word#*=} ;; esac
  done
  [ -n "$found" ] && echo "$found"
}

# An HTTP form holds letters, digits and a few signs as they are; others become a blank.
form_text() { echo "$*" | sed 's/[^A-Za-z0-9._~/:-]\\{1,\\}/+/g'; }

# report EVENT [STEP [PERCENT [MESSAGE]]]
report() {
  [ -n "$REPORT" ] || return 0
  body="message=$(form_text "$4")"
  [ -n "$2" ] && body="step=$(form_text "$2")&$body"
  [ -n "$3" ] && body="percent=$3&$body"
  for try in 1 2 3; do
    wget -q -O /dev/null --post-data "$body" "$REPORT/$1" && return 0
    sleep 1
  done
  say "REPORT $1 could not be delivered to $REPORT"
}

fail() {
  say "FAIL $*"
  report failed "$STEP" "" "$*"
  sleep 1
  poweroff -f
  sleep 60
}

${TINY_FETCHING}

say "START $(uname -r) command line: $(cat /proc/cmdline)"
for module in $(cat /lib/modules.order); do
  insmod "/lib/modules/$module.ko" || say "module $module was refused"
done

# The processor as UEFI has it in the names of its boot files.
cpu=x64 CPU=X64 firmware=BIOS
[ "$(uname -m)" = aarch64 ] && cpu=aa64 CPU=AA64 firmware=U-Boot
[ -d /sys/firmware/efi ] && firmware=UEFI
say "FIRMWARE $firmware $(dmesg | grep -o 'Secure boot [a-z]*' | head -n 1)"

# ---- network
wanted=$(argument BOOTIF | sed 's/^..-//; s/-/:/g' | tr A-F a-f)
tries=0
while [ -z "$interface" ] && [ $tries -lt 50 ]; do
  for folder in /sys/class/net/*; do
    name=\${folder##*/}
    [ "$name" = lo ] && continue
    [ -n "$wanted" ] && [ "$(cat "$folder/address")" != "$wanted" ] && continue
    interface=$name
  done
  [ -n "$interface" ] || sleep 0.1
  tries=$((tries + 1))
done
[ -n "$interface" ] || fail "there is no network interface"
ip link set lo up
ip link set "$interface" up

cat >/tmp/lease-script <<'END'
#!/bin/sh
[ "$1" = bound ] || [ "$1" = renew ] || exit 0
ip address flush dev $interface
ip address add $ip/$mask dev $interface
[ -n "$router" ] && ip route add default via \${router%% *}
for server in $dns; do echo "nameserver $server"; done >/etc/resolv.conf
echo "ip=$ip mask=$mask router=$router dns=$dns domain=$domain hostname=$hostname lease=$lease serverid=$serverid siaddr=$siaddr bootfile=$boot_file" >/tmp/lease
END
chmod 755 /tmp/lease-script
get_lease() {
  udhcpc -i "$interface" -f -q -n -t 20 -T 1 -V anaconda-Linux -s /tmp/lease-script "$@" >/tmp/udhcpc.log 2>&1
}
# QEMU 7.2 was seen once to hand a card nothing that was sent to it, after UEFI had used it before the kernel.
restart_card() {
  say "DEAF $interface $(grep "$interface:" /proc/net/dev | tr -s ' ')"
  grep virtio /proc/interrupts
  device=$(readlink "/sys/class/net/$interface/device")
  for word in unbind bind; do echo "\${device##*/}" >/sys/bus/virtio/drivers/virtio_net/$word; done
  ip link set "$interface" up
}
# The kernel makes an address of what a router says; it has it (flags 00) once nobody else does.
ipv6_address() {
  while read -r address number length scope flags name; do
    [ "$name $scope $flags" = "$interface 00 00" ] && echo "$address"
  done </proc/net/if_inet6 | head -n 1
}
server=$(argument inst.ks || argument ks || argument url || argument preseed/url || argument tiny.report)
case $server in
  *://\\[*)
    tries=0
    while [ -z "$(ipv6_address)" ] && [ $tries -lt 200 ]; do sleep 0.1; tries=$((tries + 1)); done
    [ -n "$(ipv6_address)" ] || fail "no router said which IPv6 addresses there are"
    say "IPV6 $interface $(ipv6_address)"
    ;;
  *)
    get_lease || { restart_card; get_lease; } || { cat /tmp/udhcpc.log; fail "no DHCP server gave an address"; }
    say "DHCP $interface $(cat "/sys/class/net/$interface/address") $(cat /tmp/lease)"
    ;;
esac
# ---- log, as the debian-installer sends it
SYSLOG=$(argument inst.syslog || argument syslog)
if [ -n "$SYSLOG" ]; then
  syslogd -R "$SYSLOG" -L -O /tmp/messages
  tries=0
  while [ ! -S /dev/log ] && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
  say "SYSLOG the log goes to $SYSLOG"
fi

longer=$(argument tiny.lease)
if [ -n "$longer" ]; then
  get_lease -x lease:"$longer" || fail "no lease of $longer seconds"
  say "LONGLEASE asked=$longer $(grep -o 'lease=[0-9]*' /tmp/lease)"
fi

# ---- booted from the disk: this is the installed system
if [ -n "$(argument tiny.installed)" ]; then
  REPORT=$(argument tiny.report)
  say "INSTALLED-SYSTEM runs from its own disk"
  report booted "" "" "the installed system runs"
  echo
  echo "Tiny Linux ttyS0"
  echo "tiny login: "
  case $(argument tiny.then) in
    poweroff) sleep 1; poweroff -f ;;
    halt) sleep 1; halt -f ;;
  esac
  while :; do sleep 1000; done
fi

# ---- nothing is installed: it only reads
places=$(argument tiny.sums)
if [ -n "$places" ]; then
  for place in $(echo "$places" | tr , ' '); do
    tree=$place
    open_tree
    tell_sums
    close_tree
  done
  say "DONE reading"
  poweroff -f
  sleep 60
fi

# ---- answer file
STEP="answer file"
answers=$(argument inst.ks || argument ks || argument url || argument preseed/url)
[ -n "$answers" ] || fail "the command line names no answer file"
fetch "$answers" /tmp/answers || fail "the answer file could not be fetched from $answers"
say "ANSWERFILE $answers $(wc -c </tmp/answers) bytes"
# Those of tools alone: what an install runs is made for all that anaconda has.
if grep -q '/tool[.]sh' /tmp/answers; then
  say "PRE runs the program of a tool"
  sed -n '/^%pre/,/^%end/p' /tmp/answers | sed '1d; $d' >/tmp/pre
  sh /tmp/pre
fi
REPORT=$(grep -o 'http://[^ "]*/installs/[0-9a-f]\\{1,\\}' /tmp/answers | head -n 1)
say "REPORT \${REPORT:-to nobody: the answer file names no address}"
report started "$STEP" 0 "$(uname -r)"

# ---- tree
STEP=installer
tree=$(argument inst.repo || answered_tree)
[ -n "$tree" ] || fail "neither the command line nor the answer file says where the tree is"
tree=\${tree%/}
say "REPO $tree"
open_tree
from_tree .treeinfo /tmp/treeinfo || fail "there is no .treeinfo in $tree"
say "TREEINFO $(sed -n 's/^name *= *//p' /tmp/treeinfo | head -n 1)"
sed -n '/^\\[checksums\\]/,/^\\[[^c]/s/^\\([^ =]*\\) *= *sha256:\\([0-9a-f]\\{64\\}\\)$/\\2 \\1/p' /tmp/treeinfo >/tmp/sums
total=$(wc -l </tmp/sums)
[ "$total" -gt 0 ] || fail "the .treeinfo of $tree names no checksums"
count=0
while read -r sum file; do
  from_tree "$file" /tmp/file || fail "$file could not be fetched from $tree"
  [ "$(sha256sum /tmp/file | cut -d' ' -f1)" = "$sum" ] || fail "$file has not the sha256 that .treeinfo says"
  count=$((count + 1))
  say "VERIFIED $file $(wc -c </tmp/file) bytes, $count of $total"
  report progress "$STEP" $((count * 60 / total)) "$file"
  case $file in
    */vmlinuz) mv /tmp/file /tmp/vmlinuz ;;
    */initrd.img) mv /tmp/file /tmp/initrd.img ;;
    EFI/BOOT/BOOT$CPU.EFI) mv /tmp/file /tmp/shim.efi ;;
    EFI/BOOT/grub$cpu.efi) mv /tmp/file /tmp/grub.efi ;;
    *) rm /tmp/file ;;
  esac
done </tmp/sums
close_tree
[ -s /tmp/vmlinuz ] && [ -s /tmp/initrd.img ] || fail "the tree holds no kernel or no initrd"
if [ $firmware = UEFI ]; then
  [ -s /tmp/shim.efi ] && [ -s /tmp/grub.efi ] || fail "the tree holds no boot loader for UEFI"
fi

${TINY_DISK}
say "DONE rebooting"
sleep 0.3
reboot -f
sleep 60
`;
