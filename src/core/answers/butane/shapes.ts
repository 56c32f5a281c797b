/**
 * What a Butane file may hold: the tables of its specification, from which everything else is derived. Each row gives
 * the kind of value, the minor of Ignition's specification that first has it, and its name there where that is not the
 * same in camel case.
 */

/**
 * - `text`, `path` (a text that begins with a slash), `flag`, `count` (a whole number), `mode` (permissions, in octal);
 * - `texts` a list of texts;
 * - `refused` a key that Butane has and Muster does not take, with the reason;
 * - `one` a mapping and `many` a list of them.
 */
export type Field = {
  readonly since?: number;
  readonly name?: string;
  readonly needed?: true;
  /** Only in configurations for Fedora CoreOS. */
  readonly only?: 'fcos';
  /** Translated into something else by a rule of its own, and not copied. */
  readonly apart?: true;
} & (
  | { readonly kind: 'text' | 'path' | 'flag' | 'count' | 'mode' | 'texts' }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'one' | 'many' | 'resource' | 'resources'; readonly shape: Shape }
);

export type Shape = Readonly<Record<string, Field>>;

const LOCAL = {
  kind: 'refused',
  because:
    'Muster keeps no folder of files for Butane: write the text with "inline", or put the file where machines reach it and write its URL as "source"',
} as const satisfies Field;

const text = { kind: 'text' } as const satisfies Field;
const flag = { kind: 'flag' } as const satisfies Field;
const count = { kind: 'count' } as const satisfies Field;
const texts = { kind: 'texts' } as const satisfies Field;

const RESOURCE: Shape = {
  source: text,
  inline: { kind: 'text', apart: true },
  local: LOCAL,
  compression: text,
  http_headers: {
    kind: 'many',
    since: 1,
    shape: { name: { kind: 'text', needed: true }, value: text },
  },
  verification: { kind: 'one', shape: { hash: text } },
};
const resource = { kind: 'resource', shape: RESOURCE } as const satisfies Field;
const resources = { kind: 'resources', shape: RESOURCE } as const satisfies Field;

const OWNER: Shape = { id: count, name: text };
const NODE: Shape = {
  path: { kind: 'path', needed: true },
  user: { kind: 'one', shape: OWNER },
  group: { kind: 'one', shape: OWNER },
  overwrite: flag,
};

const TANG: Shape = {
  url: { kind: 'text', needed: true },
  thumbprint: text,
  advertisement: { kind: 'text', since: 4 },
};

const CEX = { kind: 'one', since: 5, shape: { enabled: flag } } as const satisfies Field;

const STORAGE: Shape = {
  disks: {
    kind: 'many',
    shape: {
      device: { kind: 'path', needed: true },
      wipe_table: flag,
      partitions: {
        kind: 'many',
        shape: {
          label: text,
          number: count,
          size_mib: { kind: 'count', name: 'sizeMiB' },
          start_mib: { kind: 'count', name: 'startMiB' },
          type_guid: text,
          guid: text,
          wipe_partition_entry: flag,
          should_exist: flag,
          resize: { kind: 'flag', since: 2 },
        },
      },
    },
  },
  raid: {
    kind: 'many',
    shape: {
      name: { kind: 'text', needed: true },
      level: { kind: 'text', needed: true },
      devices: { kind: 'texts', needed: true },
      spares: count,
      options: texts,
    },
  },
  filesystems: {
    kind: 'many',
    shape: {
      device: { kind: 'path', needed: true },
      format: text,
      path: { kind: 'path' },
      label: text,
      uuid: text,
      options: texts,
      mount_options: { kind: 'texts', since: 1 },
      wipe_filesystem: flag,
      with_mount_unit: { kind: 'flag', since: 1, apart: true },
    },
  },
  luks: {
    kind: 'many',
    since: 2,
    shape: {
      name: { kind: 'text', needed: true },
      device: { kind: 'path', needed: true },
      key_file: resource,
      label: text,
      uuid: text,
      options: texts,
      wipe_volume: flag,
      discard: { kind: 'flag', since: 4 },
      open_options: { kind: 'texts', since: 4 },
      cex: CEX,
      clevis: {
        kind: 'one',
        shape: {
          tang: { kind: 'many', shape: TANG },
          tpm2: flag,
          threshold: count,
          custom: { kind: 'one', shape: { pin: text, config: text, needs_network: flag } },
        },
      },
    },
  },
  files: {
    kind: 'many',
    shape: { ...NODE, mode: { kind: 'mode' }, contents: resource, append: resources },
  },
  directories: { kind: 'many', shape: { ...NODE, mode: { kind: 'mode' } } },
  links: {
    kind: 'many',
    shape: { ...NODE, target: { kind: 'text', needed: true }, hard: flag },
  },
  trees: LOCAL,
};

const UNIT: Shape = {
  name: { kind: 'text', needed: true },
  contents: text,
  contents_local: LOCAL,
};

const PASSWD: Shape = {
  users: {
    kind: 'many',
    shape: {
      name: { kind: 'text', needed: true },
      password_hash: text,
      ssh_authorized_keys: texts,
      ssh_authorized_keys_local: LOCAL,
      uid: count,
      gecos: text,
      home_dir: text,
      no_create_home: flag,
      primary_group: text,
      groups: texts,
      no_user_group: flag,
      no_log_init: flag,
      shell: text,
      should_exist: { kind: 'flag', since: 2 },
      system: flag,
    },
  },
  groups: {
    kind: 'many',
    shape: {
      name: { kind: 'text', needed: true },
      gid: count,
      password_hash: text,
      should_exist: { kind: 'flag', since: 2 },
      system: flag,
    },
  },
};

const IGNITION: Shape = {
  config: { kind: 'one', shape: { merge: resources, replace: resource } },
  timeouts: { kind: 'one', shape: { http_response_headers: count, http_total: count } },
  security: {
    kind: 'one',
    shape: { tls: { kind: 'one', shape: { certificate_authorities: resources } } },
  },
  proxy: {
    kind: 'one',
    since: 1,
    shape: { http_proxy: text, https_proxy: text, no_proxy: texts },
  },
};

/** A Butane file as a whole. */
export const BUTANE: Shape = {
  variant: { kind: 'text', apart: true },
  version: { kind: 'text', apart: true },
  ignition: { kind: 'one', shape: IGNITION },
  storage: { kind: 'one', shape: STORAGE },
  systemd: {
    kind: 'one',
    shape: {
      units: {
        kind: 'many',
        shape: { ...UNIT, enabled: flag, mask: flag, dropins: { kind: 'many', shape: UNIT } },
      },
    },
  },
  passwd: { kind: 'one', shape: PASSWD },
  kernel_arguments: {
    kind: 'one',
    since: 3,
    shape: { should_exist: texts, should_not_exist: texts },
  },
  boot_device: {
    kind: 'one',
    since: 2,
    only: 'fcos',
    apart: true,
    shape: {
      layout: text,
      luks: {
        kind: 'one',
        shape: {
          tang: { kind: 'many', shape: TANG },
          tpm2: flag,
          threshold: count,
          discard: { kind: 'flag', since: 4 },
          device: { kind: 'path', since: 5 },
          cex: CEX,
        },
      },
      mirror: { kind: 'one', shape: { devices: texts } },
    },
  },
  grub: {
    kind: 'refused',
    because:
      'Muster does not write passwords of GRUB: put a file /boot/grub2/user.cfg of your own under storage.files',
  },
};
