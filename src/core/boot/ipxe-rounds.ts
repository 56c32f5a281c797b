import type { MacAddress } from '../../lib/addresses.ts';

/** From the answer to the question of what it loads: TFTP on a slow network, and iPXE's own start. */
export const ONE_ROUND_MS = 120_000;
/** A room of machines switched on at once. */
export const MAX_ROUNDS = 4096;

/**
 * Whether a file is iPXE, by the names that its own Makefile and distributions give it: `undionly.kpxe`, `ipxe.pxe`,
 * `snponly.efi`, `ipxe-x86_64.efi`.
 *
 * @param file a name for TFTP, or a URL.
 */
export function isIpxeProgram(file: string): boolean {
  return /(?:\.k{0,3}pxe|(?:^|[-_/])(?:ipxe|snponly|snp|undionly)[^/]*\.(?:efi|0))$/i.test(file);
}

/**
 * Which machines were told to load iPXE, so that this iPXE is known when it asks: it says of itself just what a ROM
 * says that is iPXE already, and would be told to load itself once more.
 */
export class IpxeRounds {
  readonly #told = new Map<
    MacAddress,
    { readonly file: string; readonly xid: number; readonly atMs: number }
  >();

  /**
   * Any other file changes nothing: an offer and its acknowledgement must say the same.
   *
   * @param xid of the message that was answered; one boot program keeps its own.
   */
  told(mac: MacAddress, file: string, xid: number, nowMs: number): void {
    if (!isIpxeProgram(file)) return;
    this.#told.delete(mac);
    this.#told.set(mac, { file, xid, atMs: nowMs });
    if (this.#told.size <= MAX_ROUNDS) return;
    const [oldest] = this.#told.keys();
    if (oldest !== undefined) this.#told.delete(oldest);
  }

  /** What it was told to load, where another program asks by now. */
  before(mac: MacAddress, xid: number, nowMs: number): string | undefined {
    const last = this.#told.get(mac);
    if (last === undefined || last.xid === xid || nowMs - last.atMs > ONE_ROUND_MS) return undefined;
    return last.file;
  }
}
