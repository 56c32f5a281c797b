import type { PeProgram } from '../../formats/pe/program.ts';
import { type Cpu, firmwareName, firmwareOf } from './firmware.ts';
import { isIpxeProgram } from './ipxe-rounds.ts';
import { loaderNamed } from './loaders.ts';
import { GOES_ON_WITHIN_MS, type NotGoneOn } from './program-follow.ts';

export interface RefusedProgram {
  /** As it is called in the timeline. */
  readonly file: string;
  readonly program: PeProgram;
  /** Of the firmware that fetched it (option 93). */
  readonly architecture: number;
  /** The machine's name, where it is known. */
  readonly machine?: string | undefined;
}

export interface RefusalWords {
  readonly text: string;
  readonly because: string;
}

/** Processors by their number in a program's header (Microsoft "PE Format", machine types). */
const MACHINES: ReadonlyMap<number, Cpu> = new Map([
  [0x014c, 'ia32'],
  [0x8664, 'x64'],
  [0x01c2, 'arm'],
  [0x01c4, 'arm'],
  [0xaa64, 'aa64'],
  [0x5064, 'riscv64'],
  [0x6264, 'loongarch64'],
]);

/** What is told of a program that firmware fetched and did not go on with, as far as it can be known from here. */
export function wordsOfRefusal(refused: RefusedProgram, how: NotGoneOn): RefusalWords {
  const { file } = refused;
  const seen =
    how === 'starts over'
      ? 'its firmware asked for an address again, as after power-on'
      : `it asked for nothing more within ${GOES_ON_WITHIN_MS / 1000} seconds`;
  return {
    text: `The firmware fetched ${file} and did not go on`,
    because: `${seen}: ${reasonFor(refused, how)}`,
  };
}

function reasonFor(refused: RefusedProgram, how: NotGoneOn): string {
  const { file, program, architecture } = refused;
  const wanted = firmwareOf(architecture)?.cpu;
  const made = MACHINES.get(program.machine);
  if (made !== undefined && wanted !== undefined && made !== wanted) {
    return `${file} is a program for ${made}, and ${firmwareName(architecture)} starts none but those for ${wanted}: ${advice(refused)}`;
  }
  const probably = program.isSigned
    ? `probably refused by Secure Boot, for its signature is by somebody whom this firmware does not trust`
    : 'probably refused by Secure Boot, for it is unsigned';
  // A program of the user's own may be a whole system, which needs nothing more from here.
  const unless =
    how === 'falls silent' && loaderNamed(baseName(file)) === undefined
      ? ' (unless it is a program that needs nothing more from here)'
      : '';
  return `${probably}${unless}: ${advice(refused)}`;
}

/** The command that gives it what is signed. */
function advice({ file, program, machine = 'MACHINE' }: RefusedProgram): string {
  const name = baseName(file);
  if (program.isSigned && loaderNamed(name) !== undefined)
    return "let the firmware trust Microsoft's UEFI certificate authority (a setting of Secure Boot), which signs shim";
  if (isIpxeProgram(name)) {
    return `muster machine set ${machine} --loader grub gives it shim and GRUB, which are signed; without Secure Boot it may stay as it is`;
  }
  return "muster subnet set SUBNET --filename '' gives each machine what fits its firmware: shim, which is signed; without Secure Boot it may stay as it is";
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
