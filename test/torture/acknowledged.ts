/** What the load was told on the wire about one machine, as it writes it down for the torture. */
export interface Acknowledged {
  readonly mac: string;
  readonly address: string;
  readonly leaseSeconds: number;
  /** When the DHCPREQUEST left and its DHCPACK came, by the wall. */
  readonly askedAtMs: number;
  readonly toldAtMs: number;
  /** A later request got no answer: the lease may have been extended all the same. */
  readonly asksAgain: boolean;
}

export interface LoadReport {
  readonly acknowledged: readonly Acknowledged[];
  /** Addresses that two machines were told at the same time. */
  readonly doubled: readonly string[];
}

/** A lease as `muster lease ls -o json` shows it, of which more is not needed. */
export interface LeaseShown {
  readonly mac?: string | undefined;
  readonly address: string;
  readonly state: string;
  readonly expiresAt: string;
}

/** Milliseconds that a clock read twice may differ. */
const TOLERANCE_MS = 20;

/** What is wrong with the leases on record, as sentences; none is how it ought to be. */
export function compareLeases(report: LoadReport, shown: readonly LeaseShown[]): readonly string[] {
  const byAddress = new Map(shown.map((lease) => [lease.address, lease]));
  const wrong = report.doubled.map((address) => `${address} was acknowledged to two machines`);
  if (byAddress.size < shown.length) wrong.push('an address has two leases');
  for (const told of report.acknowledged) {
    const lease = byAddress.get(told.address);
    if (lease?.mac !== told.mac || lease.state !== 'held')
      wrong.push(`${told.address} of ${told.mac} is lost: ${JSON.stringify(lease ?? 'nothing on record')}`);
    else if (!isOnTime(told, Date.parse(lease.expiresAt)))
      wrong.push(`${told.address} of ${told.mac} ends at ${lease.expiresAt}, which it was not told`);
  }
  return wrong;
}

function isOnTime({ askedAtMs, toldAtMs, leaseSeconds, asksAgain }: Acknowledged, endMs: number): boolean {
  const early = askedAtMs + leaseSeconds * 1000 - TOLERANCE_MS;
  const late = asksAgain ? Number.POSITIVE_INFINITY : toldAtMs + leaseSeconds * 1000 + TOLERANCE_MS;
  return early <= endMs && endMs <= late;
}
