import { Command, Option } from 'commander';
import { addAskedRows } from './asked-rows.ts';
import { CliFailure } from './cli-failure.ts';
import { type Act, type Action, CliContext, DEFAULT_SERVER, type GlobalOptions } from './cli-context.ts';
import { addBootCommands } from './commands/boot-commands.ts';
import { addCompletionCommands } from './commands/completion-commands.ts';
import { addEventCommands } from './commands/event-commands.ts';
import { addHookCommands } from './commands/hook-commands.ts';
import { addGroupCommands } from './commands/group-commands.ts';
import { addImageCommands } from './commands/image-commands.ts';
import { addInstallCommands } from './commands/install-commands.ts';
import { addLeaseCommands } from './commands/lease-commands.ts';
import { addLocalCommands } from './commands/local.ts';
import { addLoginCommands } from './commands/login-commands.ts';
import { addMachineCommands } from './commands/machine-commands.ts';
import { addManCommand } from './commands/man-command.ts';
import { addMirrorCommands } from './commands/mirror.ts';
import { addPolicyCommands } from './commands/policy-commands.ts';
import { addPowerCommands } from './commands/power-commands.ts';
import { addProfileCommands } from './commands/profile-commands.ts';
import { addPasswordCommands } from './commands/password-commands.ts';
import { addSetupCommand } from './commands/setup-command.ts';
import { addSnippetCommands } from './commands/snippet-commands.ts';
import { addServerCommands } from './commands/server-commands.ts';
import { addSiteCommands } from './commands/site-commands.ts';
import { addSubnetCommands } from './commands/subnet-commands.ts';
import { addAuditCommands, addTokenCommands } from './commands/token-commands.ts';
import { addThroughputCommand } from './commands/throughput-command.ts';
import { addUserCommands } from './commands/user-commands.ts';
import { addWaveCommands } from './commands/wave-commands.ts';
import { groupCommands } from './command-groups.ts';
import { EXIT, EXIT_SENTENCES, type ExitName } from './exit-codes.ts';
import type { LocalCommands } from './local-commands.ts';
import { withNextCommand } from './next-command.ts';
import { OUTPUT_FORMATS } from './output.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { addWatchFlags } from './watch-flag.ts';
import { watching } from './watching.ts';

export interface ProgramOptions {
  readonly version: string;
  readonly terminal?: Terminal;
  /** Is told how a command ended that threw nothing. */
  readonly ended?: (exitCode: number) => void;
}

/** The tree of commands. It throws CliFailure and CommanderError; `runCli` makes exit codes of them. */
export function createProgram(local: LocalCommands, { version, ended, ...options }: ProgramOptions): Command {
  const terminal = options.terminal ?? processTerminal();
  const program = emptyProgram(terminal, version);
  const act: Act = <Options>(action: Action<Options>) =>
    async function run(this: Command, ...given: unknown[]): Promise<void> {
      const context = new CliContext(terminal, local, this.optsWithGlobals<GlobalOptions>());
      const { watch, ...flags } = this.opts<{ readonly watch?: true }>();
      const once = async (within: CliContext): Promise<void> =>
        await sayingNext(within, action(within, partsOf(given), flags as Options));
      if (watch) await watching(context, once);
      else await once(context);
      ended?.(context.exitCode);
    };

  addSetupCommand(program, act);
  addLocalCommands(program, act);
  addSubnetCommands(program, act);
  addLeaseCommands(program, act);
  addMachineCommands(program, act);
  addImageCommands(program, act);
  addMirrorCommands(program, act);
  addProfileCommands(program, act);
  addSnippetCommands(program, act);
  addPasswordCommands(program, act);
  addGroupCommands(program, act);
  addInstallCommands(program, act);
  addWaveCommands(program, act);
  addPowerCommands(program, act);
  addHookCommands(program, act);
  addBootCommands(program, act);
  addEventCommands(program, act);
  addPolicyCommands(program, act);
  addSiteCommands(program, act);
  addLoginCommands(program, act);
  addUserCommands(program, act);
  addTokenCommands(program, act);
  addAuditCommands(program, act);
  addServerCommands(program, act);
  addThroughputCommand(program, act);
  addCompletionCommands(program, act);
  addManCommand(program, act, version);
  groupCommands(program);
  addWatchFlags(program);
  addAskedRows(program);
  return program;
}

/** What holds for every command. */
function emptyProgram(terminal: Terminal, version: string): Command {
  return new Command('muster')
    .description('Installs operating systems on bare machines over the network.')
    .version(version, '-V, --version', 'say the version')
    .addOption(new Option('-o, --output <form>', 'form of the data').choices(OUTPUT_FORMATS).default('table'))
    .option('--server <url>', `where Muster answers (default: MUSTER_SERVER, or ${DEFAULT_SERVER})`)
    .option(
      '--token-file <file>',
      'a file with the token to log in with (default: MUSTER_TOKEN_FILE; none is needed by whoever runs Muster on this computer)',
    )
    .option('--ca <file>', 'the certificate that vouches for the server, in PEM (default: MUSTER_CA)')
    .option('-y, --yes', 'take things away without asking')
    .option('-q, --quiet', 'say nothing but data and errors')
    .option('--no-color', 'use no colours (the variable NO_COLOR does the same)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'muster: ')),
      getOutHelpWidth: () => terminal.columns ?? 80,
      getErrHelpWidth: () => terminal.columns ?? 80,
    })
    .showHelpAfterError('(muster help COMMAND tells how it is written)')
    .addHelpText('after', `\nExit codes:\n${exitCodeLines()}`)
    .exitOverride();
}

/** What was not done says what to type next. */
async function sayingNext({ client }: CliContext, done: Promise<void>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (error instanceof CliFailure) throw await withNextCommand(error, client);
    throw error;
  }
}

/** Commander hands over the arguments, those that may be repeated as a list, then the options, then the command. */
function partsOf(given: readonly unknown[]): readonly string[] {
  return given
    .slice(0, -2)
    .flat()
    .filter((part) => typeof part === 'string');
}

function exitCodeLines(): string {
  return Object.entries(EXIT)
    .map(([name, code]) => `  ${String(code).padEnd(4)}${EXIT_SENTENCES[name as ExitName]}`)
    .join('\n');
}
