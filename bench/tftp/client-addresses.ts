import { type Ipv4Address, ipv4FromNumber, ipv4ToNumber } from '../../src/lib/addresses.ts';
import { BENCH_NETWORK } from '../bench-network.ts';

/** The address of the client with this number, from 0: each machine has its own, as in a real room. */
export function clientAddress(number: number): Ipv4Address {
  // The first and the last of every 256 are left out: they would look like a network or a broadcast address.
  const [row, seat] = [Math.floor(number / 254), number % 254];
  return ipv4FromNumber(ipv4ToNumber(BENCH_NETWORK.clients.address) + row * 256 + seat + 1);
}
