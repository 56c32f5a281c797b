/**
 * What Proxmox's auto-installer reads: TOML, with dashes in its keys since VE 8.4, Backup Server 3.4 and Mail Gateway
 * 8.2, and underscores before. It has no script of ours in it, so that it looks for the disk itself, by the name it is
 * given, and stops when it is not there; its first disk would be whatever comes first, so one must be named.
 */
export const PROXMOX_TEMPLATE = String.raw`{# Muster's answers for Proxmox. Variables: docs/answer-variables.md #}
{% set old = ("Backup" in image.title and image.release is startingwith("3.") and image.release < "3.4") or ("Mail" in image.title and image.release is startingwith("8.") and image.release < "8.2") or ("VE" in image.title and image.release is startingwith("8.") and image.release < "8.4") %}
{% macro key(name) %}{{ name | replace("-", "_") if old else name }}{% endmacro %}
{% if not disk or "/" in disk %}
{{ "Proxmox's installer cannot choose a disk as others do: name it in the variable disk, as the kernel does (sda, nvme0n1)" | refuse }}
{% endif %}
{% if not root_password_hash %}
{{ "Proxmox takes no install without a password of root: set the variable root_password_hash" | refuse }}
{% endif %}
{% if network.fixed and not network.gateway %}
{{ "Proxmox wants a gateway beside a fixed address: set the variable gateway" | refuse }}
{% endif %}
{% if not domain %}
{{ "Proxmox wants a full host name: set the variable domain" | refuse }}
{% endif %}
{% if partitioning == "plain" and root_filesystem == "btrfs" %}
{{ "Proxmox has btrfs with partitioning=btrfs" | refuse }}
{% endif %}
{% set layouts = {"us": "en-us", "gb": "en-gb", "uk": "en-gb", "ch": "de-ch", "jp": "jp", "br": "pt-br", "ca": "fr-ca", "ch-fr": "fr-ch"} %}
# {{ machine.name | comment }}: {{ image.title | comment }}, profile {{ profile | comment }}; rendered by Muster for this install only.
[global]
keyboard = {{ (layouts[keyboard] if keyboard in layouts else keyboard) | toml }}
country = {{ (((locale | split("."))[0] | split("_") | list | last) | lower) | toml }}
fqdn = {{ machine.fqdn | toml }}
mailto = {{ ("root@" ~ machine.fqdn) | toml }}
timezone = {{ timezone | toml }}
{{ key("root-password-hashed") }} = {{ root_password_hash | toml }}
{{ key("root-ssh-keys") }} = {{ root_ssh_keys | toml }}
{{ key("reboot-on-error") }} = false

[network]
{% if network.fixed %}
source = "from-answer"
cidr = {{ (network.address ~ "/" ~ network.prefix) | toml }}
dns = {{ (network.dns_servers[0] if network.dns_servers else network.gateway) | toml }}
gateway = {{ network.gateway | toml }}
{% if network.mac %}
filter.ID_NET_NAME_MAC = {{ ("*" ~ network.mac | replace(":", "")) | toml }}
{% else %}
filter.INTERFACE = {{ network.device | toml }}
{% endif %}
{% else %}
source = "from-dhcp"
{% endif %}

[{{ key("disk-setup") }}]
{% if partitioning == "btrfs" %}
filesystem = "btrfs"
btrfs.raid = "raid0"
{% else %}
filesystem = {{ (root_filesystem or "ext4") | toml }}
{% if swap_megabytes != "" %}
lvm.swapsize = {{ ((swap_megabytes + 1023) // 1024) | toml }}
{% endif %}
{% endif %}
{{ key("disk-list") }} = [{{ disk | toml }}]
{% if not old %}

# Tells Muster that it is done: from then on, the machine is sent to its own disk.
[post-installation-webhook]
url = {{ (urls.report ~ "/finished") | toml }}
{% endif %}
`;
