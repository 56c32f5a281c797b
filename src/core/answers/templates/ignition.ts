import { CHOOSE_DISK, FOLLOW, REPORT } from './shell-parts.ts';
import { PAST_PROXY } from '../past-proxy.ts';

/**
 * The configuration of an installed Fedora CoreOS, RHEL CoreOS or Flatcar, which Ignition applies when that starts for
 * the first time: before anything is written there is no place where it could look at disks or report. So the disk is
 * chosen, and all is reported, by the live system that installs it (`IGNITION_LIVE_TEMPLATE`).
 *
 * Version 3.3.0 is the newest that every release of the last years reads.
 */
export const IGNITION_TEMPLATE = String.raw`{# Muster's Ignition for CoreOS and Flatcar. Variables: docs/answer-variables.md #}
{% set flatcar = image.family == "flatcar" %}
{% set root_type = "btrfs" if partitioning == "btrfs" else root_filesystem %}
{% if partitioning == "lvm" %}
{{ "CoreOS and Flatcar have no LVM: set partitioning to plain or btrfs" | refuse }}
{% endif %}
{% if '"' in boot_arguments %}
{{ "Ignition takes arguments of the kernel one by one, without quotes: leave those out of boot_arguments" | refuse }}
{% endif %}
{% macro file(path, mode, content) %}
      {"path": {{ path | json }}, "mode": {{ mode }}, "overwrite": true, "contents": {"source": {{ ("data:;base64," ~ content | base64) | json }}}}
{%- endmacro %}
{% set keyfile %}
[connection]
id=muster
type=ethernet
{% if network.device %}
interface-name={{ network.device }}
{% endif %}
[ethernet]
{% if network.mac %}
mac-address={{ network.mac }}
{% endif %}
[ipv4]
{% if network.fixed %}
method=manual
address1={{ network.address }}/{{ network.prefix }}{{ "," ~ network.gateway if network.gateway }}
dns={% for server in network.dns_servers if ":" not in server %}{{ server }};{% endfor +%}
{% else %}
method=auto
{% endif %}
{% endset %}
{% set networkd %}
[Match]
{% if network.mac %}
MACAddress={{ network.mac }}
{% else %}
Name={{ network.device }}
{% endif %}
[Network]
{% if network.fixed %}
Address={{ network.address }}/{{ network.prefix }}
{% if network.gateway %}
Gateway={{ network.gateway }}
{% endif %}
{% for server in network.dns_servers %}
DNS={{ server }}
{% endfor %}
{% else %}
DHCP=yes
{% endif %}
{% endset %}
{% set chrony %}
{% for server in ntp_servers %}
server {{ server }} iburst
{% endfor %}
driftfile /var/lib/chrony/drift
makestep 1.0 3
rtcsync
{% endset %}
{% set commands %}
#!/bin/sh
set -e
{% for command in post_commands %}
sh -c {{ command | sh }}
{% endfor %}
{% if post_script %}
printf %s {{ post_script | join("\n") | base64 }} | base64 -d > /run/muster-script
chmod 700 /run/muster-script
{{ "" if post_script[0] is startingwith("#!") else "sh " }}/run/muster-script
{% endif %}
{% endset %}
{
  "ignition": {"version": "3.3.0"},
{% if boot_arguments %}
  "kernelArguments": {"shouldExist": {{ boot_arguments | split(" ") | list | json }}},
{% endif %}
  "passwd": {
    "users": [
      {"name": "root", "passwordHash": {{ (root_password_hash or "!") | json }}, "sshAuthorizedKeys": {{ root_ssh_keys | json }}}{{ "," if user }}
{% if user %}
      {"name": {{ user | json }}, "groups": ["wheel", "sudo"], "passwordHash": {{ (user_password_hash or "!") | json }}, "sshAuthorizedKeys": {{ user_ssh_keys | json }}}
{% endif %}
    ]
  },
  "storage": {
{% if root_type %}
    "filesystems": [
      {"device": {{ ("/dev/disk/by-label/" ~ ("ROOT" if flatcar else "root")) | json }}, "format": {{ root_type | json }}, "label": {{ ("ROOT" if flatcar else "root") | json }}, "wipeFilesystem": true}
    ],
{% endif %}
    "links": [
      {"path": "/etc/localtime", "target": {{ ("../usr/share/zoneinfo/" ~ timezone) | json }}, "overwrite": true}
    ],
    "files": [
{{ file("/etc/hostname", 420, machine.fqdn ~ "\n") }},
{% if network.fixed or interface %}
{{ file("/etc/systemd/network/10-muster.network", 420, networkd) if flatcar else file("/etc/NetworkManager/system-connections/muster.nmconnection", 384, keyfile) }},
{% endif %}
{% if ntp_servers %}
{{ file("/etc/systemd/timesyncd.conf.d/muster.conf", 420, "[Time]\nNTP=" ~ ntp_servers | join(" ") ~ "\n") if flatcar else file("/etc/chrony.conf", 420, chrony) }},
{% endif %}
{% if post_commands or post_script %}
{{ file("/etc/muster/first-boot", 448, commands) }},
{% endif %}
{{ file("/etc/vconsole.conf", 420, "KEYMAP=" ~ keyboard ~ "\n") }},
{{ file("/etc/locale.conf", 420, "LANG=" ~ locale ~ "\n") }}
    ]
  },
  "systemd": {
    "units": [
{% if post_commands or post_script %}
      {"name": "muster-first-boot.service", "enabled": true, "contents": "[Unit]\nDescription=Commands of Muster's profile\nConditionPathExists=!/var/lib/muster-first-boot\nAfter=network-online.target\nWants=network-online.target\n\n[Service]\nType=oneshot\nExecStart=/bin/sh /etc/muster/first-boot\nExecStartPost=/bin/touch /var/lib/muster-first-boot\n\n[Install]\nWantedBy=multi-user.target\n"},
{% endif %}
      {"name": "sshd.{{ "socket" if flatcar else "service" }}", "enabled": true}
    ]
  }
}
`;

/**
 * The configuration of the live system that writes CoreOS or Flatcar to the disk: one service, which chooses the disk,
 * fetches the answer file for the installed system, installs and reports. Then the machine starts anew.
 *
 * coreos-installer has the system in its own image; flatcar-install loads it from the Internet, or from "mirror".
 */
export const IGNITION_LIVE_TEMPLATE = String.raw`${REPORT}
${FOLLOW}
${CHOOSE_DISK}
{% set flatcar = image.family == "flatcar" %}
{% set script %}
#!/bin/sh
{{ report_function() -}}
{{ follow_function() -}}
report started 'step=answer+file'
{{ tell_facts() -}}
udevadm settle
{{ choose_disk() -}}
{{ release_disks() -}}
while ! ${PAST_PROXY} curl -s -S -f --max-time 60 -o /run/muster.ign {{ urls.answer | sh }}; do sleep 5; done
report progress 'step=base+system'
{% if flatcar %}
if follow flatcar-install -d "/dev/$disk" -i /run/muster.ign{% if mirror %} -b {{ mirror | sh }}{% endif %}; then
{% else %}
if follow coreos-installer install "/dev/$disk" --ignition-file /run/muster.ign; then
{% endif %}
  report progress 'step=finishing'
  sync
  report finished 'step=installed'
  systemctl reboot
else
  report failed 'step=installer&message=The+installer+stopped:+its+log+tells+why'
fi
{% endset %}
{
  "ignition": {"version": "3.3.0"},
  "storage": {
    "files": [
      {"path": "/etc/muster/install", "mode": 448, "contents": {"source": {{ ("data:;base64," ~ script | base64) | json }}}}
    ]
  },
  "systemd": {
    "units": [
      {
        "name": "muster-install.service",
        "enabled": true,
        "contents": "[Unit]\nDescription=Muster installs this machine\nAfter=network-online.target\nWants=network-online.target\n\n[Service]\nType=oneshot\nExecStart=/bin/sh /etc/muster/install\nStandardOutput=journal+console\nStandardError=journal+console\n\n[Install]\nWantedBy=multi-user.target\n"
      }
    ]
  }
}
`;
