import { GRUB } from './grub.ts';
import { IPXE } from './ipxe.ts';
import { PXELINUX } from './pxelinux.ts';
import type { ScriptLanguage, ScriptLanguageName } from './script-language.ts';

export const SCRIPT_LANGUAGES: Readonly<Record<ScriptLanguageName, ScriptLanguage>> = {
  pxelinux: PXELINUX,
  grub: GRUB,
  ipxe: IPXE,
};
