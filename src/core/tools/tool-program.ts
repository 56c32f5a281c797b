import { FACTS_PROGRAM } from '../answers/facts-script.ts';
import { quoteShell } from '../answers/quoting.ts';
import type { ToolBoot } from './tool-profile.ts';

/** What a tool's program says and does at its ends; in bash and busybox, as the program that tells the hardware. */
const REPORTS = String.raw`
report() {
  curl -s -o /dev/null --max-time 20 --retry 2 --data "$2" "$report/$1" 2>/dev/null && return
  wget -q -O /dev/null --post-data "$2" "$report/$1" 2>/dev/null && return
  python -c 'import sys, urllib; urllib.urlopen(sys.argv[1], sys.argv[2]).read()' "$report/$1" "$2" 2>/dev/null
}
restart() {
  sync
  sleep 1
  reboot -f
  # Where there is no such program, the kernel does it.
  echo b > /proc/sysrq-trigger
  while :; do sleep 60; done
}
give_up() {
  report failed "step=$1&message=$2"
  echo "Muster: $2" | tr + ' ' > /dev/console
  restart
}
`;

const DISCOVER = String.raw`
report started 'step=hardware&percent=0'
main "$report/facts" || give_up hardware 'The+hardware+could+not+be+told'
report finished 'step=hardware+told&percent=100'
restart
`;

/**
 * Overwrites a whole disk, the start first: it cannot be booted any more when the power goes. The parts are of a
 * gibibyte, between which it is told how far it is. That nothing is left at the ends is read back from the disk.
 * Called in the last line, so that half a program that arrives overwrites nothing.
 */
const WIPE = String.raw`
wipe() {
  report started 'step=looking+for+the+disk&percent=0'
  disk=$(readlink -f "/dev/$wanted" | sed 's,^/dev/,,')
  block=/sys/block/$(echo "$disk" | tr / '!')
  [ -b "/dev/$disk" ] && [ -e "$block/size" ] || give_up disk "There+is+no+disk+$wanted+in+this+machine,+or+it+is+a+part+of+one"
  sectors=$(cat "$block/size")
  # A reader of cards without a card has none.
  [ "$sectors" -gt 0 ] || give_up disk "The+disk+$disk+has+no+size,+so+nothing+can+be+written+to+it"
  mebibytes=$((sectors / 2048))
  at=0
  while [ $at -lt $mebibytes ]; do
    count=$((mebibytes - at))
    [ $count -gt 1024 ] && count=1024
    dd if=/dev/zero of="/dev/$disk" bs=1048576 seek=$at count=$count conv=notrunc 2>/dev/null ||
      give_up wiping "The+disk+$disk+could+not+be+written+from+MiB+$at+on"
    at=$((at + count))
    report progress "step=wiping+$disk&percent=$((at * 99 / mebibytes))"
  done
  rest=$((sectors % 2048))
  [ $rest = 0 ] || dd if=/dev/zero of="/dev/$disk" bs=512 seek=$((mebibytes * 2048)) count=$rest conv=notrunc 2>/dev/null ||
    give_up wiping "The+end+of+the+disk+$disk+could+not+be+written"
  sync
  echo 1 > /proc/sys/vm/drop_caches
  last=$(((sectors - 1) / 2048))
  [ "$(used "/dev/$disk" 0 $((sectors * 512)))" = 0 ] && [ "$(used "/dev/$disk" $last $((sectors * 512)))" = 0 ] ||
    give_up wiping "The+disk+$disk+is+not+blank+at+its+ends,+or+they+cannot+be+read"
  main "$report/facts"
  report finished "step=disk+$disk+is+blank&percent=100"
  restart
}
wipe
`;

/**
 * The program of a tool that runs unattended, or undefined where a person does what is done.
 *
 * @param url where reports are posted.
 * @throws RangeError for one that a shell cannot be told.
 */
export function toolProgram(
  { tool, disk }: Pick<ToolBoot, 'tool' | 'disk'>,
  url: string,
): string | undefined {
  if (tool === 'discover') return `${FACTS_PROGRAM}${REPORTS}\nreport=${word(url)}\n${DISCOVER}`;
  if (tool !== 'wipe' || disk === undefined) return undefined;
  return `${FACTS_PROGRAM}${REPORTS}\nreport=${word(url)}\nwanted=${word(disk)}\n${WIPE}`;
}

function word(text: string): string {
  const quoted = quoteShell(text);
  if (!quoted.quoted) throw new RangeError(`Cannot tell a shell "${text}": ${quoted.because}`);
  return quoted.text;
}
