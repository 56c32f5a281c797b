import type { AnswerKind } from '../../images/image.ts';
import { KICKSTART_TEMPLATE } from '../kickstart-template.ts';
import { PRESEED_TEMPLATE } from '../preseed-template.ts';
import { AGAMA_TEMPLATE } from './agama.ts';
import { ALPINE_TEMPLATE } from './alpine.ts';
import { ARCH_TEMPLATE } from './arch.ts';
import { AUTOINSTALL_TEMPLATE } from './autoinstall.ts';
import { AUTOYAST_TEMPLATE } from './autoyast.ts';
import { ESXI_TEMPLATE } from './esxi.ts';
import { IGNITION_TEMPLATE } from './ignition.ts';
import { PROXMOX_TEMPLATE } from './proxmox.ts';
import { UNATTEND_TEMPLATE } from './unattend.ts';

/** What an answer file is made of where the profile brings no template of its own. */
export const DEFAULT_TEMPLATES: Readonly<Record<AnswerKind, string>> = {
  kickstart: KICKSTART_TEMPLATE,
  preseed: PRESEED_TEMPLATE,
  autoinstall: AUTOINSTALL_TEMPLATE,
  autoyast: AUTOYAST_TEMPLATE,
  agama: AGAMA_TEMPLATE,
  ignition: IGNITION_TEMPLATE,
  alpine: ALPINE_TEMPLATE,
  proxmox: PROXMOX_TEMPLATE,
  esxi: ESXI_TEMPLATE,
  unattend: UNATTEND_TEMPLATE,
  script: ARCH_TEMPLATE,
};
