import type { IpAddress, Ipv4Address } from '../lib/addresses.ts';
import type { Settings } from '../core/settings/settings.ts';
import { serveSyslog, type SyslogServer } from '../protocols/syslog/server.ts';
import { sayPortTaken } from '../os/port-owner.ts';
import { systemErrorCode } from '../os/system-call-error.ts';
import type { Services } from './compose.ts';
import { faultData, type Log } from './log.ts';
import { type AddressServer, PerAddress } from './per-address.ts';

export interface SyslogDoorsNeeds {
  readonly settings: Settings;
  readonly services: Pick<Services, 'intake'>;
  readonly log: Log;
}

/** A door, or the reason why there is none. */
interface Door extends AddressServer {
  readonly because: string | undefined;
  readonly connections: number;
}

/**
 * Takes the logs of installers, over UDP and TCP. Machines can be installed without, so a port that is taken keeps
 * nothing else closed: installers are not told of it then.
 */
export class SyslogDoors {
  readonly #needs: SyslogDoorsNeeds;
  readonly #doors: PerAddress<Door>;

  constructor(needs: SyslogDoorsNeeds) {
    this.#needs = needs;
    this.#doors = new PerAddress((address) => this.#orReason(address));
  }

  async setAddresses(addresses: readonly Ipv4Address[]): Promise<void> {
    if (this.#needs.settings['syslog.port'] !== 'off') await this.#doors.setAddresses(addresses);
  }

  /** The port at an address, where one is open there. */
  portAt(address: IpAddress): number | undefined {
    return this.#open.find((door) => door.address === address)?.port;
  }

  get listeners(): readonly { readonly protocol: string; readonly address: string; readonly port: number }[] {
    return this.#open.map(({ address, port }) => ({ protocol: 'syslog', address, port }));
  }

  /** Why no logs are taken over syslog, where they should be. */
  get closed(): string | undefined {
    return this.#doors.servers.find(({ because }) => because !== undefined)?.because;
  }

  get connections(): number {
    return this.#open.reduce((sum, { connections }) => sum + connections, 0);
  }

  async close(): Promise<void> {
    await this.#doors.setAddresses([]);
  }

  get #open(): readonly Door[] {
    return this.#doors.servers.filter(({ because }) => because === undefined);
  }

  async #orReason(address: Ipv4Address): Promise<Door> {
    try {
      const server = await this.#serve(address);
      return {
        address,
        port: server.port,
        close: () => server.close(),
        because: undefined,
        get connections() {
          return server.connections;
        },
      };
    } catch (error) {
      const because = this.#explain(error);
      this.#needs.log.warn(`The logs of installers are not taken over syslog at ${address}: ${because}`);
      return { address, port: 0, close: () => Promise.resolve(), because, connections: 0 };
    }
  }

  #serve(address: Ipv4Address): Promise<SyslogServer> {
    const { settings, services, log } = this.#needs;
    const { intake } = services;
    return serveSyslog({
      address,
      port: Number(settings['syslog.port']),
      take: (message, from, how) => void intake.takeMessage(message, from, how),
      dropped: (what) => intake.fates.count(what),
      failed: (error) => log.error('Syslog could not take what an installer said', faultData(error)),
      nowMs: () => performance.now(),
    });
  }

  #explain(error: unknown): string {
    const port = Number(this.#needs.settings['syslog.port']);
    const code = systemErrorCode(error);
    const message = error instanceof Error ? error.message : String(error);
    if (code === 'EADDRINUSE') {
      // TCP listens, UDP binds: so Node says which of the two it was.
      const protocol = message.startsWith('bind ') ? 'udp' : 'tcp';
      return `${sayPortTaken(protocol, port)}: stop it, or use another port or none: --set syslog.port=${port < 1024 ? port + 6_000 : port + 1}, --set syslog.port=off`;
    }
    if (code === 'EACCES' || code === 'EPERM')
      return `this user may not listen on port ${port}: run Muster as root, or with CAP_NET_BIND_SERVICE as packaging/muster.service does`;
    return message;
  }
}
