import type { RedfishSettings } from '../power-settings.ts';
import { quirkOf } from './quirks.ts';
import type { BootOptions, ComputerSystem } from './resources.ts';

export interface BootPatch {
  readonly Boot: {
    readonly BootSourceOverrideEnabled: 'Once';
    readonly BootSourceOverrideTarget: 'Pxe' | 'UefiHttp';
    readonly BootSourceOverrideMode?: string;
  };
}

export type BootOverride =
  | { readonly told: true; readonly patch: BootPatch }
  | { readonly told: false; readonly because: string };

type Wish = Pick<RedfishSettings, 'networkBoot' | 'bootMode'>;

/** What a system is told so that its next boot, and only that, is one from the network. */
export function bootOverride(system: ComputerSystem, vendor: string, wish: Wish): BootOverride {
  const target = wish.networkBoot === 'http' ? 'UefiHttp' : 'Pxe';
  const { targets } = system.boot;
  if (targets && !targets.includes(target))
    return {
      told: false,
      because: `it can be told to boot ${targets.join(', ') || 'nothing'}, and not ${target}`,
    };
  const mode = modeFor(system.boot, quirkOf(vendor, system.manufacturer)?.bootMode ?? 'wished', wish);
  return {
    told: true,
    patch: {
      Boot: {
        BootSourceOverrideEnabled: 'Once',
        BootSourceOverrideTarget: target,
        ...(mode === undefined ? {} : { BootSourceOverrideMode: mode }),
      },
    },
  };
}

const MODES = { uefi: 'UEFI', legacy: 'Legacy' } as const;

function modeFor(boot: BootOptions, rule: 'always' | 'wished' | 'never', wish: Wish): string | undefined {
  if (rule === 'never') return undefined;
  const wished = wish.bootMode === undefined ? undefined : MODES[wish.bootMode];
  if (rule === 'always') return wished ?? boot.mode;
  // Many services make a job for the BIOS of any mode they are told, so the one they have is not said again.
  return wished === boot.mode ? undefined : wished;
}
