/**
 * The variants and versions of Butane, each with the specification of Ignition it leads to: the table
 * "Target Ignition spec" of Butane's own documents. `minor` is that of 3.MINOR.0.
 */
export interface ButaneVersion {
  readonly variant: 'fcos' | 'flatcar';
  readonly version: string;
  readonly minor: number;
}

export const BUTANE_VERSIONS: readonly ButaneVersion[] = [
  { variant: 'fcos', version: '1.0.0', minor: 0 },
  { variant: 'fcos', version: '1.1.0', minor: 1 },
  { variant: 'fcos', version: '1.2.0', minor: 2 },
  { variant: 'fcos', version: '1.3.0', minor: 2 },
  { variant: 'fcos', version: '1.4.0', minor: 3 },
  { variant: 'fcos', version: '1.5.0', minor: 4 },
  { variant: 'fcos', version: '1.6.0', minor: 5 },
  { variant: 'flatcar', version: '1.0.0', minor: 3 },
  { variant: 'flatcar', version: '1.1.0', minor: 4 },
];

/** Variants that exist and are not translated, and why. */
export const OTHER_VARIANTS: Readonly<Record<string, string>> = {
  openshift:
    'it makes a MachineConfig, which the operator of OpenShift reads and no installer does: write the machine with fcos, and give the cluster the rest',
  rhcos: 'Butane has no such variant any more: write fcos',
  fiot: 'Fedora IoT has no installer that Muster starts: write fcos or flatcar',
  r4e: 'RHEL for Edge has no installer that Muster starts: write fcos or flatcar',
};
