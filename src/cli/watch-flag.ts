import type { Command } from 'commander';

/** What these words show changes when something happens. */
const SHOWING: ReadonlySet<string> = new Set(['ls', 'show', 'facts', 'deliveries', 'explain', 'status']);
/** They ask this computer, or each machine, and no event says when that is another. */
const NEVER_WATCHED: ReadonlySet<string> = new Set(['config show', 'power status']);

/** Gives each command that lists or shows `--watch`, which `createProgram` obeys. */
export function addWatchFlags(program: Command): void {
  for (const command of program.commands) addBelow(command, '');
}

function addBelow(command: Command, before: string): void {
  const path = `${before}${command.name()}`;
  if (SHOWING.has(command.name()) && !NEVER_WATCHED.has(path))
    command.option(
      '-w, --watch',
      'show it again whenever something happens, and on a terminal as time passes, until Ctrl-C',
    );
  for (const inner of command.commands) addBelow(inner, `${path} `);
}
