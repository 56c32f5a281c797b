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
  /** Installs the packages that hold boot loaders. */
  readonly loadersInstall: (options: TalkOptions) => Promise<number>;
}

export interface SettingsOptions {
  /** A settings file in place of the usual ones. */
  readonly config?: string;
  /** `NAME=VALUE`, in the order given. */
  readonly set: readonly string[];
}

export interface TalkOptions {
  readonly color: 'color' | 'plain';
  readonly quiet: boolean;
}

export interface ConfigShowOptions {
  /** Say where each value comes from. */
  readonly origin: boolean;
  readonly format: 'table' | 'json' | 'yaml' | 'name';
}
