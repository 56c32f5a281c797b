import { childOf, textOf } from './data-node.ts';
import { error, type Finding, type LintInput } from './finding.ts';
import { OWNER } from './ignition.ts';
import { readYaml } from './read-yaml.ts';
import {
  any,
  checkShape,
  either,
  flag,
  like,
  list,
  maybe,
  nothing,
  number,
  object,
  open,
  text,
} from './shape.ts';

const path = like(/^\//, 'an absolute path');
const resource = object({
  source: maybe(text),
  inline: maybe(text),
  local: maybe(text),
  compression: maybe(text),
  http_headers: any,
  verification: any,
});
/** `0o644` is a number for Go's reader, and a text in YAML 1.1. */
const MODE = either(number, nothing, like(/^0o[0-7]{1,4}$/, 'a mode in octal'));
const sized = {
  label: maybe(text),
  number,
  size_mib: number,
  start_mib: number,
  type_guid: text,
  guid: text,
  wipe_partition_entry: flag,
  should_exist: flag,
  resize: flag,
};

/** Butane's configuration: the part that Fedora CoreOS, Flatcar and their kin have in common (specification 1.0 to 1.6). */
const BUTANE = object(
  {
    variant: text,
    version: text,
    ignition: open({ config: any, timeouts: any, security: any, proxy: any }),
    passwd: object({
      users: list(
        open(
          { name: text, password_hash: maybe(text), ssh_authorized_keys: list(text), groups: list(text) },
          'name',
        ),
      ),
      groups: list(open({ name: text }, 'name')),
    }),
    storage: object({
      disks: list(
        object({ device: path, wipe_table: maybe(flag), partitions: list(object(sized)) }, 'device'),
      ),
      raid: list(open({ name: text, level: text, devices: list(path) }, 'name')),
      filesystems: list(
        object(
          {
            device: path,
            format: maybe(text),
            label: maybe(text),
            uuid: maybe(text),
            options: list(text),
            mount_options: list(text),
            path: maybe(path),
            wipe_filesystem: maybe(flag),
            with_mount_unit: maybe(flag),
          },
          'device',
        ),
      ),
      files: list(object({ path, contents: resource, append: list(resource), mode: MODE, ...OWNER }, 'path')),
      directories: list(object({ path, mode: MODE, ...OWNER }, 'path')),
      links: list(object({ path, target: text, hard: maybe(flag), ...OWNER }, 'path', 'target')),
      luks: list(open({ name: text, device: path }, 'name')),
      trees: list(any),
    }),
    systemd: object({
      units: list(
        object(
          {
            name: like(/\.[a-z]+$/, 'the name of a unit, with its ending'),
            enabled: maybe(flag),
            mask: maybe(flag),
            contents: maybe(text),
            contents_local: text,
            dropins: list(object({ name: text, contents: maybe(text), contents_local: text }, 'name')),
          },
          'name',
        ),
      ),
    }),
    kernel_arguments: object({ should_exist: list(text), should_not_exist: list(text) }),
    boot_device: any,
    grub: any,
    metadata: any,
    openshift: any,
  },
  'variant',
  'version',
);

const VARIANTS = ['fcos', 'flatcar', 'openshift', 'r4e', 'fiot'];

export function lintButane({ text: whole }: LintInput): readonly Finding[] {
  const read = readYaml(whole);
  if (!read.read) return read.findings;
  const variant = childOf(read.root, 'variant');
  const word = textOf(variant);
  const unknown =
    variant && word !== undefined && !VARIANTS.includes(word)
      ? [error(variant.line, variant.column, `"${word}" is no variant: ${VARIANTS.join(', ')} are`)]
      : [];
  const version = childOf(read.root, 'version');
  // 1.5 without quotes is a number, and 1.5.0 a text.
  const findings = checkShape(read.root, BUTANE).filter(
    ({ text: sentence }) => !(version?.is === 'number' && sentence.startsWith('version is')),
  );
  const short =
    version?.is === 'number'
      ? [error(version.line, version.column, 'version has three numbers, such as 1.5.0')]
      : [];
  return [...findings, ...unknown, ...short];
}
