/**
 * Circuit and remote identifiers are bytes without a form (RFC 3046 §3.1): some switches send text, others numbers.
 * Each has one text here, so that what people write and what arrives can be compared.
 */

/** An option holds no more. */
export const MAX_PORT_ID_BYTES = 255;

/** Visible ASCII but `=` and `@`, which part a port from what stands beside it. */
const PLAIN = /^(?!0x)[!-<>?A-~]+$/i;

/** `eth0/7` where the bytes are plain text, else `0x0004000a0103`. */
export function portText(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes);
  if (PLAIN.test(text)) return text;
  return `0x${[...bytes].map((octet) => octet.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * What people write as `portText` writes it: text, or bytes as `0x` and hex digits.
 *
 * @throws SyntaxError
 */
export function parsePortText(text: string): string {
  if (/^0x(?:[\da-f]{2})+$/i.test(text) && text.length <= 2 + 2 * MAX_PORT_ID_BYTES) {
    const octets = text.slice(2).match(/../g) ?? [];
    return portText(Uint8Array.from(octets, (pair) => Number.parseInt(pair, 16)));
  }
  if (PLAIN.test(text) && text.length <= MAX_PORT_ID_BYTES) return text;
  throw new SyntaxError(
    `"${text}" is not the identifier of a port: visible ASCII without spaces, = and @, or 0x and hex digits, is wanted, at most ${MAX_PORT_ID_BYTES} bytes`,
  );
}

/** What makes two messages the same client, where the port is the client. */
export function portKey(circuitId: string | undefined, remoteId: string | undefined): string {
  return remoteId === undefined ? `port:${circuitId ?? ''}` : `port:${circuitId ?? ''}@${remoteId}`;
}
