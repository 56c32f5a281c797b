/** The cookie of a log-in. */
export const SESSION_COOKIE = 'muster_session';

/** Over TLS, no other host and no page without TLS can set one of its name (RFC 6265bis §4.1.3.2). */
export function sessionCookieName(protocol: string): string {
  return protocol.startsWith('https') ? `__Host-${SESSION_COOKIE}` : SESSION_COOKIE;
}
