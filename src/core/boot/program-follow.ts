import type { IpAddress, MacAddress } from '../../lib/addresses.ts';

/** A program that firmware fetched whole, to start it. */
export interface FetchedProgram {
  readonly address: IpAddress;
  readonly mac?: MacAddress | undefined;
  readonly file: string;
}

/** How a machine did not go on. */
export type NotGoneOn = 'starts over' | 'falls silent';

/**
 * A loader that runs asks for its next file or for an address of its own within a few seconds; EDK2 that refuses one
 * goes on to its next way of booting at once, or stands in its menu.
 */
export const GOES_ON_WITHIN_MS = 30_000;
/** A room of machines switched on at once. */
export const MAX_PROGRAMS = 4096;

/** Whether the programs that firmware fetches are started: told what was seen, it says which were not. */
export class ProgramFollow<Program extends FetchedProgram> {
  /** The newest stand last. */
  readonly #fetched = new Map<IpAddress, { readonly program: Program; readonly atMs: number }>();
  readonly #addressOf = new Map<MacAddress, IpAddress>();

  fetched(program: Program, nowMs: number): void {
    this.#forget(program.address);
    this.#fetched.set(program.address, { program, atMs: nowMs });
    if (program.mac !== undefined) this.#addressOf.set(program.mac, program.address);
    if (this.#fetched.size <= MAX_PROGRAMS) return;
    const [oldest] = this.#fetched.keys();
    if (oldest !== undefined) this.#forget(oldest);
  }

  /** It asks for a file. Firmware may ask for the same one more than once. */
  asked(address: IpAddress, file: string): void {
    if (this.#fetched.size > 0 && this.#fetched.get(address)?.program.file !== file) this.#forget(address);
  }

  /** Another program of this machine asks DHCP: what was fetched runs. */
  runs(mac: MacAddress): void {
    const address = this.#addressOf.get(mac);
    if (address !== undefined) this.#forget(address);
  }

  /** Its firmware asks DHCP: @returns the program that it fetched and did not go on with, once. */
  startsOver(mac: MacAddress): Program | undefined {
    const address = this.#addressOf.get(mac);
    const fetched = address === undefined ? undefined : this.#fetched.get(address);
    if (address !== undefined) this.#forget(address);
    return fetched?.program;
  }

  /** Those that have been silent for too long, each once. */
  takeSilent(nowMs: number): readonly Program[] {
    const silent: Program[] = [];
    for (const [address, { program, atMs }] of this.#fetched) {
      if (nowMs - atMs < GOES_ON_WITHIN_MS) break;
      silent.push(program);
      this.#forget(address);
    }
    return silent;
  }

  #forget(address: IpAddress): void {
    const mac = this.#fetched.get(address)?.program.mac;
    this.#fetched.delete(address);
    if (mac !== undefined && this.#addressOf.get(mac) === address) this.#addressOf.delete(mac);
  }
}
