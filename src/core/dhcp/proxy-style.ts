import type { MacAddress } from '../../lib/addresses.ts';
import { firmwareOf } from '../boot/firmware.ts';
import type { BootClient } from '../boot/next-step.ts';

/**
 * How a proxyDHCP offer says what to boot. `direct`: the client fetches what the offer names. `ask again`: it asks port
 * 4011 for it. `menu`: the same, by a menu of one item in option 43.
 */
export type ProxyStyle = 'direct' | 'ask again' | 'menu';

/** What people are told of a style. */
export const STYLE_WORDS: Readonly<Record<ProxyStyle, string>> = {
  direct: 'the offer names the file, and nothing is to be asked at port 4011',
  'ask again': 'the client is to ask port 4011',
  menu: 'a menu of one item in option 43, for which the client is to ask port 4011',
};

/**
 * The style for a client, and the one to try where it does not follow that. UEFI asks port 4011, as dnsmasq and Pixiecore
 * have it; BIOS ROMs and iPXE take what the offer says. iPXE was never seen to need another, and HTTP Boot has none.
 */
export function proxyStyles({ stage, architecture }: BootClient): readonly [ProxyStyle, ...ProxyStyle[]] {
  const firmware = firmwareOf(architecture ?? 0);
  if (stage !== 'firmware' || firmware?.over === 'HTTP') return ['direct'];
  return firmware?.platform === 'UEFI' ? ['ask again', 'direct'] : ['direct', 'menu'];
}

/** A room of machines whose firmware is all alike. */
export const MAX_TURNED = 4096;

/** Clients that hear the other style, since they did not follow the usual one. */
export class TurnedClients {
  /** The one turned first stands first. */
  readonly #macs = new Set<MacAddress>();

  styleFor(mac: MacAddress | undefined, client: BootClient): ProxyStyle {
    const [usual, other = usual] = proxyStyles(client);
    return mac !== undefined && this.#macs.has(mac) ? other : usual;
  }

  /** From now on the client hears the style that it does not hear now. */
  turn(mac: MacAddress): void {
    if (this.#macs.delete(mac)) return;
    this.#macs.add(mac);
    if (this.#macs.size <= MAX_TURNED) return;
    const [oldest] = this.#macs;
    if (oldest !== undefined) this.#macs.delete(oldest);
  }
}
