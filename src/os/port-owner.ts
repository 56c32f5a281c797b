import { list, readLink, readText } from './read-if-there.ts';

export type PortProtocol = 'udp' | 'tcp';

/** One socket of /proc/net/udp or /proc/net/tcp that holds a port. */
export interface PortHolder {
  readonly port: number;
  readonly inode: string;
  readonly userId: number;
}

/** `st` of /proc/net/tcp: TCP_LISTEN. UDP sockets that are bound have TCP_CLOSE or, connected, TCP_ESTABLISHED. */
const LISTENING = '0A';

/** What Node calls its first thread from 24 on, and so its process: it says nothing of the program. */
const NAME_OF_NODE = 'MainThread';

/**
 * Who has the port on this machine, for people: `dnsmasq (pid 812)`, `this process`, or `a process of user dnsmasq`
 * when only root may see more. Undefined when nobody has it.
 */
export function portOwner(protocol: PortProtocol, port: number): string | undefined {
  const holders = [protocol, `${protocol}6`]
    .flatMap((table) => decodeSocketTable(readText(`/proc/net/${table}`) ?? '', protocol))
    .filter((holder) => holder.port === port);
  if (holders.length === 0) return undefined;
  const pids = processesWith(new Set(holders.map((holder) => `socket:[${holder.inode}]`)));
  if (pids.length > 0) return pids.map(processName).join(', ');
  return [...new Set(holders.map((holder) => `a process of user ${userName(holder.userId)}`))].join(', ');
}

/** `UDP port 67 is taken by dnsmasq (pid 812)`, for an EADDRINUSE. */
export function sayPortTaken(protocol: PortProtocol, port: number): string {
  const owner = portOwner(protocol, port) ?? 'a process that cannot be seen from here';
  return `${protocol.toUpperCase()} port ${port} is taken by ${owner}`;
}

/** The rows of /proc/net/{udp,tcp}{,6}, proc(5): of TCP only those that listen. */
export function decodeSocketTable(text: string, protocol: PortProtocol): readonly PortHolder[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , userId, , inode] = line.trim().split(/\s+/);
      const port = Number.parseInt(local.split(':')[1] ?? '', 16);
      if (inode === undefined || Number.isNaN(port)) return [];
      if (protocol === 'tcp' && state !== LISTENING) return [];
      return [{ port, inode, userId: Number(userId) }];
    });
}

/** The processes that have one of these files open, as far as this user may see. */
function processesWith(links: ReadonlySet<string>): readonly number[] {
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => list(`/proc/${pid}/fd`).some((fd) => links.has(readLink(`/proc/${pid}/fd/${fd}`) ?? '')))
    .map(Number);
}

function processName(pid: number): string {
  if (pid === process.pid) return 'this process';
  return `${commandOf(pid) ?? 'a process'} (pid ${pid})`;
}

function commandOf(pid: number): string | undefined {
  const name = readText(`/proc/${pid}/comm`)?.trim();
  if (name !== NAME_OF_NODE) return name;
  return readLink(`/proc/${pid}/exe`)?.split('/').at(-1) ?? name;
}

function userName(userId: number): string {
  const line = (readText('/etc/passwd') ?? '')
    .split('\n')
    .find((line) => line.split(':')[2] === String(userId));
  return line?.split(':')[0] ?? String(userId);
}
