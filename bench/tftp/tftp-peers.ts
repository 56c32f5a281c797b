import { BENCH_NETWORK } from '../bench-network.ts';
import type { PeerName } from '../peer-packages.ts';

export const TFTP_PORT = 69;

export interface TftpPeer {
  readonly name: PeerName;
  /** RFC 7440; one that does not know it is asked in lock step. */
  readonly knowsWindows: boolean;
  /** In the foreground, on the network of the run, as root so that it keeps its rights to the files. */
  readonly command: (program: string, files: string) => readonly string[];
}

/** Their own settings, but for limits that the number of clients would meet. */
export const TFTP_PEERS: readonly TftpPeer[] = [
  {
    name: 'dnsmasq',
    knowsWindows: false,
    command: (program, files) => [
      program,
      '--keep-in-foreground',
      '--port=0',
      '--conf-file=/dev/null',
      '--enable-tftp',
      `--tftp-root=${files}`,
      '--tftp-max=2000',
      '--user=root',
      `--listen-address=${BENCH_NETWORK.server}`,
      '--bind-interfaces',
      '--pid-file',
      '--log-facility=/dev/null',
    ],
  },
  {
    name: 'tftpd-hpa',
    knowsWindows: false,
    command: (program, files) => [
      program,
      '-L',
      '-u',
      'root',
      '-a',
      `${BENCH_NETWORK.server}:${TFTP_PORT}`,
      '-s',
      files,
    ],
  },
  {
    name: 'atftpd',
    knowsWindows: true,
    command: (program, files) => [
      program,
      '--daemon',
      '--no-fork',
      '--port',
      String(TFTP_PORT),
      '--bind-address',
      BENCH_NETWORK.server,
      '--maxthread',
      '1000',
      '--user',
      'root.root',
      '--logfile',
      '/dev/null',
      files,
    ],
  },
];
