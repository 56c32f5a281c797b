import { type Ipv4Network, networkContains, UNSPECIFIED } from '../../lib/addresses.ts';
import type { DhcpMessage } from './message.ts';

export interface InterfaceToDeduce {
  readonly interfaceName: string;
  readonly localNetwork: Ipv4Network;
}

/**
 * On which interface a message arrived, where the system does not tell: from what the message says of itself. First
 * rule that fits wins. A client without an address says nothing, so with several interfaces it cannot be served.
 */
export function deduceInterface<T extends InterfaceToDeduce>(
  message: Pick<DhcpMessage, 'giaddr' | 'ciaddr'>,
  candidates: readonly T[],
): { readonly arrivedAt: T } | { readonly because: string } {
  const [only, ...others] = candidates;
  if (only === undefined) return { because: 'no interface is served' };
  if (others.length === 0) return { arrivedAt: only };
  for (const [field, address] of [
    ['giaddr', message.giaddr],
    ['ciaddr', message.ciaddr],
  ] as const) {
    if (address === UNSPECIFIED) continue;
    const arrivedAt = candidates.find(({ localNetwork }) => networkContains(localNetwork, address));
    return arrivedAt
      ? { arrivedAt }
      : { because: `${field} ${address} is in none of ${nameAll(candidates)}` };
  }
  return {
    because: `the client has no address yet, so it could be on any of ${nameAll(candidates)}: without the C library only one of them can be served`,
  };
}

function nameAll(candidates: readonly InterfaceToDeduce[]): string {
  return candidates.map(({ interfaceName }) => interfaceName).join(', ');
}
