/** The lines for one make of DHCPv6 server, as they stand in its configuration. */
interface OtherServer {
  readonly make: string;
  readonly lines: (url: string) => readonly string[];
}

/**
 * How another DHCPv6 server says to iPXE alone what to boot. Sources: dnsmasq(8), Kea's Administrator Reference §14, dhcp-options(5).
 * dnsmasq's were seen to work (`npm run boots -- httpboot-ipv6`).
 */
const OTHER_SERVERS: readonly OtherServer[] = [
  {
    make: 'dnsmasq',
    lines: (url) => ['dhcp-userclass=set:ipxe6,iPXE', `dhcp-option=tag:ipxe6,option6:bootfile-url,${url}`],
  },
  {
    make: 'Kea',
    lines: (url) => [
      `"client-classes": [{ "name": "ipxe6", "test": "substring(option[15].hex, 2, 4) == 'iPXE'", "option-data": [{ "name": "bootfile-url", "data": "${url}" }] }]`,
    ],
  },
  {
    make: 'ISC dhcpd',
    lines: (url) => [
      `if option dhcp6.user-class = 00:04:69:50:58:45 { option dhcp6.bootfile-url "${url}"; }`,
    ],
  },
];

/** For every make, `make: line` by line: the administrator of that server takes what is theirs. */
export function otherDhcpv6ServerLines(url: string): readonly string[] {
  return OTHER_SERVERS.flatMap(({ make, lines }) => lines(url).map((line) => `${make}: ${line}`));
}
