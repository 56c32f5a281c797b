import { CHOOSE_DISK, IN_SYSTEM, REPORT } from './shell-parts.ts';
import { PAST_PROXY } from '../past-proxy.ts';

/**
 * What Agama reads, SUSE's installer of Leap 16 and SLES 16, as JSON by its profile.schema.json. A script that runs
 * before (`AGAMA_PREPARE_TEMPLATE`) puts the disk and the product into it.
 *
 * SSH keys and time servers are written by a script: not every release of Agama takes them, and a profile with a key
 * that it does not know is refused as a whole. "keep" leaves the installer's own address as it is. A card is named by its
 * interface, which the script looks up: "macAddress" is the card to take in newer releases, and in older ones an address
 * that any card would be given.
 */
export const AGAMA_TEMPLATE = String.raw`{# Muster's profile for Agama. Variables: docs/answer-variables.md #}
${REPORT}
${IN_SYSTEM}
{% if partitioning == "btrfs" and root_filesystem and root_filesystem != "btrfs" %}
{{ "partitioning=btrfs and another root_filesystem contradict each other: leave one out" | refuse }}
{% endif %}
{% set root_type = "btrfs" if partitioning == "btrfs" else root_filesystem %}
{% macro volumes() %}
{% if root_type %}
          {"filesystem": {"path": "/", "type": {{ root_type | json }}}},
{% endif %}
{% if swap_megabytes %}
          {"filesystem": {"path": "swap"}, "size": {{ (swap_megabytes ~ " MiB") | json }}},
{% endif %}
          {"generate": {{ ("default" if swap_megabytes == "" else "mandatory") | json }}}
{%- endmacro %}
{% set packages_script %}
#!/bin/sh
{{ report_function() -}}
report progress 'step=packages'
{% endset %}
{% set finish_script %}
#!/bin/sh
{{ report_function() -}}
inside() { chroot /mnt "$@"; }
report progress 'step=configuration'
inside systemctl enable sshd
{% for server in ntp_servers %}
echo server {{ server | sh }} iburst >> /mnt/etc/chrony.d/muster.conf
{% endfor %}
{% if user %}
inside groupadd -f -r wheel
inside usermod -a -G wheel {{ user | sh }}
mkdir -p /mnt/etc/sudoers.d
# SUSE's sudo asks for root's password, which may be locked.
(umask 227; printf '%s\n' 'Defaults:%wheel !targetpw' '%wheel ALL=(ALL) ALL' > /mnt/etc/sudoers.d/muster)
{% endif %}
{{ ssh_keys("/mnt") -}}
{{ post_steps("/mnt", "inside ") -}}
{{ conclude() -}}
{% endset %}
{
  "product": {"id": "@MUSTER_PRODUCT@"},
  "hostname": {"static": {{ machine.fqdn | json }}},
  "l10n": {"locale": {{ locale | json }}, "keymap": {{ keyboard | json }}, "timezone": {{ timezone | json }}},
{% if network.fixed or interface %}
  "network": {
    "connections": [
      {
        "id": "muster",
        "interface": {{ (network.device or "@MUSTER_CARD@") | json }},
{% if network.fixed %}
        "method4": "manual",
        "addresses": [{{ (network.address ~ "/" ~ network.prefix) | json }}],
{% if network.gateway %}
        "gateway4": {{ network.gateway | json }},
{% endif %}
        "nameservers": {{ network.dns_servers | json }},
{% else %}
        "method4": "auto",
{% endif %}
        "status": "keep"
      }
    ]
  },
{% endif %}
  "storage": {
    "drives": [
      {
        "search": "@MUSTER_DISK@",
        "alias": "disk",
        "partitions": [
          {"search": "*", "delete": true}{{ "," if partitioning != "lvm" }}
{% if partitioning != "lvm" %}
{{ volumes() }}
{% endif %}
        ]
      }
    ],
    "boot": {"configure": true, "device": "disk"}{{ "," if partitioning == "lvm" }}
{% if partitioning == "lvm" %}
    "volumeGroups": [
      {
        "name": "system",
        "physicalVolumes": [{"generate": ["disk"]}],
        "logicalVolumes": [
{{ volumes() }}
        ]
      }
    ]
{% endif %}
  },
  "software": {
{% if repositories %}
    "extraRepositories": [
{% for repository in repositories %}
{% set parts = repository | split("=", 1) %}
      {"alias": {{ parts[0] | json }}, "url": {{ parts[1] | json }}, "allowUnsigned": {{ mirror_unsigned | json }}}{{ "," if not loop.last }}
{% endfor %}
    ],
{% endif %}
    "patterns": [{% for package in packages if package is startingwith("@") %}{{ ", " if not loop.first }}{{ package | package | replace("@", "") | json }}{% endfor %}],
    "packages": ["openssh", "sudo", "chrony"{% for package in packages if package is not startingwith("@") %}, {{ package | package | json }}{% endfor %}]
  },
{% if boot_arguments %}
  "bootloader": {"extraKernelParams": {{ boot_arguments | json }}},
{% endif %}
{% if user %}
  "user": {"fullName": {{ user | json }}, "userName": {{ user | json }}, "password": {{ (user_password_hash or "!") | json }}, "hashedPassword": true},
{% endif %}
  "root": {"password": {{ (root_password_hash or "!") | json }}, "hashedPassword": true},
  "questions": {"policy": "auto"},
  "scripts": {
    "postPartitioning": [
      {
        "name": "muster-packages",
        "content": {{ packages_script | json }}
      }
    ],
    "post": [
      {
        "name": "muster-finish",
        "chroot": false,
        "content": {{ finish_script | json }}
      }
    ]
  }
}
`;

/**
 * Runs in Agama's live system before it loads its profile (inst.script): fetches the profile, puts the disk and the
 * product of this medium into it, and leaves it where inst.auto looks. While it holds the installer waits. Failures of
 * the installation have no script of their own, so a unit waits for them.
 */
export const AGAMA_PREPARE_TEMPLATE = String.raw`#!/bin/sh
# {{ machine.name | comment }}: run by Agama before its profile; rendered by Muster for this install only.
${REPORT}
${CHOOSE_DISK}
{{ report_function() -}}
report started 'step=answer+file'
{{ tell_facts() -}}
udevadm settle
{{ choose_disk() -}}
# The product's name differs by release: of those on this medium, the one that its title tells, or the first.
product=
for file in /usr/share/agama/products.d/*.yaml; do
  id=$(sed -n "s/^id: *['\"]\{0,1\}\([A-Za-z0-9_.-]*\).*/\1/p" "$file" | head -n 1)
  case $id in
{% if "Tumbleweed" in image.title %}
    Tumbleweed*) product=$id; break;;
{% elif "Leap Micro" in image.title %}
    *Leap_Micro*) product=$id; break;;
{% elif "Leap" in image.title %}
    *Leap_Micro*) ;;
    *Leap*) product=$id; break;;
{% elif "SAP" in image.title %}
    *SAP*) product=$id; break;;
{% elif "Enterprise" in image.title %}
    SLES) product=$id; break;;
{% endif %}
    ?*) [ "$product" ] || product=$id;;
  esac
done
{% if network.mac and (network.fixed or interface) %}
card=
for path in /sys/class/net/*; do
  [ -e "$path/device" ] && [ "$(cat "$path/address")" = {{ network.mac | sh }} ] || continue
  card=$(basename "$path")
  break
done
if [ -z "$card" ]; then
  {% set no_card = "There is no network card " ~ network.mac ~ " in this machine: correct its variable interface" %}
  report failed {{ ("step=network&message=" ~ no_card | form) | sh }}
  echo {{ ("Muster: " ~ no_card) | sh }} > /dev/console
  while :; do sleep 60; done
fi
{% endif %}
mkdir -p /run/muster
while ! ${PAST_PROXY} curl -s -S -f --max-time 60 -o /run/muster/template.json {{ urls.answer | sh }}; do sleep 5; done
sed "s,@MUSTER_DISK@,/dev/$disk,g; s,@MUSTER_PRODUCT@,$product,g{% if network.mac and (network.fixed or interface) %}; s,@MUSTER_CARD@,$card,g{% endif %}" /run/muster/template.json > /run/muster/profile.json
cat > /run/muster/watch << 'WATCH'
#!/bin/sh
{{ report_function() -}}
while ! systemctl is-failed --quiet agama-autoinstall.service agama-auto.service; do
  sleep 10
  journalctl -q --no-pager -o cat --cursor-file=/run/muster/cursor -u 'agama*' | head -c 500000 |
    ${PAST_PROXY} curl -s -o /dev/null --max-time 60 --data-binary @- {{ urls.report | sh }}/log
done
report failed 'step=installer&message=The+installer+stopped:+its+journal+is+in+the+live+system'
WATCH
systemd-run --unit=muster-watch sh /run/muster/watch
exit 0
`;
