import { expect, test } from 'vitest';
import { parseIpv4, parseIpv4Network } from '../../lib/addresses.ts';
import { otherServerLines } from './other-server-lines.ts';

test('every make gets its own words', () => {
  const lines = otherServerLines({
    server: parseIpv4('192.168.122.1'),
    file: 'snponly.efi',
    network: parseIpv4Network('192.168.122.0/24'),
  });
  expect(lines).toEqual([
    'ISC dhcpd: next-server 192.168.122.1;',
    'ISC dhcpd: filename "snponly.efi";',
    'Kea: "next-server": "192.168.122.1",',
    'Kea: "boot-file-name": "snponly.efi",',
    'dnsmasq: dhcp-boot=snponly.efi,,192.168.122.1',
    'Windows: Set-DhcpServerv4OptionValue -ScopeId 192.168.122.0 -OptionId 66 -Value "192.168.122.1"',
    'Windows: Set-DhcpServerv4OptionValue -ScopeId 192.168.122.0 -OptionId 67 -Value "snponly.efi"',
    'MikroTik: /ip dhcp-server network set [find address=192.168.122.0/24] next-server=192.168.122.1 boot-file-name=snponly.efi',
    "OpenWrt: uci set dhcp.@dnsmasq[0].dhcp_boot='snponly.efi,,192.168.122.1'",
    'OpenWrt: uci commit dhcp; /etc/init.d/dnsmasq restart',
  ]);
});
