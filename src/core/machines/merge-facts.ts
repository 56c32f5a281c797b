import { FACT_SOURCES, type FactName, type FactReport, type Facts, type FactSource } from './facts.ts';

/** Who is believed: groups of sources, the first that said something wins; within a group the one that spoke last. */
type Order = readonly (readonly FactSource[])[];

/** The same program measures both times, from within the machine; iPXE and the ROM repeat what the firmware says. */
const MEASURED_FIRST: Order = [['discovery', 'installer'], ['ipxe'], ['dhcp']];
/** What changes with a setting of the firmware, so that the last boot knows it best. */
const LAST_BOOT: Order = [FACT_SOURCES];
const ONLY_DHCP: Order = [['dhcp']];

/** Every fact, as people call it, and whom to believe. */
export const FACT_RULES = {
  cpu: { label: 'processor', order: MEASURED_FIRST },
  memoryMegabytes: { label: 'memory', order: MEASURED_FIRST },
  disks: { label: 'disks', order: MEASURED_FIRST },
  nics: { label: 'network cards', order: MEASURED_FIRST },
  vendor: { label: 'vendor', order: MEASURED_FIRST },
  product: { label: 'product', order: MEASURED_FIRST },
  serial: { label: 'serial number', order: MEASURED_FIRST },
  assetTag: { label: 'asset tag', order: MEASURED_FIRST },
  uuid: { label: 'UUID', order: MEASURED_FIRST },
  biosVersion: { label: 'firmware version', order: MEASURED_FIRST },
  firmware: { label: 'firmware', order: LAST_BOOT },
  architecture: { label: 'architecture', order: MEASURED_FIRST },
  hostname: { label: 'host name', order: ONLY_DHCP },
  vendorClass: { label: 'vendor class', order: ONLY_DHCP },
} as const satisfies Record<FactName, { readonly label: string; readonly order: Order }>;

export const FACT_NAMES = Object.keys(FACT_RULES) as readonly FactName[];

/** Of one fact: who said it that is believed, and when. */
export interface FactOrigin {
  readonly source: FactSource;
  readonly atMs: number;
}

export interface MergedFacts {
  readonly facts: Facts;
  /** Of each fact that is there. */
  readonly origins: Readonly<Partial<Record<FactName, FactOrigin>>>;
}

/** One view of what all sources said. */
export function mergeFacts(reports: readonly FactReport[]): MergedFacts {
  const found = FACT_NAMES.flatMap((name) => {
    const report = believed(reports, name);
    return report ? [{ name, report }] : [];
  });
  return {
    facts: Object.fromEntries(found.map(({ name, report }) => [name, report.facts[name]])),
    origins: Object.fromEntries(found.map(({ name, report: { source, atMs } }) => [name, { source, atMs }])),
  };
}

function believed(reports: readonly FactReport[], name: FactName): FactReport | undefined {
  const order: Order = FACT_RULES[name].order;
  for (const group of order) {
    const said = reports.filter(({ source, facts }) => group.includes(source) && facts[name] !== undefined);
    const last = said.toSorted((one, other) => other.atMs - one.atMs)[0];
    if (last) return last;
  }
  return undefined;
}
