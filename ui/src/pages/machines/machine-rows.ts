import type { ItemOf } from '../../data/client.ts';
import type { InstallState } from '../../parts/install-state.tsx';

type Machine = ItemOf<'listMachines'>;
type Install = ItemOf<'listInstalls'>;

/** A machine as the table shows it. */
export interface MachineRow {
  readonly machine: Machine;
  readonly state: InstallState | 'none';
  readonly profile?: string;
  /** All that is searched, in lower case. */
  readonly searched: string;
}

/** Of machines that were looked at before: an answer that is asked for again holds the same objects where nothing changed. */
const SEARCHED = new WeakMap<Machine, string>();

function searchedOf(machine: Machine): string {
  const known = SEARCHED.get(machine);
  if (known !== undefined) return known;
  const { name, macs, serial = '', assetTag = '', uuid = '', labels } = machine;
  const labelTexts = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const searched = [name, ...macs, serial, assetTag, uuid, ...labelTexts].join(' ').toLowerCase();
  SEARCHED.set(machine, searched);
  return searched;
}

/** @param installs newest first. */
export function machineRows(
  machines: readonly Machine[],
  installs: readonly Install[],
): readonly MachineRow[] {
  const newest = new Map<string, Install>();
  for (const install of installs) if (!newest.has(install.machineId)) newest.set(install.machineId, install);
  return machines.map((machine) => {
    const install = newest.get(machine.id);
    return {
      machine,
      state: install?.state ?? 'none',
      ...(install === undefined ? {} : { profile: install.profile }),
      searched: searchedOf(machine),
    };
  });
}

export interface Wanted {
  readonly search: string;
  readonly state: InstallState | 'none' | '';
}

/** Those that have every word; a MAC address fits however it is written, and `key=value` only as a whole label. */
export function fitting(rows: readonly MachineRow[], { search, state }: Wanted): readonly MachineRow[] {
  const words = search
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter(
    (row) => (state === '' || row.state === state) && words.every((word) => hasWord(row, word)),
  );
}

function hasWord({ machine, searched }: MachineRow, word: string): boolean {
  const [key = '', value] = word.split('=');
  if (value !== undefined) return machine.labels[key]?.toLowerCase() === value;
  return searched.includes(word) || searched.includes(word.replaceAll('-', ':'));
}
