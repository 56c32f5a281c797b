import type { Finding, LintInput } from './finding.ts';
import { readJson } from './read-json.ts';
import { any, checkShape, either, flag, list, number, object, oneOf, open, some, text } from './shape.ts';

const script = open({ name: text, body: text, content: text, url: text, chroot: flag }, 'name');
const login = { password: text, hashedPassword: flag, sshPublicKey: some(text), sshPublicKeys: some(text) };
const connection = object(
  {
    id: text,
    interface: text,
    customMacAddress: text,
    macAddress: text,
    mtu: number,
    method4: oneOf('auto', 'manual', 'link-local', 'disabled'),
    method6: oneOf('auto', 'manual', 'dhcp', 'link-local', 'shared', 'disabled'),
    gateway4: text,
    gateway6: text,
    addresses: list(text),
    nameservers: list(text),
    dnsSearchList: list(text),
    dnsSearchlist: list(text),
    ignoreAutoDns: flag,
    status: oneOf('up', 'down', 'keep', 'removed'),
    autoconnect: flag,
    persistent: flag,
    wireless: any,
    bond: any,
    bridge: any,
    match: any,
    vlan: any,
    'ieee-8021x': any,
  },
  'id',
);

/** Agama's published schema (profile.schema.json and those it names). */
const AGAMA = object({
  $schema: text,
  files: list(
    open({ destination: text, url: text, content: text, permissions: text, user: text, group: text }),
  ),
  scripts: object({
    pre: list(script),
    postPartitioning: list(script),
    post: list(script),
    init: list(script),
  }),
  bootloader: open({ stopOnBootMenu: flag, timeout: number, extraKernelParams: text, updateNvram: flag }),
  dasd: any,
  zfcp: any,
  iscsi: any,
  hostname: open({ static: text, transient: text }),
  proxy: open({ enabled: flag, httpProxy: text, httpsProxy: text, noProxy: text }),
  ntp: open({ sources: list(any) }),
  security: open({
    sslCertificates: list(
      open({ fingerprint: text, algorithm: oneOf('SHA1', 'SHA256') }, 'fingerprint', 'algorithm'),
    ),
  }),
  software: open({
    patterns: either(list(text), open({ add: list(text), remove: list(text) })),
    packages: list(text),
    onlyRequired: flag,
    extraRepositories: list(open({ alias: text, url: text }, 'url')),
  }),
  questions: object({ policy: oneOf('auto', 'user'), answers: list(any) }),
  product: object(
    {
      id: text,
      mode: text,
      registrationCode: text,
      registrationEmail: text,
      registrationUrl: text,
      addons: list(object({ id: text, version: text, registrationCode: text }, 'id')),
    },
    'id',
  ),
  network: object({ state: open({}), connections: list(connection) }),
  user: object({ fullName: text, userName: text, ...login }, 'fullName', 'userName', 'password'),
  root: object(login),
  l10n: object({ locale: text, keymap: text, timezone: text }),
  localization: object({ language: text, keyboard: text, timezone: text }),
  storage: object({ boot: any, drives: list(any), volumeGroups: list(any), mdRaids: list(any) }),
  legacyAutoyastStorage: list(open({})),
  access: object({ ssh: oneOf('enabled', 'default'), webConsole: oneOf('enabled', 'default') }),
});

/** The profile of Agama, as JSON; Jsonnet is not looked through. */
export function lintAgama({ text: whole }: LintInput): readonly Finding[] {
  const read = readJson(whole);
  return read.read ? checkShape(read.root, AGAMA) : read.findings;
}
