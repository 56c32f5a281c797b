import type { WireEvent } from '../../../src/contract/events.ts';

const DHCP = /^dhcp(?:v6)?\./;
/** Who asks for an address before any system runs. */
const BOOTING: ReadonlySet<unknown> = new Set(['firmware', 'ipxe']);

export function isOfDhcp({ kind }: WireEvent): boolean {
  return DHCP.test(kind);
}

/** A machine that asks what to boot, as a running system does not; whether it was told a boot file or not. */
export function isBootRequest(event: WireEvent): boolean {
  const { data = {} } = event;
  return isOfDhcp(event) && (data['bootFile'] !== undefined || BOOTING.has(data['stage']));
}
