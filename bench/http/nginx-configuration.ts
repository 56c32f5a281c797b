import { BENCH_NETWORK } from '../bench-network.ts';

/**
 * nginx as Debian has it (sendfile and tcp_nopush on), in the foreground, with one worker for the one processor that the
 * server has, no log of requests, and connections that stay open.
 */
export function nginxConfiguration({
  folder,
  root,
  port,
}: {
  readonly folder: string;
  readonly root: string;
  readonly port: number;
}): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${folder}/${name};`)
    .join('\n');
  return `user root;
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events {
  worker_connections 1024;
}
http {
  sendfile on;
  tcp_nopush on;
  access_log off;
  keepalive_requests 1000000000;
${temporary}
  server {
    listen ${BENCH_NETWORK.server}:${port};
    root ${root};
  }
}
`;
}
