import type { Ipv4Address } from '../../lib/addresses.ts';
import { IP_PMTUDISC_DONT, type Libc } from '../../os/libc.ts';
import { systemErrorCode } from '../../os/system-call-error.ts';

/**
 * Where the data of transfers comes from. `shared`: one port for each local address, which the system chooses;
 * clients are told apart by their address and port. `same`: the port that requests come to. A number: that port.
 * `each`: a port of its own for each transfer (RFC 1350 §4), which the plain server does.
 */
export type PlaneDataPort = 'shared' | 'same' | number;

/** What may wait in the kernel while a room full of machines is switched on, and what is on its way to a slow card. */
const BUFFER_BYTES = 4 * 1024 * 1024;

/** The sockets of one local address for one thread. They outlive the thread: what comes meanwhile waits in them. */
export interface PlaneSockets {
  readonly requestFd: number;
  readonly dataFd: number;
  readonly port: number;
}

export interface PlaneSocketsOptions {
  readonly libc: Libc;
  readonly address: Ipv4Address;
  readonly port: number;
  readonly dataPort: PlaneDataPort;
  readonly threads: number;
}

/** One for each thread. @throws SystemCallError when a port cannot be had */
export function openPlaneSockets(options: PlaneSocketsOptions): readonly PlaneSockets[] {
  const { libc, address, threads, dataPort } = options;
  const opened: PlaneSockets[] = [];
  try {
    // The kernel lets only sockets that all say so share a port, so whether a stranger has it is tried alone first.
    if (threads > 1 && options.port !== 0) libc.close(openUdp(libc, address, options.port, 'alone'));
    let { port } = options;
    for (let thread = 0; thread < threads; thread += 1) {
      const requestFd = openUdp(libc, address, port, threads > 1 ? 'among threads' : 'alone');
      opened.push({ requestFd, dataFd: requestFd, port });
      port = libc.udpPort(requestFd);
      const dataFd =
        dataPort === 'same' ? requestFd : openUdp(libc, address, dataPortOf(dataPort, thread), 'alone');
      opened[thread] = { requestFd, dataFd, port };
    }
    return opened;
  } catch (error) {
    closePlaneSockets(libc, opened);
    throw error;
  }
}

export function closePlaneSockets(libc: Libc, sockets: readonly PlaneSockets[]): void {
  for (const { requestFd, dataFd } of sockets) {
    libc.close(requestFd);
    if (dataFd !== requestFd) libc.close(dataFd);
  }
}

/** Several threads cannot share one port for data: each answers only what it has sent. */
function dataPortOf(dataPort: 'shared' | number, thread: number): number {
  return dataPort === 'shared' ? 0 : dataPort + thread;
}

function openUdp(libc: Libc, address: Ipv4Address, port: number, share: 'alone' | 'among threads'): number {
  const fd = libc.socket('udp');
  try {
    if (share === 'among threads') libc.setSocketOption(fd, 'SO_REUSEPORT', 1);
    libc.setSocketOption(fd, 'IP_MTU_DISCOVER', IP_PMTUDISC_DONT);
    setBuffer(libc, fd, 'RCVBUF');
    setBuffer(libc, fd, 'SNDBUF');
    libc.bindUdp(fd, address, port);
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

/** As much as may be had: without CAP_NET_ADMIN the system's own limit holds. */
function setBuffer(libc: Libc, fd: number, which: 'RCVBUF' | 'SNDBUF'): void {
  try {
    libc.setSocketOption(fd, `SO_${which}FORCE`, BUFFER_BYTES);
  } catch (error) {
    if (systemErrorCode(error) !== 'EPERM') throw error;
    libc.setSocketOption(fd, `SO_${which}`, BUFFER_BYTES);
  }
}
