/** What an unknown machine must be like for a rule: all that is said must hold. A rule that says nothing fits all. */
export interface EnrolCondition {
  /** The first digits of its MAC address: `52:54:00`. */
  readonly mac?: string;
  /** The name of the subnet it asks in. */
  readonly subnet?: string;
  readonly firmware?: 'BIOS' | 'UEFI' | 'U-Boot';
  /** As the kernel says it: `x86_64`, `aarch64`. */
  readonly architecture?: string;
  /** Of its SMBIOS, with `*` and `?`; case does not matter. The ROM does not tell these: iPXE does, and discovery. */
  readonly vendor?: string;
  readonly product?: string;
  readonly serial?: string;
  /** The port it is plugged into, as the relay calls it (option 82), with `*` and `?`. */
  readonly circuitId?: string;
  readonly remoteId?: string;
}

/** How an unknown machine that fits becomes known. */
export interface EnrolRule {
  readonly when: EnrolCondition;
  /** With `{n}`, `{n:03}`, `{mac}` or `{serial}`, so that each machine gets a name of its own. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly profile?: string;
  /** Only then is its install armed, once. A profile alone arms nothing: no disk is touched unasked. */
  readonly arm?: true;
}

export interface EnrolPolicy {
  /** So many machines that are there may have become known by a rule. */
  readonly maximum: number;
  /** The first that fits wins. */
  readonly rules: readonly EnrolRule[];
}

/** What is known of an unknown machine. */
export interface StrangerFacts {
  readonly mac: string;
  readonly subnet?: string | undefined;
  readonly firmware?: string | undefined;
  readonly architecture?: string | undefined;
  readonly vendor?: string | undefined;
  readonly product?: string | undefined;
  readonly serial?: string | undefined;
  readonly circuitId?: string | undefined;
  readonly remoteId?: string | undefined;
}
