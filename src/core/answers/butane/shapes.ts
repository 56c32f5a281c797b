import { CEX, count, flag, LOCAL, resource, resources, type Shape, TANG, text, texts } from './shape.ts';
import { STORAGE } from './storage-shape.ts';

/**
 * What a Butane file may hold: the tables of its specification, from which everything else is derived. Each row gives
 * the kind of value, the minor of Ignition's specification that first has it, and its name there where that is not the
 * same in camel case.
 */

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
