import { childOf, type DataNode, textOf } from './data-node.ts';
import { error, type Finding, type LintInput, warning } from './finding.ts';
import { readJson } from './read-json.ts';
import { any, checkShape, flag, like, list, maybe, number, object, open, text } from './shape.ts';

const path = like(/^\/(?!.*\/\/)/, 'an absolute path');
const resource = object({
  source: maybe(text),
  compression: maybe(text),
  httpHeaders: any,
  verification: any,
});
/** Of files, directories and links; Butane has them by the same names. */
export const OWNER = { user: any, group: any, overwrite: maybe(flag) } as const;
const filesystem = object(
  {
    device: path,
    format: maybe(text),
    label: maybe(text),
    uuid: maybe(text),
    options: list(text),
    mountOptions: list(text),
    path: maybe(path),
    wipeFilesystem: maybe(flag),
  },
  'device',
);

/** Ignition's specification 3.0 to 3.5; version 2 is of CoreOS Container Linux and only its version is read. */
const IGNITION_3 = object(
  {
    ignition: object({ version: text, config: any, security: any, timeouts: any, proxy: any }, 'version'),
    passwd: object({
      users: list(
        open(
          { name: text, passwordHash: maybe(text), sshAuthorizedKeys: list(text), groups: list(text) },
          'name',
        ),
      ),
      groups: list(open({ name: text }, 'name')),
    }),
    storage: object({
      disks: list(open({ device: path, wipeTable: maybe(flag), partitions: list(any) }, 'device')),
      raid: list(open({ name: text, level: text, devices: list(path) }, 'name')),
      filesystems: list(filesystem),
      files: list(
        object({ path, contents: resource, append: list(resource), mode: maybe(number), ...OWNER }, 'path'),
      ),
      directories: list(object({ path, mode: maybe(number), ...OWNER }, 'path')),
      links: list(object({ path, target: text, hard: maybe(flag), ...OWNER }, 'path')),
      luks: list(open({ name: text, device: path }, 'name')),
    }),
    systemd: object({
      units: list(
        object(
          {
            name: like(
              /\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/,
              'the name of a unit, with its ending',
            ),
            enabled: maybe(flag),
            mask: maybe(flag),
            contents: maybe(text),
            dropins: list(
              object({ name: like(/\.conf$/, 'a name that ends with .conf'), contents: maybe(text) }, 'name'),
            ),
          },
          'name',
        ),
      ),
    }),
    kernelArguments: object({ shouldExist: list(text), shouldNotExist: list(text) }),
  },
  'ignition',
);

const VERSIONS = ['3.0.0', '3.1.0', '3.2.0', '3.3.0', '3.4.0', '3.5.0', '3.6.0'];
const OLD_VERSIONS = /^(?:1|2\.[0-4]\.0)$/;
/** `07777`, all that a mode has. */
const MAX_MODE = 0o7777;
/** Modes as people say them in octal; as decimal numbers they are modes that nobody wants. */
const OCTAL_WORDS = [
  400, 440, 444, 500, 550, 555, 600, 640, 644, 660, 664, 666, 700, 710, 711, 750, 755, 770, 775, 777,
];

export function lintIgnition({ text: whole }: LintInput): readonly Finding[] {
  const read = readJson(whole);
  if (!read.read) return read.findings;
  const { root } = read;
  const version = childOf(childOf(root, 'ignition'), 'version') ?? childOf(root, 'ignitionVersion');
  const words = textOf(version);
  if (words !== undefined && OLD_VERSIONS.test(words)) return [];
  const findings = [...checkShape(root, IGNITION_3)];
  if (version && words !== undefined && !VERSIONS.includes(words))
    findings.push(
      error(
        version.line,
        version.column,
        `"${words}" is no version of Ignition's specification: ${VERSIONS.join(', ')} are`,
      ),
    );
  return [...findings, ...lintFiles(childOf(root, 'storage'))];
}

function lintFiles(storage: DataNode | undefined): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, number>();
  for (const kind of ['files', 'directories', 'links']) {
    const all = childOf(storage, kind);
    for (const item of all?.is === 'list' ? all.items : []) {
      const where = childOf(item, 'path');
      const name = textOf(where) ?? '';
      const before = seen.get(name);
      if (where && before !== undefined)
        findings.push(
          error(where.line, where.column, `${name} stands in line ${before} already: Ignition stops at it`),
        );
      else if (where) seen.set(name, where.line);
      findings.push(
        ...lintMode(childOf(item, 'mode')),
        ...lintSource(childOf(childOf(item, 'contents'), 'source')),
      );
    }
  }
  return findings;
}

function lintMode(mode: DataNode | undefined): readonly Finding[] {
  if (mode?.is !== 'number') return [];
  if (mode.value > MAX_MODE || mode.value < 0)
    return [
      error(
        mode.line,
        mode.column,
        `mode ${mode.value} is more than a mode has: it is a decimal number, 420 for 0644`,
      ),
    ];
  if (!OCTAL_WORDS.includes(mode.value)) return [];
  const meant = Number.parseInt(String(mode.value), 8);
  return [
    warning(
      mode.line,
      mode.column,
      `mode ${mode.value} is a decimal number: 0${mode.value} in octal is ${meant}`,
    ),
  ];
}

function lintSource(source: DataNode | undefined): readonly Finding[] {
  const url = textOf(source);
  if (source === undefined || url === undefined || url === '') return [];
  return /^(?:https?|tftp|s3|gs|arn|data):/.test(url)
    ? []
    : [
        error(
          source.line,
          source.column,
          'contents.source is no URL that Ignition reads: http, https, tftp, s3, gs, arn, data are',
        ),
      ];
}
