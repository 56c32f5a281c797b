/**
 * Redfish services that are not as the specification has them. One row each; the first that fits counts. What is
 * done for all of them is not in here: If-Match with the ETag that was just read (AMI's service on Lenovo's AMD
 * machines, Huawei's iBMC and newer XCC refuse a PATCH without, stmcginnis/gofish#171, ansible/ansible#60031), once
 * more without the W/ of a weak one, and no reset of what is off.
 */
export interface RedfishQuirk {
  readonly service: string;
  /** Found in the vendor of the service root or the manufacturer of the system. */
  readonly shownBy: RegExp;
  /** When BootSourceOverrideMode is told beside the target. */
  readonly bootMode: BootModeRule;
  readonly because: string;
}

/** `always`: also where it stays as it is. `wished`: where a mode is wished for that it does not have. */
export type BootModeRule = 'always' | 'wished' | 'never';

export const REDFISH_QUIRKS: readonly RedfishQuirk[] = [
  {
    service: 'Supermicro',
    shownBy: /super\s*micro/i,
    bootMode: 'always',
    because: 'a mode that is not said becomes the default one (DMTF/Redfishtool#106)',
  },
  {
    service: 'HPE iLO',
    shownBy: /\b(?:hpe?|hewlett[ -]packard(?: enterprise)?)\b/i,
    bootMode: 'never',
    because: 'it takes no mode, and refuses the whole request (ansible-collections/community.general#3509)',
  },
];

export function quirkOf(vendor: string, manufacturer: string): RedfishQuirk | undefined {
  return REDFISH_QUIRKS.find(({ shownBy }) => shownBy.test(vendor) || shownBy.test(manufacturer));
}
