import { getSystemErrorMap } from 'node:util';

/** What a user can do about it. First row that fits wins; `call` undefined fits every call. */
const ADVICE: readonly { readonly call?: string; readonly code: string; readonly advice: string }[] = [
  {
    call: 'bind',
    code: 'EACCES',
    advice: 'ports below 1024 need root or CAP_NET_BIND_SERVICE, which the systemd unit gives',
  },
  {
    call: 'socket',
    code: 'EPERM',
    advice: 'raw frames need root or CAP_NET_RAW, which the systemd unit gives',
  },
  {
    call: 'setsockopt',
    code: 'EPERM',
    advice: 'binding to an interface needs root or CAP_NET_RAW, which the systemd unit gives',
  },
  { code: 'EACCES', advice: 'run as root, or give the process CAP_NET_BIND_SERVICE and CAP_NET_RAW' },
  { code: 'EPERM', advice: 'run as root, or give the process CAP_NET_BIND_SERVICE and CAP_NET_RAW' },
  { code: 'ENODEV', advice: 'there is no such interface (any more)' },
  { code: 'ENXIO', advice: 'there is no such interface (any more)' },
  { code: 'ENETDOWN', advice: 'the interface is down: `ip link set NAME up`' },
  { code: 'EADDRNOTAVAIL', advice: 'the address is not (any more) on this machine: see `ip address`' },
  { code: 'EAFNOSUPPORT', advice: 'the kernel or a sandbox forbids this kind of socket' },
  { code: 'EMFILE', advice: 'too many open files: raise LimitNOFILE' },
];

/** A call to the operating system that failed, with its name, its error's name as Node writes it, and advice. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  /** `EACCES`, … */
  readonly code: string;
  /** The positive number, as in errno(3). */
  readonly errno: number;
  /** `bind`, … */
  readonly syscall: string;

  /** @param wish what was to be done, as in "bind 0.0.0.0 port 67". */
  constructor(syscall: string, wish: string, errno: number) {
    const [code, meaning] = getSystemErrorMap().get(-errno) ?? [`error ${errno}`, 'unknown error'];
    const row = ADVICE.find((row) => row.code === code && (row.call ?? syscall) === syscall);
    super(`Cannot ${wish}: ${code} (${row?.advice ?? meaning})`);
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
  }
}

/** The `code` of an error of the system, ours or Node's; undefined for any other value. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
