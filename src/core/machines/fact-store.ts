import type { FactReport } from './facts.ts';

export interface FactStore {
  /** What each source said of the machine; nothing of one that is not known. */
  ofMachine(machineId: string): Promise<readonly FactReport[]>;
  /** Of every machine, by its id. */
  all(): Promise<ReadonlyMap<string, readonly FactReport[]>>;
  /** In place of what the same source said before. False where there is no such machine: nothing is written then. */
  put(machineId: string, report: FactReport): Promise<boolean>;
}
