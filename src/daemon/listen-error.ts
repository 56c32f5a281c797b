import type { SettingName } from '../core/settings/settings.ts';
import { type PortProtocol, sayPortTaken } from '../os/port-owner.ts';
import { StartError } from './lifecycle.ts';

/** A port that was to be opened. */
export interface WantedPort {
  readonly protocol: PortProtocol;
  readonly port: number;
  readonly setting: SettingName;
}

/** One line for whoever starts Muster: what could not be opened, who has it, and what to do. */
export function listenError(error: unknown, wanted: WantedPort): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const named = `${wanted.protocol.toUpperCase()} port ${wanted.port}`;
  if (code === 'EADDRINUSE') {
    const other = wanted.port < 1024 ? wanted.port + 6_000 : wanted.port + 1;
    return new StartError(
      `${sayPortTaken(wanted.protocol, wanted.port)}: stop it, or use another port or none: --set ${wanted.setting}=${other}, --set ${wanted.setting}=off`,
      1,
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new StartError(
      `Cannot listen on ${named}, this user may not: run Muster as root, or with CAP_NET_BIND_SERVICE and CAP_NET_RAW as packaging/muster.service does`,
      77,
    );
  }
  return error;
}
