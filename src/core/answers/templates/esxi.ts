/**
 * What VMware ESXi's installer reads: a kickstart of its own kind. Its scripts are Python, since its wget cannot post.
 * A disk that is named is looked for before anything is written; the installer is held when it is not there.
 */
export const ESXI_TEMPLATE = String.raw`{# Muster's kickstart for ESXi 6.5 to 8. Variables: docs/answer-variables.md #}
{% if not root_password_hash %}
{{ "ESXi takes no install without a password of root: set the variable root_password_hash" | refuse }}
{% endif %}
{% macro report_function() %}
import os, time, urllib.parse, urllib.request


def report(event, **words):
    try:
        body = urllib.parse.urlencode(words).encode()
        urllib.request.urlopen({{ urls.report | json }} + "/" + event, body, 20).read()
    except OSError:
        pass


{% endmacro %}
{% set layouts = {"us": "US Default", "gb": "United Kingdom", "de": "German", "ch": "Swiss German", "fr": "French", "es": "Spanish", "it": "Italian", "jp": "Japanese", "br": "Brazilian", "ru": "Russian"} %}
# {{ machine.name | comment }}: {{ image.title | comment }}, profile {{ profile | comment }}; rendered by Muster for this install only.
vmaccepteula
{% if disk %}
install --disk={{ ("/vmfs/devices/disks/" ~ disk) | ks }} --overwritevmfs
{% else %}
install --firstdisk=local --overwritevmfs
{% endif %}
rootpw --iscrypted {{ root_password_hash | ks }}
{% if keyboard in layouts %}
keyboard {{ layouts[keyboard] | ks }}
{% endif %}
{% if network.fixed %}
network --bootproto=static --ip={{ network.address }} --netmask={{ network.netmask }}{% if network.gateway %} --gateway={{ network.gateway }}{% endif %}{% if network.dns_servers %} --nameserver={{ network.dns_servers | join(",") | ks }}{% endif %} --hostname={{ machine.fqdn | ks }} --device={{ (network.device or network.mac) | ks }}
{% else %}
network --bootproto=dhcp --hostname={{ machine.fqdn | ks }} --device={{ (network.device or network.mac) | ks }}
{% endif %}
reboot

%pre --interpreter=python
{{ report_function() -}}
report("started", step="answer file")
{% if disk %}
if not os.path.exists({{ ("/vmfs/devices/disks/" ~ disk) | json }}):
    report("failed", step="disk", message={{ ("There is no disk " ~ disk ~ " in this machine: correct its variable disk") | json }})
    while True:
        time.sleep(60)
{% endif %}
report("progress", step={{ ("disk " ~ disk if disk else "disk") | json }})

%firstboot --interpreter=busybox
{% for key in root_ssh_keys %}
printf '%s\n' {{ key | sh }} >> /etc/ssh/keys-root/authorized_keys
{% endfor %}
{% if root_ssh_keys %}
vim-cmd hostsvc/enable_ssh
vim-cmd hostsvc/start_ssh
{% endif %}
{% if ntp_servers %}
esxcli system ntp set --enabled=true{% for server in ntp_servers %} --server={{ server | sh }}{% endfor +%}
{% endif %}
{% for command in post_commands %}
sh -c {{ command | sh }} || exit 1
{% endfor %}
{% if post_script %}
printf %s {{ post_script | join("\n") | base64 }} | python3 -c 'import base64, sys; sys.stdout.write(base64.b64decode(sys.stdin.read()).decode())' > /tmp/muster-script
sh /tmp/muster-script || exit 1
{% endif %}
exit 0

%post --interpreter=python
{{ report_function() -}}
report("finished", step="installed")
`;
