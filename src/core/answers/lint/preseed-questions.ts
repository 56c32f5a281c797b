/**
 * Questions of the debian-installer and their types, as the templates of its packages have them: netcfg, partman,
 * apt-setup, user-setup and so on, Debian 8 to 13 and Ubuntu to 20.04. Others are let pass, since any package has its own.
 */
const BY_TYPE = {
  string: `
    anna/choose_modules auto-install/defaultroot clock-setup/ntp-server debian-installer/add-kernel-opts
    debian-installer/locale debian-installer/language debian-installer/country disk-detect/multipath/enable
    grub-installer/bootdev grub-installer/choose_bootdev grub-installer/timeout hw-detect/start_pcmcia
    keyboard-configuration/layoutcode keyboard-configuration/modelcode keyboard-configuration/variantcode
    mirror/ftp/directory mirror/ftp/hostname mirror/ftp/proxy mirror/http/directory mirror/http/hostname
    mirror/http/proxy mirror/https/directory mirror/https/hostname mirror/https/proxy netcfg/dhcp_hostname
    netcfg/dhcp_timeout netcfg/dhcpv6_timeout netcfg/get_domain netcfg/get_gateway netcfg/get_hostname
    netcfg/get_ipaddress netcfg/get_nameservers netcfg/get_netmask netcfg/hostname netcfg/link_wait_timeout
    netcfg/vlan_id netcfg/wireless_essid netcfg/wireless_wep netcfg/wireless_wpa network-console/authorized_keys_url
    partman-auto-crypto/erase_disks partman-auto-lvm/guided_size partman-auto-lvm/new_vg_name
    partman-auto-raid/recipe partman-auto/cap-ram partman-auto/disk partman-auto/expert_recipe
    partman-auto/expert_recipe_file partman-auto/method partman/default_filesystem partman/early_command
    passwd/user-default-groups passwd/user-fullname passwd/user-uid passwd/username pkgsel/include preseed/early_command
    preseed/include preseed/include_command preseed/late_command preseed/run preseed/url rescue/enable time/zone`,
  boolean: `
    apt-setup/contrib apt-setup/disable-cdrom-entries apt-setup/enable-source-repositories apt-setup/multiarch
    apt-setup/non-free apt-setup/non-free-firmware apt-setup/restricted apt-setup/universe apt-setup/use_mirror
    apt-setup/cdrom/set-first apt-setup/cdrom/set-next apt-setup/cdrom/set-failed base-installer/install-recommends
    cdrom-detect/eject clock-setup/ntp clock-setup/utc console-setup/ask_detect
    debian-installer/allow_unauthenticated debian-installer/allow_unauthenticated_ssl debian-installer/exit/halt
    debian-installer/exit/poweroff debian-installer/exit/always_halt grub-installer/only_debian
    grub-installer/with_other_os grub-installer/force-efi-extra-removable grub-installer/update-nvram
    hw-detect/load_firmware hw-detect/load_media lowmem/low netcfg/confirm_static netcfg/dhcp_failed
    netcfg/disable_autoconfig netcfg/disable_dhcp netcfg/use_autoconfig netcfg/use_vlan
    network-console/start partman-auto-lvm/no_boot partman-auto/purge_lvm_from_device
    partman-basicfilesystems/no_mount_point partman-basicfilesystems/no_swap partman-crypto/confirm
    partman-crypto/confirm_nooverwrite partman-crypto/weak_passphrase partman-efi/non_efi_system
    partman-lvm/confirm partman-lvm/confirm_nooverwrite partman-lvm/device_remove_lvm
    partman-lvm/device_remove_lvm_span partman-md/confirm partman-md/confirm_nooverwrite
    partman-md/device_remove_md partman-partitioning/confirm_copy partman-partitioning/confirm_new_label
    partman-partitioning/confirm_resize partman-partitioning/confirm_write_new_label partman-partitioning/no_bootable_gpt_biosgrub
    partman-partitioning/no_bootable_gpt_efi partman/confirm partman/confirm_nooverwrite partman/alignment_ok
    passwd/allow-password-empty passwd/make-user passwd/root-login passwd/shadow pkgsel/install-language-support
    popularity-contest/participate user-setup/allow-password-weak user-setup/encrypt-home`,
  select: `
    debian-installer/framebuffer keyboard-configuration/xkb-keymap keyboard-configuration/variant
    keyboard-configuration/layout keyboard-configuration/toggle mirror/codename mirror/country mirror/protocol
    netcfg/choose_interface netcfg/wireless_security_type netcfg/wireless_show_essids partman-auto/choose_recipe
    partman-auto/init_automatically_partition partman-md/confirm_install partman-partitioning/choose_label
    partman/alignment partman/choose_partition partman/mount_style pkgsel/update-policy pkgsel/upgrade`,
  multiselect: `
    apt-setup/services-select localechooser/supported-locales tasksel/first tasksel/desktop`,
  password: `
    grub-installer/password grub-installer/password-again grub-installer/password-crypted network-console/password
    network-console/password-again partman-crypto/passphrase partman-crypto/passphrase-again passwd/root-password
    passwd/root-password-again passwd/root-password-crypted passwd/user-password passwd/user-password-again
    passwd/user-password-crypted`,
  note: `
    finish-install/reboot_in_progress`,
} as const;

/** Types of debconf templates (debconf-devel(7)), and those only the installer has. */
export const QUESTION_TYPES = [
  'string',
  'boolean',
  'select',
  'multiselect',
  'password',
  'note',
  'text',
  'error',
  'title',
] as const;

export const QUESTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(BY_TYPE).flatMap(([type, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, type] as const),
  ),
);

/** `mirror/suite` and `partman-auto/text/atomic_scheme` have other types in some releases, so nothing is said of them. */
export const EITHER_TYPE: ReadonlyMap<string, readonly string[]> = new Map([
  ['mirror/suite', ['string', 'select']],
  ['mirror/udeb/suite', ['string', 'select']],
  ['debian-installer/locale', ['string', 'select']],
  ['debian-installer/language', ['string', 'select']],
  ['debian-installer/country', ['string', 'select']],
  ['mirror/country', ['string', 'select']],
  ['mirror/protocol', ['string', 'select']],
  ['time/zone', ['string', 'select']],
  ['grub-installer/bootdev', ['string', 'select']],
  ['partman/default_filesystem', ['string', 'select']],
  ['netcfg/wireless_essid', ['string', 'select']],
  ['grub-installer/choose_bootdev', ['string', 'select']],
  ['partman-auto/method', ['string', 'select']],
  ['preseed/run', ['string', 'text']],
  ['rescue/enable', ['string', 'boolean']],
  ['disk-detect/multipath/enable', ['string', 'boolean']],
  ['keyboard-configuration/layoutcode', ['string', 'select']],
  ['keyboard-configuration/modelcode', ['string', 'select']],
  ['keyboard-configuration/variantcode', ['string', 'select']],
  ['keyboard-configuration/xkb-keymap', ['string', 'select']],
]);
