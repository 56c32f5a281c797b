/** Addresses as numbers, as far as the map needs them. The server alone says whether one fits. */

const OCTET = 256;

/** @returns nothing where it is no IPv4 address. */
export function numberOf(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < OCTET))
    return undefined;
  return parts.reduce((sum, part) => sum * OCTET + Number(part), 0);
}

export function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % OCTET).join('.');
}

/** The first and the last number of `A.B.C.D/N`. */
export function boundsOf(network: string): { readonly first: number; readonly last: number } | undefined {
  const [address = '', prefix = ''] = network.split('/');
  const first = numberOf(address);
  const length = Number(prefix);
  if (first === undefined || prefix === '' || !(length >= 0 && length <= 32)) return undefined;
  return { first, last: first + 2 ** (32 - length) - 1 };
}
