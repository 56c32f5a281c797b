/** Kinds of silence, for the metrics; the sentence that goes with each says it exactly. */
export const SILENCES = {
  malformed: 'the message tells too little, or is nothing a client says to a server',
  noSubnet: 'no subnet is configured where the client is, or it is off',
  noAddress: 'every address is taken, or the subnet has none to give',
  otherServer: 'the client speaks to another server',
  noBoot: 'another server gives the addresses here, and there is nothing to boot for this client',
  notItsOwn: 'the client speaks of an address that it does not hold',
  stranger: 'the client speaks of a lease that another server may know, and this one is not authoritative',
  noBootp: 'it is BOOTP, which the subnet does not serve, or not for this client',
  keptOut: 'more new clients ask than are let in',
  raced: 'others took the addresses in the same moment',
  tooLarge: 'the client takes no message as large as the reply',
} as const satisfies Record<string, string>;

export type SilenceKind = keyof typeof SILENCES;

/** No answer, and because. */
export interface Silence {
  readonly silent: SilenceKind;
  readonly because: string;
}

export function silence(silent: SilenceKind, because: string): Silence {
  return { silent, because };
}
