import { type JsonObject, listOf, textOf } from './json.ts';

/**
 * The unit that mounts a file system, or switches a swap area on, where Butane's `with_mount_unit` asks for it. An
 * encrypted disk whose key comes over the network (Tang) is mounted when the network is there.
 */
export function mountUnit(filesystem: JsonObject, volumes: readonly JsonObject[]): JsonObject {
  const device = textOf(filesystem['device']);
  const remote = volumes.some((volume) => isOpenedAs(volume, device) && asksTang(volume));
  const given = listOf(filesystem['mountOptions']).map((option) => textOf(option));
  const options = [...given, ...(remote ? ['_netdev'] : [])];
  const isSwap = filesystem['format'] === 'swap';
  const path = textOf(filesystem['path']);
  const name = isSwap ? `${escapePath(device)}.swap` : `${escapePath(path)}.mount`;
  const lines = isSwap
    ? ['[Swap]', `What=${specifiers(device)}`]
    : [
        '[Unit]',
        `Requires=systemd-fsck@${escapePath(device)}.service`,
        `After=systemd-fsck@${escapePath(device)}.service`,
        '',
        '[Mount]',
        `Where=${specifiers(path)}`,
        `What=${specifiers(device)}`,
        `Type=${textOf(filesystem['format'])}`,
      ];
  const target = isSwap ? 'swap' : remote ? 'remote-fs' : 'local-fs';
  const contents = [
    ...lines,
    ...(options.length === 0 ? [] : [`Options=${specifiers(options.join(','))}`]),
    '',
    '[Install]',
    `RequiredBy=${target}.target`,
    '',
  ].join('\n');
  return { name, enabled: true, contents };
}

/** In units a percent sign begins a specifier (systemd.unit(5)). */
function specifiers(text: string): string {
  return text.replaceAll('%', '%%');
}

function isOpenedAs({ name }: JsonObject, device: string): boolean {
  return device === `/dev/mapper/${textOf(name)}` || device === `/dev/disk/by-id/dm-name-${textOf(name)}`;
}

function asksTang({ clevis }: JsonObject): boolean {
  return typeof clevis === 'object' && 'tang' in clevis;
}

/** As `systemd-escape --path` does (systemd.unit(5), "String escaping"). */
export function escapePath(path: string): string {
  const trimmed = path.replaceAll(/\/+/g, '/').replaceAll(/^\/|\/$/g, '');
  if (trimmed === '') return '-';
  return [...new TextEncoder().encode(trimmed)]
    .map((byte, index) => {
      const letter = String.fromCharCode(byte);
      if (letter === '/') return '-';
      const isPlain = /[A-Za-z0-9:_.]/.test(letter) && !(index === 0 && letter === '.');
      return isPlain ? letter : String.raw`\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
