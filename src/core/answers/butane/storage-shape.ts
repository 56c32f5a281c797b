import {
  CEX,
  count,
  flag,
  LOCAL,
  NODE,
  resource,
  resources,
  type Shape,
  TANG,
  text,
  texts,
} from './shape.ts';

/** Disks and what is on them. */
export const STORAGE: Shape = {
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
