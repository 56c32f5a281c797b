import { PowerTrouble } from '../../core/power/power-driver.ts';

/** What certificates are refused for, in words that say what to do. */
const TLS_WORDS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it signed its certificate itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not known here',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

const ADVICE =
  'pin it with --certificate-sha256, name its authority with --ca-file, or say --insecure-tls where nobody else is on the way';

/** Why no answer came, as a sentence. @param origin without user and password. */
export function troubleOfConnection(error: unknown, origin: string): PowerTrouble {
  const inner = innermost(error);
  if (inner instanceof PowerTrouble) return inner;
  const code = codeOf(inner);
  const tls = TLS_WORDS[code];
  if (tls !== undefined) return new PowerTrouble('refused', `${origin} is not trusted: ${tls}; ${ADVICE}`);
  if (isTimeout(error) || isTimeout(inner))
    return new PowerTrouble('unreachable', `${origin} does not answer in time`);
  return new PowerTrouble(
    'unreachable',
    `${origin} cannot be reached: ${code === '' ? messageOf(inner) : code}`,
  );
}

function isTimeout(error: unknown): boolean {
  return (
    (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) ||
    /TIMEOUT|TIMEDOUT/.test(codeOf(error))
  );
}

/** Node hides why under `cause`, and a name with several addresses under several of them. */
function innermost(error: unknown): unknown {
  if (error instanceof PowerTrouble) return error;
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
