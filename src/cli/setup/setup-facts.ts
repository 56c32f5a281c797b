/** What `muster setup` finds on this computer before it asks. It is looked for by whoever runs the server. */

export interface SetupCard {
  readonly name: string;
  readonly address: string;
  /** `192.168.1.0/24`. */
  readonly network: string;
  /** Whether it would be served by itself, and why or why not. */
  readonly isChosen: boolean;
  readonly because: string;
  /** The router of this computer, where it is in this network. */
  readonly router?: string;
}

export interface SetupFacts {
  readonly cards: readonly SetupCard[];
  /** Folders with disc images in them. */
  readonly discFolders: readonly { readonly folder: string; readonly discs: readonly string[] }[];
  readonly dnsServers: readonly string[];
  readonly timezone: string;
  /** Public keys of whoever runs this. */
  readonly sshKeys: readonly { readonly file: string; readonly key: string }[];
  /** Where the settings are read from. */
  readonly settingsFile: string;
  /** The group of the user that the service runs as, where there is one and this user may hand files to it. */
  readonly serviceGroup?: number;
  /** The server is a service of this computer. */
  readonly isService?: true;
  /** Where disc images are kept unless told otherwise. */
  readonly imagesFolder: string;
}

/** What a look for other DHCP servers on a card found. */
export type OtherServers =
  | { readonly looked: true; readonly servers: readonly string[] }
  | { readonly looked: false; readonly because: string };
