/**
 * For late_command: a script that runs after the installer copied its own network to the installed system
 * (finish-install.d/55netcfg-copy-config), and puts the fixed address in its place. The installer itself keeps the
 * address of its lease: Muster gives the secrets and takes the reports of an install only there. Ubuntu 18.04 and later
 * has netplan, the others ifupdown. Each text is on one line, as debconf wants it.
 */
export const PRESEED_NETWORK = String.raw`{% if network.fixed %}
{% set gateway_line = "echo '  gateway " ~ network.gateway ~ "'; " if network.gateway else "" %}
{% set interfaces = "(echo 'source /etc/network/interfaces.d/*'; echo; echo 'auto lo'; echo 'iface lo inet loopback'; echo; echo \"auto $card\"; echo \"iface $card inet static\"; echo '  address " ~ network.address ~ "/" ~ network.prefix ~ "'; " ~ gateway_line ~ ":) > /target/etc/network/interfaces" %}
{% set ns = namespace(resolv="", list="") %}
{% for server in network.dns_servers %}
{% set ns.resolv = ns.resolv ~ "echo 'nameserver " ~ server ~ "'; " %}
{% set ns.list = ns.list ~ ("," if ns.list else "") ~ server | json %}
{% endfor %}
{% if domain %}
{% set ns.resolv = "echo 'search " ~ domain ~ "'; " ~ ns.resolv %}
{% endif %}
{% set netplan = "echo \"network: {version: 2, ethernets: {$card: {dhcp4: false, addresses: [" ~ network.address ~ "/" ~ network.prefix ~ "]" ~ (", routes: [{to: 0.0.0.0/0, via: " ~ network.gateway ~ "}]" if network.gateway else "") ~ ", nameservers: {addresses: [" ~ network.dns_servers | join(", ") ~ "]" ~ (", search: [" ~ domain ~ "]" if domain else "") ~ "}}}}\" > /target/etc/netplan/01-netcfg.yaml" %}
{% set hook = "if [ -d /target/etc/netplan ]; then " ~ netplan ~ "; else " ~ interfaces ~ ("; (" ~ ns.resolv ~ ":) > /target/etc/resolv.conf" if ns.resolv else "") ~ "; fi" %}
{% if network.device %}
  card={{ network.device | sh }}; \
{% else %}
  card=; for link in /sys/class/net/*; do \
  [ "$(cat "$link/address")" = {{ network.mac | sh }} ] && [ -e "$link/device" ] && card=$(basename "$link"); done; \
{% endif %}
  [ -e "/sys/class/net/$card/address" ] || failed={{ ("There is no network card " ~ (network.device or network.mac) ~ " in this machine: correct its variable interface") | form | sh }}; \
  (echo '#!/bin/sh'; echo "card=$card"; echo {{ hook | sh }}; echo 'exit 0') > /usr/lib/finish-install.d/56muster-network; \
  chmod 755 /usr/lib/finish-install.d/56muster-network; \
{% endif %}`;
