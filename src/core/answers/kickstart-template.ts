import { FIRST_DISK, IS_NO_DISK } from './first-disk.ts';
import { KICKSTART_DISK } from './kickstart-disk.ts';
import { KICKSTART_NETWORK } from './kickstart-network.ts';
import { PAST_PROXY } from './past-proxy.ts';

/**
 * The kickstart that comes with Muster. `level` is the Enterprise Linux whose installer reads it (`enterpriseLevel`):
 * - 5: sections have no %end, the installer's Python is 2.4 and its curl may be missing;
 * - 6: %end, `--device=bootif`; 7: `rootpw --lock` alone, `--boot-drive`, `eula`, partitioning by type;
 * - 8: no `install`, `text --non-interactive`, %onerror, %pre-install; 9: time servers in `timesource`.
 *
 * Only one disk is ever named to the installer. It is looked up in %pre, so that a name that does not exist stops
 * the install with a reason before anything is written, and so that `disk/by-id/…` works in every release.
 *
 * How it ended is said for five minutes, until somebody hears it: of a machine that starts anew while its install is
 * under way nobody knows that it reached its end.
 */
export const KICKSTART_TEMPLATE = String.raw`{# Muster's kickstart for EL 5 to 10 and Fedora. Variables: docs/answer-variables.md #}
{% set end = "%end" if level >= 6 else "" %}
{% macro report_function() %}
report() {
  tries=1
  case $1 in finished|failed) tries=60;; esac
  while :; do
    ${PAST_PROXY} curl -s -o /dev/null --max-time 20 --retry 2 --data "$2" {{ urls.report | sh }}/"$1" && return 0
{% if level < 7 %}
    ${PAST_PROXY} python -c 'import sys, urllib; urllib.urlopen(sys.argv[1], sys.argv[2]).read()' {{ urls.report | sh }}/"$1" "$2" && return 0
{% endif %}
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 0
    sleep 5
  done
}
{% endmacro %}
# {{ machine.name }}: {{ image.title }}, profile {{ profile }}; rendered by Muster for this install only.
{% if level < 8 %}
install
{% endif %}
{% if level < 6 %}
key --skip
{% endif %}
text{{ " --non-interactive" if level >= 8 }}
{% if urls.protocol == "nfs" %}
nfs --server={{ urls.server | ks }} --dir={{ urls.path | ks }}
{% else %}
url --url={{ urls.tree | ks }}{% if proxy and level >= 6 %} --proxy={{ proxy | ks }}{% endif +%}
{% endif %}
{% for repository in repositories %}
{% set parts = repository | split("=", 1) %}
repo --name={{ parts[0] | ks }} --baseurl={{ parts[1] | ks }}
{% endfor %}

lang {{ locale | ks }}
keyboard {{ keyboard | ks }}
timezone --utc {{ timezone | ks }}{% if ntp_servers and level in [7, 8] %} --ntpservers={{ ntp_servers | join(",") | ks }}{% endif +%}
{% if level >= 9 %}
{% for server in ntp_servers %}
timesource --ntp-server={{ server | ks }}
{% endfor %}
{% endif %}
{% if interface and not network.fixed %}
{% if level < 6 and not network.device %}
{{ "EL 5 takes a network card by its name alone: set interface to eth0 or another name" | refuse }}
{% endif %}
{% set card = network.device or network.mac %}
{% else %}
{% set card = "bootif" if level >= 6 else "" %}
{% endif %}
network --bootproto=dhcp --onboot=yes{{ " --device=" ~ card if card }} --hostname={{ (machine.name ~ ("." ~ domain if domain else "")) | ks }}
firewall --enabled --ssh
selinux --enforcing
{% if level < 7 %}
authconfig --enableshadow --passalgo=sha512
skipx
{% endif %}
firstboot --disable
{% if level >= 7 %}
eula --agreed
{% endif %}

{% if root_password_hash %}
rootpw --iscrypted {{ root_password_hash | ks }}
{% elif level >= 7 %}
rootpw --lock
{% else %}
rootpw --iscrypted *
{% endif %}
{% if user %}
user --name={{ user | ks }} --groups=wheel --iscrypted --password={{ (user_password_hash or "*") | ks }}
{% endif %}

# Written by %pre below: the one disk to install on.
%include /tmp/muster-disk.ks
reboot

%packages
@core
{% for package in packages %}
{{ package | package }}
{% endfor %}
{{ end }}

%pre{{ " --erroronfail" if level >= 6 }}
{{ report_function() -}}
report started 'step=answer+file'
# Its hardware, as far as it can be told; nothing depends on it.
(${PAST_PROXY} curl -s -f --max-time 20 {{ (urls.report ~ "/facts.sh") | sh }} || ${PAST_PROXY} wget -q -O - {{ (urls.report ~ "/facts.sh") | sh }}) 2> /dev/null | sh > /dev/null 2>&1
{% if disk %}
disk={{ disk | sh }}
{% if "/" in disk %}
real=$(readlink -f "/dev/$disk") && disk=$(echo "$real" | sed 's,^/dev/,,')
{% endif %}
{% else %}
${FIRST_DISK}
{% endif %}
if ${IS_NO_DISK}; then
{% if disk %}
  report failed {{ ("step=disk&message=" ~ ("There is no disk " ~ disk ~ " in this machine: correct its variable disk") | form) | sh }}
{% else %}
  report failed {{ ("step=disk&message=" ~ "No built-in disk was found: name one in the variable disk" | form) | sh }}
{% endif %}
  exit 1
fi
sed "s,@DISK@,$disk,g" > /tmp/muster-disk.ks << 'KICKSTART'
${KICKSTART_DISK}
bootloader --location=mbr {{ "--boot-drive" if level >= 7 else "--driveorder" }}=@DISK@{% if boot_arguments %} --append={{ boot_arguments | ks }}{% endif +%}
KICKSTART
{% if level < 7 and (partitioning == "plain" or root_filesystem or swap_megabytes != "") %}
if [ -d /sys/firmware/efi ]; then echo "part /boot/efi --fstype=efi --size=200 --ondisk=$disk" >> /tmp/muster-disk.ks; fi
{% endif %}
report progress "step=disk+$disk"
{{ end }}
{% if level >= 8 %}

%pre-install
{{ report_function() -}}
report progress 'step=base+system'
{{ end }}
{% endif %}

%post --nochroot
{{ report_function() -}}
report progress 'step=configuration'
{{ end }}

%post
{% if root_ssh_keys %}
mkdir -p -m 700 /root/.ssh
{% for key in root_ssh_keys %}
printf '%s\n' {{ key | sh }} >> /root/.ssh/authorized_keys
{% endfor %}
chmod 600 /root/.ssh/authorized_keys
restorecon -R /root/.ssh
{% endif %}
{% if user and user_ssh_keys %}
home=$(getent passwd {{ user | sh }} | cut -d: -f6)
mkdir -p -m 700 "$home/.ssh"
{% for key in user_ssh_keys %}
printf '%s\n' {{ key | sh }} >> "$home/.ssh/authorized_keys"
{% endfor %}
chmod 600 "$home/.ssh/authorized_keys"
chown -R {{ user | sh }}: "$home/.ssh"
restorecon -R "$home/.ssh"
{% endif %}
${KICKSTART_NETWORK}
{% for command in post_commands %}
[ -e /root/muster-failed ] || sh -c {{ command | sh }} || echo Command+{{ loop.index }}+of+post_commands+failed > /root/muster-failed
{% endfor %}
{% if post_script %}
(umask 077; : > /root/muster-script)
{% for line in post_script %}
printf '%s\n' {{ line | sh }} >> /root/muster-script
{% endfor %}
{% if post_script[0] is startingwith("#!") %}
chmod 700 /root/muster-script
[ -e /root/muster-failed ] || /root/muster-script || echo post_script+failed > /root/muster-failed
{% else %}
[ -e /root/muster-failed ] || sh /root/muster-script || echo post_script+failed > /root/muster-failed
{% endif %}
rm -f /root/muster-script
{% endif %}
exit 0
{{ end }}

{% if level >= 8 %}
%onerror
{% else %}
%traceback
{% endif %}
{{ report_function() -}}
${PAST_PROXY} curl -s -o /dev/null --max-time 20 --data-binary @/tmp/anaconda.log {{ urls.report | sh }}/log
words=$(tail -n 3 /tmp/anaconda.log 2> /dev/null | tr -cs 'A-Za-z0-9._:/-' '+' | tail -c 300)
report failed "step=installer&message=The+installer+stopped:+$words"
{{ end }}

# The last script: from its report on, the machine is sent to its own disk.
%post --nochroot
{{ report_function() -}}
failed=/mnt/sysimage/root/muster-failed
if [ -e "$failed" ]; then
  report failed "step=post_commands&message=$(cat "$failed")"
  rm -f "$failed"
else
  report finished 'step=installed&percent=100'
fi
{{ end }}
`;
