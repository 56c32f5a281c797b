import {
  POWER_DRIVERS,
  POWER_STATES,
  type PowerLink,
  type PowerState,
  type PowerStep,
  PowerTrouble,
} from '../../core/power/power-driver.ts';
import type { CommandSettings } from '../../core/power/power-settings.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { findCommand } from '../own-commands.ts';
import { lastWords, type ProgramEnd, runProgram } from '../run-program.ts';

export interface CommandTarget {
  readonly settings: CommandSettings;
  readonly machine: Machine;
  readonly secret: string | undefined;
  /** Of the setting `commands.folder`. */
  readonly folder: string | undefined;
}

/** Of one run. */
export const COMMAND_MS = 40_000;
const MAX_OUTPUT = 4096;
/** As scripts of init say that they do not have an action (LSB Core, "Init Script Actions"). */
const UNIMPLEMENTED = 3;

/** A program of the user's own, which is told what to do in its environment. */
export function openCommand(target: CommandTarget, enough: AbortSignal): PowerLink {
  return {
    can: POWER_DRIVERS.command.can,
    readState: async () => {
      const end = await run(target, 'status', enough);
      return end.code === UNIMPLEMENTED ? 'unknown' : stateIn(end.stdout);
    },
    perform: async (step) => {
      const { code } = await run(target, step, enough);
      if (code === UNIMPLEMENTED)
        throw new PowerTrouble(
          'unsupported',
          `${target.settings.argv[0] ?? ''} does not know "${step}" (exit code 3)`,
        );
    },
    close: () => Promise.resolve(),
  };
}

function stateIn(stdout: string): PowerState {
  const word = stdout.trim().toLowerCase();
  return POWER_STATES.find((state) => state === word) ?? 'unknown';
}

type Ended = Extract<ProgramEnd, { ended: true }>;

async function run(target: CommandTarget, action: PowerStep | 'status', enough: AbortSignal): Promise<Ended> {
  const [program = '', ...args] = target.settings.argv;
  const command = await findCommand(target.folder, program);
  if (!command.found) throw new PowerTrouble('missing', command.because);
  const end = await runProgram({
    path: command.path,
    args,
    environment: environmentFor(target, action),
    timeoutMs: COMMAND_MS,
    maxOutput: MAX_OUTPUT,
    enough,
  });
  if (!end.ended)
    throw new PowerTrouble(end.kind === 'missing' ? 'missing' : 'unreachable', `${program}: ${end.because}`);
  if (end.code === 0 || end.code === UNIMPLEMENTED) return end;
  const said = lastWords(end.stderr) || lastWords(end.stdout);
  throw new PowerTrouble('refused', `${program} ended with ${end.code}${said === '' ? '' : `: ${said}`}`);
}

function environmentFor(
  { machine, secret }: CommandTarget,
  action: string,
): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C.UTF-8',
    MUSTER_ACTION: action,
    MUSTER_MACHINE: machine.name,
    MUSTER_MACHINE_ID: machine.id,
    MUSTER_MACS: machine.macs.join(' '),
    MUSTER_UUID: machine.uuid ?? '',
    ...(secret === undefined ? {} : { MUSTER_SECRET: secret }),
  };
}
