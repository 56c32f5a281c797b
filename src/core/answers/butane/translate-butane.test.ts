import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { translateButane } from './translate-butane.ts';

const golden = (name: string): URL => new URL(`golden/${name}`, import.meta.url);

describe('Butane becomes the Ignition that was looked through', () => {
  for (const name of ['fcos-everything', 'fcos-mirror', 'flatcar', 'fcos-1.0']) {
    test(name, async () => {
      const translated = translateButane(readFileSync(golden(`${name}.bu`), 'utf8'));
      if (!translated.translated)
        throw new Error(`${translated.line}:${translated.column}: ${translated.because}`);
      await expect(translated.ignition).toMatchFileSnapshot(golden(`${name}.ign`).pathname);
    });
  }
});

const HEAD = 'variant: fcos\nversion: 1.5.0\n';

describe('what cannot be translated is told with its place', () => {
  for (const [what, text, line, column, because] of [
    ['no variant', 'storage: {}\n', 1, 1, /needs "variant: fcos" or "variant: flatcar"/],
    ['an unknown version', 'variant: fcos\nversion: 9.9.9\n', 2, 10, /must be one of 1\.0\.0, .*1\.6\.0/],
    [
      'a version of another variant',
      'variant: flatcar\nversion: 1.5.0\n',
      2,
      10,
      /variant flatcar must be one of 1\.0\.0, 1\.1\.0/,
    ],
    ['openshift', 'variant: openshift\nversion: 4.14.0\n', 1, 10, /makes a MachineConfig/],
    ['text that is no YAML', `${HEAD}storage: [\n`, 4, 1, /./],
    ['a key twice', `${HEAD}storage: {}\nstorage: {}\n`, 4, 1, /Map keys must be unique/],
    ['a list for a whole', '- a\n', 1, 1, /needs "variant/],
    [
      'an unknown key',
      `${HEAD}storge: {}\n`,
      3,
      1,
      /"storge" is not a key of a Butane file: it knows variant/,
    ],
    [
      'an unknown key inside',
      `${HEAD}storage:\n  files:\n    - path: /a\n      mod: 0644\n`,
      6,
      7,
      /"mod" is not a key of storage\.files\[0\]/,
    ],
    [
      'a key of later Ignition',
      'variant: fcos\nversion: 1.0.0\nkernel_arguments: {}\n',
      3,
      1,
      /leads to Ignition 3\.0\.0: it needs 3\.3\.0/,
    ],
    [
      'boot_device of Flatcar',
      'variant: flatcar\nversion: 1.1.0\nboot_device: {}\n',
      3,
      1,
      /not in variant flatcar/,
    ],
    ['a file without a path', `${HEAD}storage:\n  files:\n    - mode: 0644\n`, 5, 7, /has no "path"/],
    ['a relative path', `${HEAD}storage:\n  files:\n    - path: etc/x\n`, 5, 13, /begin with a slash/],
    [
      'a decimal mode',
      `${HEAD}storage:\n  files:\n    - {path: /a, mode: 644}\n`,
      5,
      24,
      /is 01204 in octal: write that, or 0644/,
    ],
    [
      'a mode that is none',
      `${HEAD}storage:\n  files:\n    - {path: /a, mode: 0999}\n`,
      5,
      24,
      /permissions in octal/,
    ],
    [
      'a mode beyond all',
      `${HEAD}storage:\n  files:\n    - {path: /a, mode: 017777}\n`,
      5,
      24,
      /permissions in octal/,
    ],
    [
      'a local file',
      `${HEAD}storage:\n  files:\n    - path: /a\n      contents: {local: x}\n`,
      6,
      18,
      /no folder of files for Butane: write the text with "inline"/,
    ],
    ['a tree', `${HEAD}storage:\n  trees: [{local: x}]\n`, 4, 3, /storage\.trees is not taken/],
    [
      'local keys',
      `${HEAD}passwd:\n  users:\n    - {name: a, ssh_authorized_keys_local: [b]}\n`,
      5,
      17,
      /no folder of files/,
    ],
    ['GRUB', `${HEAD}grub: {users: []}\n`, 3, 1, /user\.cfg of your own/],
    [
      'both inline and source',
      `${HEAD}storage:\n  files:\n    - path: /a\n      contents: {inline: a, source: "http://a/"}\n`,
      6,
      17,
      /both "inline" and "source"/,
    ],
    [
      'a source that is no URL',
      `${HEAD}storage:\n  files:\n    - path: /a\n      contents: {source: /etc/x}\n`,
      6,
      17,
      /no URL of http, https/,
    ],
    [
      'headers beside tftp',
      `${HEAD}storage:\n  files:\n    - path: /a\n      contents: {source: "tftp://a/b", http_headers: [{name: a}]}\n`,
      6,
      17,
      /http or https alone/,
    ],
    [
      'a sum that is none',
      `${HEAD}storage:\n  files:\n    - path: /a\n      contents: {source: "http://a/", verification: {hash: sha512-12}}\n`,
      6,
      17,
      /sum in hexadecimal/,
    ],
    [
      'packed text',
      `${HEAD}storage:\n  files:\n    - path: /a\n      contents: {inline: a, compression: gzip}\n`,
      6,
      17,
      /plain text: leave it out/,
    ],
    [
      'a word for a switch',
      `${HEAD}systemd:\n  units:\n    - {name: a.service, enabled: maybe}\n`,
      5,
      34,
      /true or false/,
    ],
    ['a text for a number', `${HEAD}passwd:\n  users:\n    - {name: a, uid: b}\n`, 5, 22, /whole number/],
    ['a mapping for a text', `${HEAD}passwd:\n  users:\n    - {name: {}}\n`, 5, 14, /must be a text/],
    ['a text for a list', `${HEAD}passwd:\n  users: a\n`, 4, 10, /must be a list/],
    [
      'a mount without a format',
      `${HEAD}storage:\n  filesystems:\n    - {device: /dev/a, path: /b, with_mount_unit: true}\n`,
      5,
      7,
      /no "format"/,
    ],
    [
      'a mirror of one disk',
      `${HEAD}boot_device: {mirror: {devices: [/dev/a]}}\n`,
      3,
      14,
      /two disks or more/,
    ],
    [
      'an encrypted disk without a key',
      `${HEAD}boot_device: {luks: {threshold: 1}}\n`,
      3,
      14,
      /tang or tpm2/,
    ],
    [
      'an unknown layout',
      `${HEAD}boot_device: {layout: vax, luks: {tpm2: true}}\n`,
      3,
      14,
      /x86_64, aarch64 or ppc64le/,
    ],
  ] as const) {
    test(what, () => {
      expect(translateButane(text)).toEqual({
        translated: false,
        line,
        column,
        because: expect.stringMatching(because),
      });
    });
  }

  test('and a file that grows by its aliases', () => {
    const user = '    - &user {name: x, ssh_authorized_keys: [k, k, k, k, k, k, k, k]}';
    const text = `${HEAD}passwd:\n  users:\n${user}\n${'    - *user\n'.repeat(2_000)}`;
    expect(translateButane(text)).toMatchObject({
      translated: false,
      because: expect.stringContaining('20000 parts'),
    });
  });
});

test('nothing that is read can make an object other than it seems', () => {
  const text = `${HEAD}__proto__: {polluted: true}\n`;
  expect(translateButane(text)).toMatchObject({
    translated: false,
    because: expect.stringContaining('__proto__'),
  });
  expect('polluted' in {}).toBe(false);
});
