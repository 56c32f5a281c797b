import { FIRST_DISK, IS_NO_DISK } from '../first-disk.ts';
import { PAST_PROXY } from '../past-proxy.ts';

/**
 * What the scripts of several installers have in common, as macros of the template engine. Each gives lines of POSIX
 * shell; where they stand in YAML, "| indent" moves them in.
 *
 * `report EVENT FORM` tells Muster, past a proxy that the packages take: it hears a machine by the machine's own address.
 * How it ended is said for five minutes, until somebody hears it: a machine that starts
 * anew while its install is under way would be installed again. `tell_facts` has the machine tell its hardware.
 */
export const REPORT = String.raw`{% macro report_function() %}
report() {
  tries=1
  case $1 in finished|failed) tries=60;; esac
  while ! ${PAST_PROXY} curl -s -o /dev/null --max-time 20 --data "$2" {{ urls.report | sh }}/"$1" 2> /dev/null &&
    ! ${PAST_PROXY} wget -q -O /dev/null -T 20 --post-data="$2" {{ urls.report | sh }}/"$1" 2> /dev/null; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || break
    sleep 5
  done
}
{% endmacro %}
{% macro tell_facts() %}
# Its hardware, as far as it can be told; nothing depends on it.
(${PAST_PROXY} curl -s -f --max-time 20 {{ (urls.report ~ "/facts.sh") | sh }} || ${PAST_PROXY} wget -q -T 20 -O - {{ (urls.report ~ "/facts.sh") | sh }}) 2> /dev/null | sh > /dev/null 2>&1
{% endmacro %}`;

/** `follow PROGRAM…` runs it, posts what it says every five seconds, and ends as it ended. */
export const FOLLOW = String.raw`{% macro follow_function() %}
send_log() {
  tail -c +$((sent + 1)) /tmp/muster-log | head -c 500000 > /tmp/muster-part
  size=$(wc -c < /tmp/muster-part)
  [ "$size" -gt 0 ] || return 0
  sent=$((sent + size))
  ${PAST_PROXY} curl -s -o /dev/null --max-time 60 --data-binary @/tmp/muster-part {{ urls.report | sh }}/log 2> /dev/null ||
    ${PAST_PROXY} wget -q -O /dev/null -T 60 --post-file=/tmp/muster-part {{ urls.report | sh }}/log 2> /dev/null || true
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
{% endmacro %}`;

/**
 * Leaves in `$disk` the one disk to install on, by its name below /dev. When it is not there, the reason is reported and
 * the installer held where it is: it would take whatever other disk there is. `release_disks` is for live systems that
 * have started what an older system left on the disks.
 */
export const CHOOSE_DISK = String.raw`{% macro choose_disk() %}
{% set no_disk = ("There is no disk " ~ disk ~ " in this machine: correct its variable disk") if disk else "No built-in disk was found: name one in the variable disk" %}
{% if disk %}
disk=$(readlink -f {{ ("/dev/" ~ disk) | sh }} | sed 's,^/dev/,,')
{% else %}
${FIRST_DISK}
{% endif %}
if ${IS_NO_DISK}; then
  report failed {{ ("step=disk&message=" ~ no_disk | form) | sh }}
  echo {{ ("Muster: " ~ no_disk) | sh }} > /dev/console
  while :; do sleep 60; done
fi
report progress "step=disk+$disk"
{% endmacro %}
{% macro release_disks() %}
# LVM and RAID of an older system would keep the disk busy. They are stopped, and nothing of them is changed.
vgchange -a n > /dev/null 2>&1 || true
mdadm --stop --scan > /dev/null 2>&1 || true
{% endmacro %}`;

/**
 * SSH keys, commands and the script of the user, in a system below `target` whose programs `inside` runs. Leaves in
 * `$failed` what went wrong; nothing more is run then.
 */
export const IN_SYSTEM = String.raw`{% macro root_keys(target) %}
{% if root_ssh_keys %}
mkdir -p -m 700 {{ target }}/root/.ssh
{% for key in root_ssh_keys %}
printf '%s\n' {{ key | sh }} >> {{ target }}/root/.ssh/authorized_keys
{% endfor %}
chmod 600 {{ target }}/root/.ssh/authorized_keys
{% endif %}
{% endmacro %}
{% macro ssh_keys(target) %}
{{ root_keys(target) -}}
{% if user and user_ssh_keys %}
home={{ target }}$(grep {{ ("^" ~ user ~ ":") | sh }} {{ target }}/etc/passwd | cut -d: -f6)
owner=$(grep {{ ("^" ~ user ~ ":") | sh }} {{ target }}/etc/passwd | cut -d: -f3,4)
mkdir -p -m 700 "$home/.ssh"
{% for key in user_ssh_keys %}
printf '%s\n' {{ key | sh }} >> "$home/.ssh/authorized_keys"
{% endfor %}
chmod 600 "$home/.ssh/authorized_keys"
chown -R "$owner" "$home/.ssh"
{% endif %}
{% endmacro %}
{% macro post_steps(target, inside) %}
failed=
{% for command in post_commands %}
[ "$failed" ] || {{ inside }}sh -c {{ command | sh }} || failed=Command+{{ loop.index }}+of+post_commands+failed
{% endfor %}
{% if post_script %}
(umask 077; printf %s {{ post_script | join("\n") | base64 }} | base64 -d > {{ target }}/root/muster-script)
chmod 700 {{ target }}/root/muster-script
[ "$failed" ] || {{ inside }}{{ "" if post_script[0] is startingwith("#!") else "sh " }}/root/muster-script || failed=The+post_script+failed
rm -f {{ target }}/root/muster-script
{% endif %}
{% endmacro %}
{% macro conclude() %}
if [ "$failed" ]; then
  report failed "step=post_commands&message=$failed"
else
  report finished 'step=installed'
fi
{% endmacro %}`;
