/** A storm of booting machines, and what came of it: the words between the suite and its load program. */

export interface StormLoad {
  readonly server: string;
  /** The relay all machines are behind: the load program's own address. */
  readonly relay: string;
  readonly machines: number;
  /** All are switched on within this time. */
  readonly startSeconds: number;
  /** What is not bound after this time is given up. */
  readonly limitSeconds: number;
  readonly seed: number;
}

export interface StormReport {
  /** [hardware address, address] of every machine that got a DHCPACK. */
  readonly bound: readonly (readonly [mac: string, address: string])[];
  /** From its first DHCPDISCOVER to its DHCPACK; undefined when no machine is bound. */
  readonly leaseMs?: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
  /** From the first DHCPDISCOVER of all to the last DHCPACK. */
  readonly seconds: number;
  readonly repetitions: number;
  readonly clientCpuSeconds: number;
}
