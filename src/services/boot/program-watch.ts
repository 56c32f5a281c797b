import { firmwareOf } from '../../core/boot/firmware.ts';
import type { BootClient } from '../../core/boot/next-step.ts';
import { type FetchedProgram, type NotGoneOn, ProgramFollow } from '../../core/boot/program-follow.ts';
import { wordsOfRefusal } from '../../core/boot/refused-program.ts';
import { decodePeProgram, PE_HEADERS_BYTES, type PeProgram } from '../../formats/pe/program.ts';
import type { MacAddress } from '../../lib/addresses.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import type { Clock } from '../../lib/clock.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { architectureOfClass } from '../../protocols/dhcp/pxe.ts';
import type { EventLog } from '../event-log.ts';
import type { Asker, WhoAsks } from './who-asks.ts';

/** What firmware of UEFI is given to start. */
export interface EfiProgram {
  readonly program: PeProgram;
  /** Of the firmware (option 93). */
  readonly architecture: number;
  /** The machine's name, where it is known. */
  readonly machine?: string | undefined;
}

export interface SentProgram extends FetchedProgram, EfiProgram {
  readonly machineId?: string | undefined;
  readonly installId?: string | undefined;
}

export interface ProgramWatchNeeds {
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
}

/** Watches whether the programs that UEFI fetches are started, and tells of those that were not, with what mends it. */
export class ProgramWatch {
  readonly #needs: ProgramWatchNeeds;
  readonly #follow = new ProgramFollow<SentProgram>();

  constructor(needs: ProgramWatchNeeds) {
    this.#needs = needs;
  }

  /** What a file is to the machine that asks for it; undefined where there is nothing to watch. */
  async look(
    address: FetchedProgram['address'],
    file: string,
    source: ByteSource,
  ): Promise<SentProgram | undefined> {
    if (!isEfiName(file)) return undefined;
    const asker = await this.#needs.whoAsks.byAddress(address);
    const program = await efiProgramOf(file, source, asker);
    return program && { ...program, file, address, mac: asker.mac, machineId: asker.machine?.id };
  }

  /** A program reached its firmware whole. */
  sent(program: SentProgram): void {
    this.#follow.fetched(program, this.#needs.clock.nowMs());
  }

  /** @param file as it is called in the timeline, where it is there. */
  asked(address: FetchedProgram['address'], file: string): void {
    this.#follow.asked(address, file);
  }

  /** Whoever asks DHCP: the firmware, from its beginning, or what it started. */
  dhcpAsked(mac: MacAddress, stage: BootClient['stage']): void {
    if (stage !== 'firmware') return this.#follow.runs(mac);
    const refused = this.#follow.startsOver(mac);
    if (refused) this.#tell(refused, 'starts over');
  }

  /** For every few seconds. */
  tellSilent(): void {
    for (const refused of this.#follow.takeSilent(this.#needs.clock.nowMs()))
      this.#tell(refused, 'falls silent');
  }

  #tell(refused: SentProgram, how: NotGoneOn): void {
    const { file, address, mac, machineId, installId, program, architecture } = refused;
    this.#needs.events.note({
      kind: 'boot.notStarted',
      ...wordsOfRefusal(refused, how),
      mac,
      machineId,
      installId,
      data: { file, address, how, signed: program.isSigned, architecture },
    });
  }
}

export function isEfiName(path: string): boolean {
  return /\.efi$/i.test(path);
}

/** Undefined where it is no program, or is for no firmware that would look at its signature. */
export async function efiProgramOf(
  path: string,
  source: ByteSource,
  { vendorClass, machine }: Asker,
): Promise<EfiProgram | undefined> {
  const architecture = architectureOfClass(vendorClass ?? '');
  if (architecture === undefined || firmwareOf(architecture)?.platform !== 'UEFI') return undefined;
  if (!isEfiName(path)) return undefined;
  try {
    const program = decodePeProgram(await source.read(0, Math.min(source.size, PE_HEADERS_BYTES)));
    return { program, architecture, ...(machine ? { machine: machine.name } : {}) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
