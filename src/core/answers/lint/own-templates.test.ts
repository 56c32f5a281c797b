import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lintAnswer } from './lint-answer.ts';

const GOLDEN = new URL('../golden/', import.meta.url);

/** By the name of the file: its kind, and the system that reads it. */
const SYSTEMS: readonly (readonly [RegExp, string, string])[] = [
  [/^centos-(\d+).*\.ks$/, 'kickstart', 'CentOS'],
  [/^el-(\d+).*\.ks$/, 'kickstart', 'Rocky Linux'],
  [/^fedora-(\d+).*\.ks$/, 'kickstart', 'Fedora'],
  [/^(?:debian|ubuntu)-([\d.]+).*\.cfg$/, 'preseed', 'Debian'],
  [/^ubuntu-([\d.]+).*\.user-data$/, 'autoinstall', 'Ubuntu'],
  [/^(?:leap|sles|tumbleweed)-?([\d.]*).*\.xml$/, 'autoyast', 'SUSE'],
  [/^(?:leap|sles)-([\d.]+).*\.json$/, 'agama', 'SUSE'],
  [/^(?:fedora-coreos|flatcar)-?(\d*).*\.ign$/, 'ignition', 'Fedora CoreOS'],
  [/^proxmox-[a-z]+-([\d.]+).*\.toml$/, 'proxmox', 'Proxmox'],
  [/^esxi-([\d.]+).*\.cfg$/, 'esxi', 'ESXi'],
  [/^windows(.*)\.xml$/, 'unattend', 'Windows'],
  [/^alpine-([\d.]+).*\.answers$/, 'alpine', 'Alpine'],
  [/^(?:arch|alpine|leap|sles)(.*)\.sh$/, 'script', 'Arch'],
];

describe('nothing is wrong with the answer files that come of the templates of Muster', () => {
  for (const file of readdirSync(GOLDEN)) {
    const row = SYSTEMS.find(([pattern]) => pattern.test(file));
    if (!row) continue;
    const [pattern, kind, title] = row;
    const [, release = ''] = pattern.exec(file) ?? [];
    test(file, () => {
      const text = readFileSync(new URL(file, GOLDEN), 'utf8');
      expect(lintAnswer({ kind, text, system: { title: `${title} ${release}`, release } })).toEqual([]);
    });
  }
});
