import type { MacAddress } from '../../lib/addresses.ts';

/**
 * AMD's magic packet (Magic Packet Technology, publication 20213): six bytes FF, the MAC address sixteen times, and
 * perhaps a SecureOn password. The network card looks for it anywhere in a frame.
 */

const SYNCHRONISATION_BYTES = 6;
const REPETITIONS = 16;
const MAC_BYTES = 6;

/** @throws RangeError for a password that is not of 4 or 6 bytes. */
export function magicPacket(mac: MacAddress, password: Uint8Array = new Uint8Array()): Uint8Array {
  if (![0, 4, 6].includes(password.length))
    throw new RangeError(`Cannot wake with a password of ${password.length} bytes: it has 4 or 6`);
  const address = mac.split(':').map((part) => Number.parseInt(part, 16));
  const packet = new Uint8Array(SYNCHRONISATION_BYTES + REPETITIONS * MAC_BYTES + password.length);
  packet.fill(0xff, 0, SYNCHRONISATION_BYTES);
  for (let at = 0; at < REPETITIONS; at += 1) packet.set(address, SYNCHRONISATION_BYTES + at * MAC_BYTES);
  packet.set(password, SYNCHRONISATION_BYTES + REPETITIONS * MAC_BYTES);
  return packet;
}
