import { BENCH_NETWORK } from '../bench-network.ts';

/**
 * vsftpd as it is without a configuration (with sendfile, a process for each client, no log of transfers), in the foreground, for
 * anonymous clients. Its user `ftp` would be made by its package, which is not installed; any other will do whose home is there.
 */
export function vsftpdConfiguration({
  folder,
  root,
  port,
}: {
  /** Empty: where its processes are shut in. */
  readonly folder: string;
  readonly root: string;
  readonly port: number;
}): string {
  return `listen=YES
background=NO
listen_address=${BENCH_NETWORK.server}
listen_port=${port}
anonymous_enable=YES
local_enable=NO
ftp_username=daemon
nopriv_user=nobody
secure_chroot_dir=${folder}
anon_root=${root}
max_per_ip=0
max_clients=0
`;
}
