import type { LocalDoor } from '../contract/local-door.ts';
import type { OtherServers, SetupFacts } from './setup/setup-facts.ts';

/**
 * Commands that work on this computer and not through the API. They are given to the command line from outside,
 * since it is a client and knows no daemon. Each resolves to the exit code.
 */
export interface LocalCommands {
  /** Runs the server in the foreground until it is told to stop. */
  readonly up: (options: SettingsOptions & TalkOptions) => Promise<number>;
  /** Installs a virtual machine before the user's eyes. */
  readonly demo: (options: TalkOptions) => Promise<number>;
  readonly configShow: (options: SettingsOptions & ConfigShowOptions) => Promise<number>;
  readonly configCheck: (options: SettingsOptions) => Promise<number>;
  /** What this computer has that a first set-up can be made of. */
  readonly setupFacts: () => Promise<SetupFacts>;
  /** Who else answers DHCP on a network card of this computer. */
  readonly otherServers: (cardName: string) => Promise<OtherServers>;
  /** The site file that the settings have the server start with. */
  readonly siteAtStart: (settings: SettingsOptions) => Promise<SiteAtStart | undefined>;
  /** Takes the boot loaders for machines of that processor out of the packages that hold them. */
  readonly loadersInstall: (options: TalkOptions & LoadersOptions) => Promise<number>;
  /** How this computer's own Muster is reached, and what it takes in place of a log-in, where this user may read that. */
  readonly localDoor: (settings?: SettingsOptions) => Promise<LocalDoor | undefined>;
}

export interface SettingsOptions {
  /** A settings file in place of the usual ones. */
  readonly config?: string;
  /** `NAME=VALUE`, in the order given. */
  readonly set: readonly string[];
}

export interface SiteAtStart {
  /** A file, or a folder of them. */
  readonly file: string;
  /** Whether this is what was applied of it last. @param digest of what is in it. */
  readonly wasApplied: (digest: string) => boolean;
  readonly noteApplied: (digest: string) => void;
}

export interface TalkOptions {
  readonly color: 'color' | 'plain';
  readonly quiet: boolean;
}

/** Processors that loaders are for, as UEFI names them in its default boot files (UEFI 2.10 §3.5.1.1). */
export const LOADER_CPUS = ['x64', 'aa64', 'ia32', 'arm', 'riscv64', 'loongarch64'] as const;

export interface LoadersOptions {
  readonly cpu: (typeof LOADER_CPUS)[number];
}

export interface ConfigShowOptions {
  /** Say where each value comes from. */
  readonly origin: boolean;
  readonly format: 'table' | 'json' | 'yaml' | 'name';
}
