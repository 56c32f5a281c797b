import { childOf, type DataEntry, type DataNode, textOf } from './data-node.ts';
import { error, type Finding, type LintInput, warning } from './finding.ts';
import { readToml } from './read-toml.ts';
import {
  any,
  checkShape,
  either,
  flag,
  like,
  list,
  map,
  number,
  object,
  oneOf,
  open,
  text,
} from './shape.ts';

const size = number;
const zfs = object({
  raid: oneOf('raid0', 'raid1', 'raid10', 'raidz-1', 'raidz-2', 'raidz-3'),
  ashift: number,
  'arc-max': number,
  checksum: oneOf('on', 'fletcher4', 'sha256'),
  compress: oneOf('on', 'off', 'lzjb', 'lz4', 'zle', 'gzip', 'zstd'),
  copies: number,
  hdsize: size,
});

/** The answer file of Proxmox's automated installation, as its documentation has it; keys with `-`. */
const PROXMOX = object(
  {
    global: object(
      {
        keyboard: text,
        country: like(/^[a-z]{2}$/, 'two lower-case letters, such as at'),
        fqdn: either(text, open({ source: oneOf('from-dhcp'), domain: text })),
        mailto: like(/^[^@\s]+@[^@\s]+$/, 'an address of mail'),
        timezone: text,
        'root-password': text,
        'root-password-hashed': like(/^\$\w+\$/, 'a hash, as muster password hash makes one,'),
        'root-ssh-keys': list(text),
        'reboot-on-error': flag,
        'reboot-mode': oneOf('reboot', 'power-off'),
      },
      'keyboard',
      'country',
      'fqdn',
      'mailto',
      'timezone',
    ),
    network: object(
      {
        source: oneOf('from-dhcp', 'from-answer'),
        cidr: like(/^[\da-f.:]+\/\d{1,3}$/i, 'an address with its prefix, such as 192.168.1.10/24'),
        dns: text,
        gateway: text,
        filter: map(text),
        'interface-name-pinning': any,
      },
      'source',
    ),
    'disk-setup': object(
      {
        filesystem: oneOf('ext4', 'xfs', 'zfs', 'btrfs'),
        'disk-list': list(text),
        filter: map(text),
        'filter-match': oneOf('any', 'all'),
        zfs,
        lvm: object({ hdsize: size, swapsize: size, maxroot: size, maxvz: size, minfree: size }),
        btrfs: object({
          raid: oneOf('raid0', 'raid1', 'raid10'),
          hdsize: size,
          compress: oneOf('on', 'off', 'zlib', 'lzo', 'zstd'),
        }),
      },
      'filesystem',
    ),
    'post-installation-webhook': object({ url: text, 'cert-fingerprint': text }, 'url'),
    'first-boot': object(
      {
        source: oneOf('from-iso', 'from-url'),
        ordering: oneOf('before-network', 'network-online', 'fully-up'),
        url: text,
        'cert-fingerprint': text,
      },
      'source',
    ),
  },
  'global',
  'network',
  'disk-setup',
);

/** Keys have a `-` in them since 8.4; `_` is read as before. */
const DASHES_SINCE = 8.4;

export function lintProxmox({ text: whole, system }: LintInput): readonly Finding[] {
  const read = readToml(whole);
  if (!read.read) return read.findings;
  const old: Finding[] = [];
  const root = withDashes(read.root, old);
  const release = Number.parseFloat(system?.release ?? '');
  return [...checkShape(root, PROXMOX), ...(release < DASHES_SINCE ? [] : old), ...lintTogether(root)];
}

/** Before 8.4 keys had `_`; these are still read. */
function withDashes(node: DataNode, old: Finding[]): DataNode {
  if (node.is !== 'mapping') return node;
  const entries = node.entries.map((entry): DataEntry => {
    const key = entry.key.replaceAll('_', '-');
    if (key !== entry.key && !entry.key.includes('.'))
      old.push(
        warning(entry.line, entry.column, `"${entry.key}" is the old name: "${key}" is the one since 8.4`),
      );
    return { ...entry, key, node: key === 'filter' ? entry.node : withDashes(entry.node, old) };
  });
  return { ...node, entries };
}

function lintTogether(root: DataNode): readonly Finding[] {
  const findings: Finding[] = [];
  const [global, network, disks] = ['global', 'network', 'disk-setup'].map((key) => childOf(root, key));
  const [password, hashed] = ['root-password', 'root-password-hashed'].map((key) => childOf(global, key));
  if (global && !password && !hashed)
    findings.push(
      error(global.line, global.column, 'global needs a key "root-password-hashed" or "root-password"'),
    );
  if (password)
    findings.push(
      warning(
        password.line,
        password.column,
        'global.root-password is the password as it is: root-password-hashed takes its hash (muster password hash)',
      ),
    );
  if (disks && !childOf(disks, 'disk-list') && !childOf(disks, 'filter'))
    findings.push(
      error(
        disks.line,
        disks.column,
        'disk-setup needs a key "disk-list" or "filter": the installer has to be told the disk',
      ),
    );
  if (network && textOf(childOf(network, 'source')) === 'from-answer')
    for (const key of ['cidr', 'dns', 'gateway', 'filter'])
      if (!childOf(network, key))
        findings.push(
          error(network.line, network.column, `network needs a key "${key}" where its source is from-answer`),
        );
  return findings;
}
