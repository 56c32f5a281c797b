/** The cookie of a log-in; over TLS its name begins with `__Host-` as well. */
export const SESSION_COOKIE = 'muster_session';
