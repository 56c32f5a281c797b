import { randomBytes } from 'node:crypto';
import type { MachineHttp } from '../core/boot/machine-urls.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { ComposeNeeds } from './compose.ts';

/** Where machines fetch from, as far as it can be told without one that asks. */
export function machineHttpOf({ settings, machineAddress, syslogAt }: ComposeNeeds): () => MachineHttp {
  return () => {
    const address = machineAddress();
    return { address, port: machinePortOf(settings), syslogPort: syslogAt(address) };
  };
}

export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** 0 where machines are not served over HTTP; nothing is fetched from there then. */
export function machinePortOf(settings: Settings): number {
  const port = settings['machineHttp.port'];
  return port === 'off' ? 0 : port;
}
