/**
 * For %post, in the installed system: the fixed address, in the file that the installer wrote for this card. The
 * network command could not say it: the installer would take the address itself, and Muster gives the secrets and
 * takes the reports of an install only from the address of the machine's lease.
 */
export const KICKSTART_NETWORK = String.raw`{% if network.fixed %}
{% if network.device %}
card={{ network.device | sh }}
{% else %}
card=
for link in /sys/class/net/*; do
  if [ "$(cat "$link/address")" = {{ network.mac | sh }} ] && [ -e "$link/device" ]; then card=$(basename "$link"); fi
done
{% endif %}
if [ ! -e "/sys/class/net/$card/address" ]; then
  echo {{ ("There is no network card " ~ (network.device or network.mac) ~ " in this machine: correct its variable interface") | form | sh }} > /root/muster-failed
else
{% if level >= 9 %}
file="/etc/NetworkManager/system-connections/$card.nmconnection"
rm -f "/etc/sysconfig/network-scripts/ifcfg-$card"
(umask 077; cat > "$file") << NETWORK
[connection]
id=$card
type=ethernet
interface-name=$card
autoconnect-priority=100

[ipv4]
method=manual
address1={{ network.address }}/{{ network.prefix }}{{ "," ~ network.gateway if network.gateway }}
{% if network.dns_servers %}
dns={% for server in network.dns_servers if ":" not in server %}{{ server }};{% endfor +%}
{% endif %}
{% if domain %}
dns-search={{ domain }};
{% endif %}

[ipv6]
method=auto
{% if network.dns_servers %}
dns={% for server in network.dns_servers if ":" in server %}{{ server }};{% endfor +%}
{% endif %}
NETWORK
{% else %}
file="/etc/sysconfig/network-scripts/ifcfg-$card"
cat > "$file" << NETWORK
DEVICE=$card
HWADDR=$(cat "/sys/class/net/$card/address")
TYPE=Ethernet
ONBOOT=yes
BOOTPROTO=none
IPADDR={{ network.address }}
NETMASK={{ network.netmask }}
{% if network.gateway %}
GATEWAY={{ network.gateway }}
{% endif %}
{% for server in network.dns_servers %}
DNS{{ loop.index }}={{ server }}
{% endfor %}
{% if domain %}
DOMAIN={{ domain }}
{% endif %}
NETWORK
{% endif %}
restorecon "$file"
fi
{% endif %}`;
