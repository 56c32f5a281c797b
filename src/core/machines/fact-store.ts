import type { FactReport } from './facts.ts';

/** What one source said, and of which machine. */
export interface MachineReport extends FactReport {
  readonly machineId: string;
}

export interface FactStore {
  /** What each source said of the machine; nothing of one that is not known. */
  ofMachine(machineId: string): Promise<readonly FactReport[]>;
  /** The same of several, by their ids; those of which nothing is kept are left out. */
  ofMachines(machineIds: readonly string[]): Promise<ReadonlyMap<string, readonly FactReport[]>>;
  /** Of every machine, by its id. */
  all(): Promise<ReadonlyMap<string, readonly FactReport[]>>;
  /** In place of what the same source said before. False where there is no such machine: nothing is written then. */
  put(machineId: string, report: FactReport): Promise<boolean>;
  /**
   * The same of several machines, all or nothing: of two reports of one source on one machine, the last stays. Gives the
   * ids of machines that are not there; theirs are left out, and the others are written.
   */
  putAll(reports: readonly MachineReport[]): Promise<ReadonlySet<string>>;
}
