import { ANACONDA_WORDS } from './anaconda.ts';
import { DEBIAN_INSTALLER_WORDS } from './debian-installer.ts';
import { COREOS_WORDS } from './coreos-installer.ts';
import { PROXMOX_WORDS } from './proxmox.ts';
import { ALPINE_WORDS } from './setup-alpine.ts';
import type { ProgressRow } from './progress-reader.ts';
import { SUBIQUITY_WORDS } from './subiquity.ts';
import { AGAMA_WORDS } from './agama.ts';
import { YAST_WORDS } from './yast.ts';

/** The words of each family's installer. The logs of other families are kept and show no steps. */
const WORDS_OF_FAMILY: Readonly<Record<string, readonly ProgressRow[]>> = {
  rhel: ANACONDA_WORDS,
  debian: DEBIAN_INSTALLER_WORDS,
  casper: SUBIQUITY_WORDS,
  suse: YAST_WORDS,
  agama: AGAMA_WORDS,
  coreos: COREOS_WORDS,
  alpine: ALPINE_WORDS,
  proxmox: PROXMOX_WORDS,
};

export function wordsOfFamily(family: string): readonly ProgressRow[] {
  return WORDS_OF_FAMILY[family] ?? [];
}
