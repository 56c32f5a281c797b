import type { Ipv4Address, Ipv4Network } from '../../lib/addresses.ts';

/** What the other DHCP server has to say, so that a client needs no proxyDHCP. */
export interface WantedOfOther {
  readonly server: Ipv4Address;
  readonly file: string;
  readonly network: Ipv4Network;
}

/** The lines for one make of DHCP server, as they stand in its configuration or are typed. */
interface OtherServer {
  readonly make: string;
  readonly lines: (wanted: WantedOfOther) => readonly string[];
}

/** Sources: dhcpd.conf(5), Kea's Administrator Reference §8, dnsmasq(8), Windows' DhcpServer module, RouterOS and OpenWrt manuals. */
const OTHER_SERVERS: readonly OtherServer[] = [
  {
    make: 'ISC dhcpd',
    lines: ({ server, file }) => [`next-server ${server};`, `filename "${file}";`],
  },
  {
    make: 'Kea',
    lines: ({ server, file }) => [`"next-server": "${server}",`, `"boot-file-name": "${file}",`],
  },
  { make: 'dnsmasq', lines: ({ server, file }) => [`dhcp-boot=${file},,${server}`] },
  {
    make: 'Windows',
    lines: ({ server, file, network }) => [
      `Set-DhcpServerv4OptionValue -ScopeId ${network.address} -OptionId 66 -Value "${server}"`,
      `Set-DhcpServerv4OptionValue -ScopeId ${network.address} -OptionId 67 -Value "${file}"`,
    ],
  },
  {
    make: 'MikroTik',
    lines: ({ server, file, network }) => [
      `/ip dhcp-server network set [find address=${network.address}/${network.prefixLength}] next-server=${server} boot-file-name=${file}`,
    ],
  },
  {
    make: 'OpenWrt',
    lines: ({ server, file }) => [
      `uci set dhcp.@dnsmasq[0].dhcp_boot='${file},,${server}'`,
      'uci commit dhcp; /etc/init.d/dnsmasq restart',
    ],
  },
];

/** For every make, `make: line` by line: the administrator of that server takes what is theirs. */
export function otherServerLines(wanted: WantedOfOther): readonly string[] {
  return OTHER_SERVERS.flatMap(({ make, lines }) => lines(wanted).map((line) => `${make}: ${line}`));
}
