import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import type { Machine } from './machine.ts';

export interface MachineStore {
  /** By name, in order. */
  list(): Promise<readonly Machine[]>;
  byId(id: string): Promise<Machine | undefined>;
  byName(name: string): Promise<Machine | undefined>;
  byMac(mac: MacAddress): Promise<Machine | undefined>;
  /** Undefined also where several machines have it: some boards share one, and then it names none of them. */
  byUuid(uuid: Uuid): Promise<Machine | undefined>;
  /**
   * Adds the machine, or replaces the one with this id, in one transaction. Nothing is written when another
   * machine has the name or one of the MAC addresses.
   */
  put(machine: Machine): Promise<{ put: true } | { put: false; because: string }>;
  /** Takes its installs along; refused while one is open. Its events stay. */
  remove(id: string): Promise<{ removed: true } | { removed: false; because: string }>;
}
