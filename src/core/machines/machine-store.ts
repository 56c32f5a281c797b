import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import type { Machine } from './machine.ts';

/** By which rule a machine was made known, and when. */
export interface Enrolment {
  /** Its number and what it asks for, as they are now. */
  readonly rule: string;
  readonly atMs: number;
}

export type Enrolled =
  | { readonly enrolled: true }
  /** `taken`: its name or address belongs to another by now. `full`: there are as many as there may be. */
  | { readonly enrolled: false; readonly why: 'taken' | 'full'; readonly because: string };

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
  /**
   * Adds a machine by a rule, unless so many are there already that a rule made known; in one transaction, so that
   * no two packets make one too many.
   */
  enrol(machine: Machine, by: Enrolment, maximum: number): Promise<Enrolled>;
  /** How many machines that are there were made known by a rule. */
  countEnrolled(): Promise<number>;
  /** Takes its installs along; refused while one is open. Its events stay. */
  remove(id: string): Promise<{ removed: true } | { removed: false; because: string }>;
}
