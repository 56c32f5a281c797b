import { CHOOSE_DISK, IN_SYSTEM, REPORT } from './shell-parts.ts';

/**
 * What Ubuntu's installer (subiquity) reads, from 20.04 on: a configuration of cloud-init for the live system, with the
 * answers in its key "autoinstall". Scripts are files of the live system, written by cloud-init before the installer
 * starts.
 *
 * - Only one disk is matched, by its path, which an early command puts into the answers: the installer reads them again
 *   after those. It stops when nothing matches.
 * - A fixed address is written into the installed system at the end, since the key "network" would change the address
 *   of the installer, too, which gets its files by it.
 * - The user is made by cloud-init when the installed system starts, so that its keys are among the answers: there is no
 *   home for them before. Without a user the key "user-data" stands in its place, with an empty list: cloud-init would
 *   make the user "ubuntu" otherwise.
 */
export const AUTOINSTALL_TEMPLATE = String.raw`{# Muster's autoinstall for Ubuntu 20.04 and later. Variables: docs/answer-variables.md #}
${REPORT}
${CHOOSE_DISK}
${IN_SYSTEM}
{% if partitioning == "btrfs" or (root_filesystem and root_filesystem != "ext4") %}
{{ "The layouts of Ubuntu's installer have ext4 alone: write the disks in a template of your own, in storage.config" | refuse }}
{% endif %}
#cloud-config
# {{ machine.name | comment }}: {{ image.title | comment }}, profile {{ profile | comment }}; rendered by Muster for this install only.
write_files:
  - path: /run/muster/report
    permissions: "0755"
    content: |
      #!/bin/sh
      {{ report_function() | indent(6) }}
      report "$@"
  - path: /run/muster/choose-disk
    permissions: "0755"
    content: |
      #!/bin/sh
      {{ report_function() | indent(6) }}
      {{ tell_facts() | indent(6) }}
      {{ choose_disk() | indent(6) }}
      sed -i "s,@MUSTER_DISK@,/dev/$disk,g" /autoinstall.yaml
  - path: /run/muster/finish
    permissions: "0755"
    content: |
      #!/bin/sh
      {{ report_function() | indent(6) }}
      # Desktops' installers have no curtin at hand.
      inside() {
        if command -v curtin > /dev/null 2>&1; then
          curtin in-target --target=/target -- "$@"
        else
          chroot /target "$@"
        fi
      }
      command -v curtin > /dev/null 2>&1 || for folder in dev proc sys; do mount --rbind "/$folder" "/target/$folder"; done
      report progress 'step=configuration'
      inside usermod -p {{ (root_password_hash or "!") | sh }} root
{% if domain %}
      sed -i {{ ("s,^127\\.0\\.1\\.1.*,127.0.1.1 " ~ machine.fqdn ~ " " ~ machine.name ~ ",") | sh }} /target/etc/hosts
{% endif %}
{% if ntp_servers %}
      mkdir -p /target/etc/systemd/timesyncd.conf.d /target/etc/chrony/sources.d
      printf '[Time]\nNTP=%s\n' {{ ntp_servers | join(" ") | sh }} > /target/etc/systemd/timesyncd.conf.d/muster.conf
{% for server in ntp_servers %}
      echo server {{ server | sh }} iburst >> /target/etc/chrony/sources.d/muster.sources
{% endfor %}
{% endif %}
{% if boot_arguments %}
      printf '%s\n' {{ ('GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX "' ~ (boot_arguments | sh)) | sh }} > /target/etc/default/grub.d/90-muster.cfg
      inside update-grub
{% endif %}
{% if network.fixed or interface %}
      rm -f /target/etc/netplan/*.yaml /target/etc/cloud/cloud.cfg.d/90-installer-network.cfg
      echo 'network: {config: disabled}' > /target/etc/cloud/cloud.cfg.d/99-muster-network.cfg
      (umask 077; cat > /target/etc/netplan/50-muster.yaml) << 'NETPLAN'
      network:
        version: 2
        ethernets:
          {{ (network.device or "muster") | yaml }}:
{% if network.mac %}
            match: {macaddress: {{ network.mac | yaml }}}
{% endif %}
{% if network.fixed %}
            addresses: [{{ (network.address ~ "/" ~ network.prefix) | yaml }}]
{% if network.gateway %}
            routes: [{to: 0.0.0.0/0, via: {{ network.gateway | yaml }}}]
{% endif %}
            nameservers: {addresses: {{ network.dns_servers | yaml }}{% if domain %}, search: [{{ domain | yaml }}]{% endif %}}
{% else %}
            dhcp4: true
{% endif %}
      NETPLAN
{% endif %}
      {{ root_keys("/target") | indent(6) }}
      {{ post_steps("/target", "inside ") | indent(6) }}
      {{ conclude() | indent(6) }}
autoinstall:
  version: 1
  refresh-installer: {update: false}
  reporting:
    muster: {type: webhook, endpoint: {{ (urls.report ~ "/reporting") | yaml }}}
  early-commands:
    - /run/muster/report started 'step=answer+file'
    - /run/muster/choose-disk
  locale: {{ locale | yaml }}
  keyboard: {layout: {{ keyboard | yaml }}}
  timezone: {{ timezone | yaml }}
{% if proxy %}
  proxy: {{ proxy | yaml }}
{% endif %}
  apt:
    geoip: false
{% if image.major >= 23 %}
    fallback: offline-install
{% endif %}
{% if package_mirror.local %}
    primary:
      - arches: [default]
        uri: {{ (package_mirror.protocol ~ "://" ~ package_mirror.host ~ package_mirror.directory) | yaml }}
{% endif %}
{% if mirror_unsigned %}
    conf: |
      Acquire::AllowInsecureRepositories "true";
      APT::Get::AllowUnauthenticated "true";
{% endif %}
{% if repositories %}
    sources:
{% for repository in repositories %}
{% set parts = repository | split("=", 1) %}
      {{ (parts[0] ~ ".list") | yaml }}: {source: {{ ("deb " ~ ("[trusted=yes] " if mirror_unsigned else "") ~ parts[1] ~ " ./") | yaml }}}
{% endfor %}
{% endif %}
  storage:
{% if swap_megabytes != "" %}
    swap: {size: {{ (swap_megabytes ~ "M" if swap_megabytes else 0) | yaml }}}
{% endif %}
    layout:
      name: {{ "lvm" if partitioning == "lvm" else "direct" }}
      match: {path: "@MUSTER_DISK@"}
{% if user %}
  identity:
    hostname: {{ machine.name | yaml }}
    username: {{ user | yaml }}
    realname: {{ user | yaml }}
    password: {{ (user_password_hash or "!") | yaml }}
{% else %}
  user-data:
    hostname: {{ machine.name | yaml }}
    preserve_hostname: false
    users: []
{% endif %}
  ssh:
    install-server: true
    allow-pw: {{ "true" if root_password_hash or user_password_hash else "false" }}
{% if user and user_ssh_keys %}
    authorized-keys: {{ user_ssh_keys | yaml }}
{% endif %}
{% if packages %}
  packages:
{% for package in packages %}
    - {{ package | package | yaml }}
{% endfor %}
{% endif %}
  late-commands:
    - /run/muster/finish
  error-commands:
    - /run/muster/report failed 'step=installer&message=The+installer+stopped:+its+log+is+/var/log/installer'
  shutdown: reboot
`;

/** cloud-init starts only when there is one, and takes the machine for a new one when the id is another. */
export const META_DATA_TEMPLATE = String.raw`instance-id: {{ machine.id | yaml }}
local-hostname: {{ machine.name | yaml }}
`;

/** Empty, but a configuration: cloud-init warns of anything else, and its status is what the installer waits for. */
export const VENDOR_DATA_TEMPLATE = '#cloud-config\n{}\n';
