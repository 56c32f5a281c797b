import { FIRST_DISK_ON_ONE_LINE, IS_NO_DISK } from './first-disk.ts';
import { PAST_PROXY } from './past-proxy.ts';
import { PRESEED_RECIPE } from './preseed-disk.ts';
import { PRESEED_NETWORK } from './preseed-network.ts';

/**
 * The preseed that comes with Muster, for the debian-installer of Debian 8 and later and of Ubuntu up to 20.04.
 *
 * debconf keeps a command on one line and, when it reads its database again, takes a backslash and an n for a line
 * break and drops what follows; so there is none in here, and "| sh" makes none.
 *
 * Reports go through a script that early_command writes, with the GNU wget of the network installer (8: the server
 * answered, and refused). How it ended is said for five minutes, until somebody hears it. Only one
 * disk is ever named to the partitioner. It is looked up in partman/early_command, when the drivers of the disks
 * are loaded; when it is not there the installer is held, since partman would take whatever other disk there is.
 */
export const PRESEED_TEMPLATE = String.raw`{# Muster's preseed for Debian 8 to 14 and Ubuntu to 20.04. Variables: docs/answer-variables.md #}
{% set ubuntu = image.title is startingwith("Ubuntu") %}
# {{ machine.name }}: {{ image.title }}, profile {{ profile }}; rendered by Muster for this install only.

# Language, keyboard, clock
d-i debian-installer/locale string {{ locale | preseed }}
d-i keyboard-configuration/xkb-keymap select {{ keyboard | preseed }}
{% if ubuntu %}
d-i console-setup/ask_detect boolean false
d-i keyboard-configuration/layoutcode string {{ keyboard | preseed }}
{% endif %}
d-i clock-setup/utc boolean true
d-i time/zone string {{ timezone | preseed }}
d-i clock-setup/ntp boolean true
{% if ntp_servers %}
d-i clock-setup/ntp-server string {{ ntp_servers[0] | preseed }}
{% endif %}

# Network: by DHCP; the host name was on the kernel's command line already
{% if network.device and not network.fixed %}
d-i netcfg/choose_interface select {{ network.device | preseed }}
{% else %}
d-i netcfg/choose_interface select auto
{% endif %}
d-i netcfg/hostname string {{ machine.name | preseed }}
{% if domain %}
d-i netcfg/get_domain string {{ domain | preseed }}
{% endif %}
d-i netcfg/wireless_wep string
d-i hw-detect/load_firmware boolean false

# Packages
d-i mirror/country string manual
d-i mirror/protocol string {{ package_mirror.protocol | preseed }}
d-i mirror/{{ package_mirror.protocol }}/hostname string {{ package_mirror.host | preseed }}
d-i mirror/{{ package_mirror.protocol }}/directory string {{ package_mirror.directory | preseed }}
d-i mirror/{{ package_mirror.protocol }}/proxy string {{ proxy | preseed }}
{% if codename %}
d-i mirror/suite string {{ codename | preseed }}
d-i mirror/udeb/suite string {{ codename | preseed }}
{% endif %}
{% if mirror_unsigned %}
d-i debian-installer/allow_unauthenticated boolean true
{% endif %}
{% if package_mirror.local %}
# A mirror of one's own seldom has the security archive beside it
d-i apt-setup/services-select multiselect
{% endif %}
d-i apt-setup/enable-source-repositories boolean false
tasksel tasksel/first multiselect {{ tasks | join(", ") | preseed }}
{% set included = packages + (["sudo"] if user else []) %}
{% if included %}
d-i pkgsel/include string{% for package in included %} {{ package | package }}{% endfor +%}
{% endif %}
d-i pkgsel/upgrade select none
{% if ubuntu %}
d-i pkgsel/update-policy select none
{% endif %}
popularity-contest popularity-contest/participate boolean false

# Accounts
d-i passwd/root-login boolean true
d-i passwd/root-password-crypted password {{ (root_password_hash or "!") | preseed }}
d-i passwd/make-user boolean {{ "true" if user else "false" }}
{% if user %}
d-i passwd/user-fullname string {{ user | preseed }}
d-i passwd/username string {{ user | preseed }}
d-i passwd/user-password-crypted password {{ (user_password_hash or "!") | preseed }}
d-i passwd/user-default-groups string audio cdrom dip floppy video plugdev netdev sudo
{% endif %}

# The disk: partman/early_command below says which
d-i partman-auto/method string {{ "lvm" if partitioning == "lvm" else "regular" }}
d-i partman-auto-lvm/guided_size string max
d-i partman-auto/choose_recipe select atomic
{% if partitioning == "btrfs" and root_filesystem not in ["", "btrfs"] %}
{{ "btrfs has no other file system in it: set partitioning to plain, or leave root_filesystem out" | refuse }}
{% elif partitioning == "btrfs" or root_filesystem %}
d-i partman/default_filesystem string {{ "btrfs" if partitioning == "btrfs" else root_filesystem | preseed }}
{% endif %}
{% if swap_megabytes == 0 %}
d-i partman-basicfilesystems/no_swap boolean false
{% endif %}
d-i partman-lvm/device_remove_lvm boolean true
d-i partman-lvm/confirm boolean true
d-i partman-lvm/confirm_nooverwrite boolean true
d-i partman-md/device_remove_md boolean true
d-i partman-partitioning/confirm_write_new_label boolean true
d-i partman/choose_partition select finish
d-i partman/confirm boolean true
d-i partman/confirm_nooverwrite boolean true
d-i partman-efi/non_efi_system boolean true
d-i grub-installer/only_debian boolean true
d-i grub-installer/with_other_os boolean false
d-i grub-installer/bootdev string default
{% if boot_arguments %}
d-i debian-installer/add-kernel-opts string {{ boot_arguments | preseed }}
{% endif %}

{% set report_once = '${PAST_PROXY} wget -q -O /dev/null --tries=3 --timeout=20 --post-data="$2" ' ~ urls.report | sh ~ '/"$1"' %}
{% set report_script = 'n=1; case $1 in finished|failed) n=60;; esac; while :; do ' ~ report_once ~ '; case $? in 0|8) exit;; esac; n=$((n - 1)); [ $n -gt 0 ] || exit; sleep 5; done' %}
{% set base_script = "/tmp/muster-report progress step=base+system" %}
{% set packages_script = "/tmp/muster-report progress step=packages" %}
{% set finish_script = "/tmp/muster-report progress step=configuration" %}
{% set no_disk = ("There is no disk " ~ disk ~ " in this machine: correct its variable disk") if disk else "No built-in disk was found: name one in the variable disk" %}
# Reports
d-i preseed/early_command string \
  (echo '#!/bin/sh'; echo {{ report_script | sh }}) > /tmp/muster-report; chmod 755 /tmp/muster-report; \
  mkdir -p /usr/lib/base-installer.d /usr/lib/pre-pkgsel.d /usr/lib/finish-install.d; \
  (echo '#!/bin/sh'; echo {{ base_script | sh }}; echo 'exit 0') > /usr/lib/base-installer.d/05muster; \
  (echo '#!/bin/sh'; echo {{ packages_script | sh }}; echo 'exit 0') > /usr/lib/pre-pkgsel.d/05muster; \
  (echo '#!/bin/sh'; echo {{ finish_script | sh }}; echo 'exit 0') > /usr/lib/finish-install.d/06muster; \
  chmod 755 /usr/lib/base-installer.d/05muster /usr/lib/pre-pkgsel.d/05muster /usr/lib/finish-install.d/06muster; \
  /tmp/muster-report started step=answer+file; true
d-i partman/early_command string \
  ${PAST_PROXY} wget -q -O - --timeout=20 {{ (urls.report ~ "/facts.sh") | sh }} | sh > /dev/null 2>&1; \
${PRESEED_RECIPE}
{% if disk %}
  disk=$(readlink -f {{ ("/dev/" ~ disk) | sh }} | sed 's,^/dev/,,'); \
{% else %}
  ${FIRST_DISK_ON_ONE_LINE} \
{% endif %}
  if ${IS_NO_DISK}; then \
  /tmp/muster-report failed {{ ("step=disk&message=" ~ no_disk | form) | sh }}; \
  echo {{ ("Muster: " ~ no_disk) | sh }} > /dev/console; while :; do sleep 60; done; fi; \
  debconf-set partman-auto/disk "/dev/$disk"; debconf-set grub-installer/bootdev "/dev/$disk"; \
  /tmp/muster-report progress "step=disk+$disk"; true
d-i preseed/late_command string failed=; \
{% if root_ssh_keys %}
  mkdir -p -m 700 /target/root/.ssh; \
{% for key in root_ssh_keys %}
  echo {{ key | sh }} >> /target/root/.ssh/authorized_keys; \
{% endfor %}
  chmod 600 /target/root/.ssh/authorized_keys; \
{% endif %}
{% if user and user_ssh_keys %}
  home=/target$(grep {{ ("^" ~ user ~ ":") | sh }} /target/etc/passwd | cut -d: -f6); \
  mkdir -p -m 700 "$home/.ssh"; \
{% for key in user_ssh_keys %}
  echo {{ key | sh }} >> "$home/.ssh/authorized_keys"; \
{% endfor %}
  chmod 600 "$home/.ssh/authorized_keys"; \
  in-target sh -c {{ ("chown -R " ~ user ~ ": ~" ~ user ~ "/.ssh") | sh }}; \
{% endif %}
${PRESEED_NETWORK}
{% for command in post_commands %}
  [ "$failed" ] || in-target sh -c {{ command | sh }} || failed=Command+{{ loop.index }}+of+post_commands+failed; \
{% endfor %}
{% if post_script %}
{% set script = (post_script | join("\n") ~ "\n") | base64 %}
  in-target sh -c {{ ("umask 077; echo " ~ script ~ " | base64 -d > /root/muster-script") | sh }}; \
{% if post_script[0] is startingwith("#!") %}
  chmod 700 /target/root/muster-script; \
  [ "$failed" ] || in-target /root/muster-script || failed=post_script+failed; \
{% else %}
  [ "$failed" ] || in-target sh /root/muster-script || failed=post_script+failed; \
{% endif %}
  rm -f /target/root/muster-script; \
{% endif %}
  if [ "$failed" ]; then \
  /tmp/muster-report failed "step=post_commands&message=$failed"; \
  else /tmp/muster-report finished 'step=installed&percent=100'; fi; true

# The end: reboot without a question
d-i finish-install/reboot_in_progress note
d-i debian-installer/exit/poweroff boolean false
`;
