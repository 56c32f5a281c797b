import { childOf, type DataNode } from './data-node.ts';
import { error, type Finding, type LintInput, warning } from './finding.ts';
import { readYaml } from './read-yaml.ts';
import {
  any,
  checkShape,
  either,
  flag,
  list,
  map,
  maybe,
  number,
  object,
  oneOf,
  open,
  text,
} from './shape.ts';

const command = either(text, list(text));
const hardware = open({ match: object({ name: text, macaddress: text, driver: text }) });
const networkKeys = open(
  {
    version: number,
    renderer: oneOf('networkd', 'NetworkManager'),
    ethernets: map(hardware),
    wifis: map(hardware),
    bridges: map(any),
    bonds: map(any),
    tunnels: map(any),
    vlans: map(any),
  },
  'version',
);

/** The published schema of subiquity's autoinstall (autoinstall-schema.json and the reference of its documentation). */
export const AUTOINSTALL = object(
  {
    version: number,
    'interactive-sections': list(text),
    'early-commands': list(command),
    reporting: map(open({ type: text }, 'type')),
    'error-commands': list(command),
    'user-data': open({}),
    packages: list(text),
    'debconf-selections': text,
    locale: text,
    'refresh-installer': object({ update: flag, channel: text }),
    kernel: object({ package: text, flavor: text }),
    'kernel-crash-dumps': object({ enabled: maybe(flag) }, 'enabled'),
    keyboard: object({ layout: text, variant: text, toggle: maybe(text) }, 'layout'),
    zdevs: list(object({ id: text, enabled: flag })),
    source: object({ search_drivers: flag, id: text }),
    network: either(networkKeys, object({ network: networkKeys }, 'network')),
    'ubuntu-pro': object({ token: text }),
    'ubuntu-advantage': object({ token: text }),
    proxy: maybe(text),
    apt: open({
      preserve_sources_list: flag,
      primary: list(any),
      'mirror-selection': object({
        primary: list(either(oneOf('country-mirror'), object({ uri: text, arches: list(text) }, 'uri'))),
      }),
      geoip: flag,
      sources: map(any),
      disable_components: list(oneOf('universe', 'multiverse', 'restricted', 'contrib', 'non-free')),
      preferences: list(open({ package: text, pin: text, 'pin-priority': number }, 'package', 'pin')),
      fallback: oneOf('abort', 'continue-anyway', 'offline-install'),
    }),
    storage: open({
      layout: open({
        name: oneOf('lvm', 'direct', 'zfs', 'hybrid'),
        match: either(any),
        mode: oneOf('reformat_disk', 'use_gap'),
        'sizing-policy': oneOf('scaled', 'all'),
        'reset-partition': either(flag, text, number),
        password: text,
      }),
      config: list(open({ type: text }, 'type')),
      swap: open({ size: either(number, text) }),
      grub: open({ reorder_uefi: flag }),
      version: number,
    }),
    identity: object(
      { realname: text, username: text, hostname: text, password: text, groups: any },
      'username',
      'hostname',
      'password',
    ),
    ssh: object({ 'install-server': flag, 'authorized-keys': list(text), 'allow-pw': flag }),
    snaps: list(object({ name: text, channel: text, classic: flag }, 'name')),
    'active-directory': object({ 'admin-name': text, 'domain-name': text }),
    codecs: object({ install: flag }),
    drivers: object({ install: flag }),
    oem: object({ install: either(flag, oneOf('auto')) }, 'install'),
    timezone: text,
    updates: oneOf('security', 'all'),
    'late-commands': list(command),
    shutdown: oneOf('reboot', 'poweroff'),
  },
  'version',
);

/** Keys of cloud-config that are most used; each module has its own, so others pass. */
const CLOUD_CONFIG = open({
  autoinstall: AUTOINSTALL,
  bootcmd: list(command),
  runcmd: list(command),
  packages: list(any),
  package_update: flag,
  package_upgrade: flag,
  package_reboot_if_required: flag,
  hostname: text,
  fqdn: text,
  preserve_hostname: flag,
  manage_etc_hosts: either(flag, text),
  timezone: text,
  locale: either(text, flag),
  ssh_authorized_keys: list(text),
  ssh_pwauth: either(flag, text),
  disable_root: flag,
  users: either(list(either(text, open({ name: text, passwd: text, lock_passwd: flag }))), text, map(any)),
  chpasswd: open({ expire: flag, list: either(text, list(text)), users: list(any) }),
  write_files: list(
    open({ path: text, content: any, encoding: text, permissions: text, owner: text }, 'path'),
  ),
  power_state: open({ mode: oneOf('poweroff', 'reboot', 'halt'), delay: any }),
  growpart: open({ mode: any }),
  ntp: maybe(open({ enabled: flag, servers: list(text), pools: list(text) })),
});

/** What cloud-init hands to Ubuntu's installer. */
export function lintAutoinstall({ text: whole }: LintInput): readonly Finding[] {
  const read = readYaml(whole);
  if (!read.read) return read.findings;
  const inner = childOf(read.root, 'autoinstall');
  // A file at the root of the medium has the keys without the one around them.
  const isBare = inner === undefined && childOf(read.root, 'version') !== undefined;
  if (isBare) return [...checkShape(read.root, AUTOINSTALL), ...lintAsked(read.root)];
  const findings = lintRoot(whole, read.root);
  if (inner) return [...findings, ...lintAsked(inner)];
  const because = 'there is no key "autoinstall": the installer would ask for everything';
  return [...findings, error(1, undefined, because)];
}

/** What the installer asks for in spite of the rest, by its documentation. */
function lintAsked(autoinstall: DataNode): readonly Finding[] {
  const findings: Finding[] = [];
  const interactive = childOf(autoinstall, 'interactive-sections');
  if (interactive?.is === 'list' && interactive.items.length > 0)
    findings.push(
      warning(interactive.line, interactive.column, 'the installer asks a person for these sections'),
    );
  if (!childOf(autoinstall, 'identity') && !childOf(autoinstall, 'user-data'))
    findings.push(
      error(
        autoinstall.line,
        autoinstall.column,
        'either "identity" or "user-data" has to be there: the installer stops without a user',
      ),
    );
  const password = childOf(childOf(autoinstall, 'identity'), 'password');
  if (password?.is === 'text' && !/^(?:\$\w+\$|[!*])/.test(password.text))
    findings.push(
      error(
        password.line,
        password.column,
        'identity.password holds no hash: muster password hash makes one',
      ),
    );
  return findings;
}

/** cloud-config, of which the first line tells what it is. */
export function lintCloudConfig({ text: whole }: LintInput): readonly Finding[] {
  const read = readYaml(whole);
  return read.read ? lintRoot(whole, read.root) : read.findings;
}

function lintRoot(whole: string, root: DataNode): readonly Finding[] {
  const findings = checkShape(root, CLOUD_CONFIG);
  if (/^#cloud-config\s*$/.test(whole.split('\n', 1)[0] ?? '')) return findings;
  const because = 'the first line has to be "#cloud-config": cloud-init passes the file over otherwise';
  return [error(1, 1, because), ...findings];
}
