import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { ClockSource } from '../services/dhcp/lease-clock.ts';

/** The clocks of this computer. */
export function clockSource(): ClockSource {
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return {
    // Uptime goes on while the computer sleeps, as leases do.
    read: () => ({ bootId, uptimeMs: uptime() * 1_000, wallMs: Date.now() }),
    monotonicMs: () => performance.now(),
  };
}
