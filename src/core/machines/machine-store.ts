import type { MacAddress } from '../../lib/addresses.ts';
import type { NewTimelineEvent, TimelineEvent } from '../events/timeline-event.ts';
import type { Claims } from './identify.ts';
import type { MachinePage, MachineQuery } from './machine-page.ts';
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
/** Machines to add, or to put in place of those with their ids, and what the timeline says of it. */
export interface MachineDecision {
  readonly put: readonly Machine[];
  readonly events: readonly NewTimelineEvent[];
  /** Machines that must not be under installation: nothing is written where one is. */
  readonly idle?: readonly Machine[];
  /** Only what speaks against it is wanted; nothing is written. */
  readonly purpose?: 'look';
}

/** Why one of several machines cannot be written. */
export interface MachineObjection {
  readonly machine: Machine;
  /** It is being installed; otherwise it collides with another. */
  readonly isBusy?: true;
  readonly because: string;
}

/** What becomes of a machine, or why it stays as it is. */
export type ChangeDecision<Because> = (
  now: Machine,
) =>
  | { readonly change: true; readonly machine: Machine }
  | { readonly change: false; readonly because: Because };

export type Changed<Because> =
  | { readonly changed: true; readonly machine: Machine }
  | { readonly changed: false; readonly why: 'gone' }
  /** Its new name or address belongs to another. */
  | { readonly changed: false; readonly why: 'taken'; readonly because: string }
  | { readonly changed: false; readonly why: 'decided'; readonly because: Because };

/** What becomes of two machines that are one computer. */
export type MergeDecision = (
  into: Machine,
  from: Machine,
) =>
  | { readonly merge: true; readonly machine: Machine; readonly event: NewTimelineEvent }
  | { readonly merge: false; readonly because: string };

export interface MachineStore {
  /** By name, in order. */
  list(): Promise<readonly Machine[]>;
  /** Those that are taken. */
  names(): Promise<ReadonlySet<string>>;
  /** Those that fit, as many as are wanted, behind the place where a page ended. */
  page(query: MachineQuery): Promise<MachinePage>;
  byId(id: string): Promise<Machine | undefined>;
  /** What machines are called, by their ids; those that are gone are left out. */
  namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** What the machines of these MAC addresses are called, by address. */
  namesOfMacs(macs: readonly MacAddress[]): Promise<ReadonlyMap<MacAddress, string>>;
  byName(name: string): Promise<Machine | undefined>;
  byMac(mac: MacAddress): Promise<Machine | undefined>;
  /** All that have one of the claims, by name; of a port, all with that circuit. */
  byClaims(claims: Claims): Promise<readonly Machine[]>;
  /** Those that have no MAC address yet, by name. */
  unmet(): Promise<readonly Machine[]>;
  /**
   * Adds the machine, or replaces the one with this id, in one transaction. Nothing is written when another
   * machine has the name or one of the MAC addresses, or it has nothing to be known by.
   */
  put(machine: Machine): Promise<{ put: true } | { put: false; because: string }>;
  /**
   * Replaces the machine as it is decided on what it is now, in one transaction, so that of two changes at once none
   * is undone. `decide` may be asked again, so it only decides.
   */
  change<Because>(id: string, decide: ChangeDecision<Because>): Promise<Changed<Because>>;
  /**
   * Adds a machine by a rule, unless so many are there already that a rule made known; in one transaction, so that
   * no two packets make one too many.
   */
  enrol(machine: Machine, by: Enrolment, maximum: number): Promise<Enrolled>;
  /** How many machines that are there were made known by a rule. */
  countEnrolled(): Promise<number>;
  /**
   * Decides on all machines there are, and writes what was decided with its events, all in one transaction, or
   * nothing where something speaks against one of them. `decide` may be asked again, so it only decides.
   */
  putAll<Decided extends MachineDecision>(
    decide: (all: readonly Machine[]) => Decided,
  ): Promise<
    | { readonly put: true; readonly decided: Decided; readonly events: readonly TimelineEvent[] }
    | { readonly put: false; readonly objections: readonly MachineObjection[] }
  >;
  /**
   * Gives a machine its first MAC address, and writes the event, in one transaction. Nothing is written where it has
   * one by now, or another machine has this one.
   */
  learn(
    id: string,
    mac: MacAddress,
    event: NewTimelineEvent,
  ): Promise<{ learned: true; event: TimelineEvent } | { learned: false; because: string }>;
  /**
   * Makes one machine of two, as it is decided on what both are now: installs and events of the second become the
   * first's, and the second is gone, in one transaction. Refused while an install of the second is open.
   */
  merge(
    ids: { readonly into: string; readonly from: string },
    decide: MergeDecision,
  ): Promise<{ merged: true; machine: Machine; event: TimelineEvent } | { merged: false; because: string }>;
  /** Takes its installs along; refused while one is open. Its events stay. */
  remove(id: string): Promise<{ removed: true } | { removed: false; because: string }>;
}
