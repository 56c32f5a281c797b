import { lintAgama } from './agama.ts';
import { lintAlpine } from './alpine.ts';
import { lintAutoinstall, lintCloudConfig } from './autoinstall.ts';
import { lintAutoyast } from './autoyast.ts';
import { lintButane } from './butane.ts';
import { lintEsxi } from './esxi.ts';
import { type Finding, type LintInput, MAX_FINDINGS } from './finding.ts';
import { lintIgnition } from './ignition.ts';
import { lintKickstart } from './kickstart.ts';
import { lintPreseed } from './preseed.ts';
import { lintProxmox } from './proxmox.ts';
import { lintScript } from './script.ts';
import { lintUnattend } from './unattend.ts';

type Lint = (input: LintInput) => readonly Finding[];

/** One row for each kind of file that is looked through. */
const LINTS: Readonly<Record<string, Lint>> = {
  kickstart: lintKickstart,
  preseed: lintPreseed,
  autoinstall: lintAutoinstall,
  'cloud-init': lintCloudConfig,
  autoyast: lintAutoyast,
  agama: lintAgama,
  ignition: lintIgnition,
  butane: lintButane,
  proxmox: lintProxmox,
  esxi: lintEsxi,
  unattend: lintUnattend,
  alpine: lintAlpine,
  script: lintScript,
};

export const LINT_KINDS: readonly string[] = Object.keys(LINTS);

/** What is wrong with an answer file, in the order of its lines; nothing for a kind that is not looked through. */
export function lintAnswer(input: LintInput): readonly Finding[] {
  const findings = LINTS[input.kind]?.(input) ?? [];
  return [...findings]
    .sort((one, other) => one.line - other.line || (one.column ?? 0) - (other.column ?? 0))
    .slice(0, MAX_FINDINGS);
}
