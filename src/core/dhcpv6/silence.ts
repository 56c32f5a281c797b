/** Kinds of silence over DHCPv6, for the metrics; the sentence that goes with each says it exactly. */
export const DHCPV6_SILENCES = {
  malformed: 'the message is nothing a client says to a server there, or lacks what it must have',
  otherServer: 'the client speaks to another server, or of an address that another gave it',
  noFirmware: 'it comes from no boot firmware; Muster gives no addresses and settings over IPv6',
  notAsked: 'the client asks for no boot file, or would take no answer without an address',
  switchedOff: 'boots over IPv6 are not wanted on this segment',
  overIpv4: 'the client asks over IPv4 too, and is told there',
  noAddress: 'Muster has no IPv6 address that the client reaches',
  noBoot: 'there is nothing to boot for this client',
} as const satisfies Record<string, string>;

export type Dhcpv6SilenceKind = keyof typeof DHCPV6_SILENCES;

/** No answer, and because. */
export interface Dhcpv6Silence {
  readonly silent: Dhcpv6SilenceKind;
  readonly because: string;
}

export function silence(silent: Dhcpv6SilenceKind, because: string): Dhcpv6Silence {
  return { silent, because };
}
