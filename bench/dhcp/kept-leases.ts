/** A lease as `muster lease ls` shows it, of which more is not needed. */
export interface LeaseSeen {
  readonly mac?: string;
  readonly address: string;
  readonly state: string;
}

/** How many of the acknowledged leases are still held, by the same machine and with the same address. */
export function keptAfterKill(
  acknowledged: readonly (readonly [mac: string, address: string])[],
  leases: readonly LeaseSeen[],
): number {
  const held = new Set(
    leases.filter(({ state }) => state === 'held').map(({ mac, address }) => `${mac} ${address}`),
  );
  return acknowledged.filter(([mac, address]) => held.has(`${mac} ${address}`)).length;
}
