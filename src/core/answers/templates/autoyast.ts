import { AUTOYAST_SCRIPTS } from './autoyast-scripts.ts';
import { CHOOSE_DISK, IN_SYSTEM, REPORT } from './shell-parts.ts';

/**
 * What YaST reads: SUSE Linux Enterprise 12 and 15, Leap 15, Tumbleweed's classic disc.
 *
 * - Only one disk is named. A script that runs before anything else puts its name into the profile, of which YaST then
 *   takes the changed copy (`/tmp/profile/modified.xml`).
 * - There is no second stage after the reboot: all is done by scripts in the installed system, at its end when the boot
 *   loader is written, and the last of them reports.
 * - What stands in CDATA cannot hold "]]>", so that is written in two parts.
 */
export const AUTOYAST_TEMPLATE = String.raw`<?xml version="1.0"?>
<!DOCTYPE profile>
{# Muster's AutoYaST profile for SLE 12 and 15, Leap 15 and Tumbleweed. Variables: docs/answer-variables.md #}
${REPORT}
${CHOOSE_DISK}
${IN_SYSTEM}
{% macro cdata(text) %}{{ text | replace("]]>", "]]]]><![CDATA[>") }}{% endmacro %}
{% set enterprise = "Enterprise" in image.title %}
{% set product = "SLED" if "Desktop" in image.title else "SLE_HPC" if "HPC" in image.title else "SLES_SAP" if "SAP" in image.title else "SLES" %}
{% set card = network.device or "lan0" %}
{% set root_type = "btrfs" if partitioning == "btrfs" else root_filesystem %}
{% macro volumes(name_tag) %}
          <partition>
            <mount>/</mount>
{% if root_type %}
            <filesystem config:type="symbol">{{ root_type | xml }}</filesystem>
{% endif %}
{% if name_tag %}
            <lv_name>root</lv_name>
{% endif %}
            <size>max</size>
          </partition>
{% if swap_megabytes != 0 %}
          <partition>
            <mount>swap</mount>
            <filesystem config:type="symbol">swap</filesystem>
{% if name_tag %}
            <lv_name>swap</lv_name>
{% endif %}
            <size>{{ (swap_megabytes ~ "MiB") if swap_megabytes else "auto" }}</size>
          </partition>
{% endif %}
{%- endmacro %}
<!-- {{ machine.name | comment }}: {{ image.title | comment }}, profile {{ profile | comment }}; rendered by Muster for this install only. -->
<profile xmlns="http://www.suse.com/1.0/yast2ns" xmlns:config="http://www.suse.com/1.0/configns">
  <general>
    <mode>
      <confirm config:type="boolean">false</confirm>
      <second_stage config:type="boolean">false</second_stage>
    </mode>
{% if mirror_unsigned %}
    <signature-handling>
      <accept_unsigned_file config:type="boolean">true</accept_unsigned_file>
      <accept_file_without_checksum config:type="boolean">true</accept_file_without_checksum>
      <accept_unknown_gpg_key config:type="boolean">true</accept_unknown_gpg_key>
      <import_gpg_key config:type="boolean">true</import_gpg_key>
    </signature-handling>
{% endif %}
  </general>
{% if enterprise %}
  <suse_register>
    <do_registration config:type="boolean">false</do_registration>
  </suse_register>
{% endif %}
{% if repositories or (enterprise and image.major == 15) %}
  <add-on>
{% if enterprise and image.major == 15 %}
    <add_on_products config:type="list">
{% for module in ["Basesystem", "Desktop-Applications" if product == "SLED" else "Server-Applications"] %}
      <listentry>
        <media_url>{{ urls.tree | xml }}</media_url>
        <product>sle-module-{{ module | lower }}</product>
        <product_dir>/Module-{{ module }}</product_dir>
      </listentry>
{% endfor %}
    </add_on_products>
{% endif %}
{% if repositories %}
    <add_on_others config:type="list">
{% for repository in repositories %}
{% set parts = repository | split("=", 1) %}
      <listentry>
        <media_url>{{ parts[1] | xml }}</media_url>
        <alias>{{ parts[0] | xml }}</alias>
        <name>{{ parts[0] | xml }}</name>
      </listentry>
{% endfor %}
    </add_on_others>
{% endif %}
  </add-on>
{% endif %}
  <language>
    <language>{{ (locale | split("."))[0] | xml }}</language>
  </language>
  <timezone>
    <hwclock>UTC</hwclock>
    <timezone>{{ timezone | xml }}</timezone>
  </timezone>
  <networking>
    <keep_install_network config:type="boolean">{{ "false" if network.fixed or interface else "true" }}</keep_install_network>
    <dns>
      <hostname>{{ machine.name | xml }}</hostname>
{% if domain %}
      <domain>{{ domain | xml }}</domain>
{% endif %}
{% if network.fixed and network.dns_servers %}
      <nameservers config:type="list">
{% for server in network.dns_servers %}
        <nameserver>{{ server | xml }}</nameserver>
{% endfor %}
      </nameservers>
{% endif %}
    </dns>
{% if network.fixed or interface %}
    <interfaces config:type="list">
      <interface>
        <device>{{ card | xml }}</device>
        <startmode>auto</startmode>
{% if network.fixed %}
        <bootproto>static</bootproto>
        <ipaddr>{{ network.address | xml }}</ipaddr>
        <prefixlen>{{ network.prefix }}</prefixlen>
{% else %}
        <bootproto>dhcp</bootproto>
{% endif %}
      </interface>
    </interfaces>
{% if network.mac %}
    <net-udev config:type="list">
      <rule>
        <name>{{ card | xml }}</name>
        <rule>ATTR{address}</rule>
        <value>{{ network.mac | xml }}</value>
      </rule>
    </net-udev>
{% endif %}
{% if network.gateway %}
    <routing>
      <routes config:type="list">
        <route>
          <destination>default</destination>
          <gateway>{{ network.gateway | xml }}</gateway>
          <netmask>-</netmask>
          <device>{{ card | xml }}</device>
        </route>
      </routes>
    </routing>
{% endif %}
{% endif %}
  </networking>
{% if proxy %}
  <proxy>
    <enabled config:type="boolean">true</enabled>
    <http_proxy>{{ proxy | xml }}</http_proxy>
    <https_proxy>{{ proxy | xml }}</https_proxy>
  </proxy>
{% endif %}
  <partitioning config:type="list">
    <drive>
      <type config:type="symbol">CT_DISK</type>
      <device>@MUSTER_DISK@</device>
      <initialize config:type="boolean">true</initialize>
      <use>all</use>
      <partitions config:type="list">
{% if partitioning == "lvm" %}
          <partition>
            <lvm_group>system</lvm_group>
            <size>max</size>
          </partition>
{% else %}
{{ volumes(false) }}
{% endif %}
      </partitions>
    </drive>
{% if partitioning == "lvm" %}
    <drive>
      <type config:type="symbol">CT_LVM</type>
      <device>/dev/system</device>
      <partitions config:type="list">
{{ volumes(true) }}
      </partitions>
    </drive>
{% endif %}
  </partitioning>
{% if boot_arguments %}
  <bootloader>
    <global>
      <append>{{ boot_arguments | xml }}</append>
    </global>
  </bootloader>
{% endif %}
  <software>
{% if enterprise and image.major == 15 %}
    <products config:type="list">
      <product>{{ product }}</product>
    </products>
{% endif %}
    <patterns config:type="list">
      <pattern>base</pattern>
{% for package in packages if package is startingwith("@") %}
      <pattern>{{ package | package | replace("@", "") | xml }}</pattern>
{% endfor %}
    </patterns>
    <packages config:type="list">
{% for package in ["curl", "openssh", "sudo"] + (["chrony" if image.major != 12 else "ntp"] if ntp_servers else []) %}
      <package>{{ package }}</package>
{% endfor %}
{% for package in packages if package is not startingwith("@") %}
      <package>{{ package | package | xml }}</package>
{% endfor %}
    </packages>
  </software>
  <users config:type="list">
    <user>
      <username>root</username>
      <user_password>{{ (root_password_hash or "!") | xml }}</user_password>
      <encrypted config:type="boolean">true</encrypted>
    </user>
{% if user %}
    <user>
      <username>{{ user | xml }}</username>
      <fullname>{{ user | xml }}</fullname>
      <user_password>{{ (user_password_hash or "!") | xml }}</user_password>
      <encrypted config:type="boolean">true</encrypted>
    </user>
{% endif %}
  </users>
${AUTOYAST_SCRIPTS}
</profile>
`;
