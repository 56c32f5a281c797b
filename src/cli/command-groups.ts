import type { Command } from 'commander';

/** How `muster --help`, the man page and docs/cli.md put the commands together, in this order. */
export const COMMAND_GROUPS: readonly (readonly [heading: string, commands: readonly string[]])[] = [
  ['Server', ['setup', 'up', 'demo', 'status', 'throughput', 'config', 'loaders', 'policy']],
  ['Network', ['subnet', 'lease']],
  ['Machines', ['machine', 'group', 'power', 'boot', 'explain']],
  ['Images', ['image', 'mirror']],
  ['Installs', ['profile', 'snippet', 'password', 'install', 'wave']],
  ['Events', ['events', 'hook']],
  ['Everything as a file', ['apply', 'diff', 'export']],
  ['People', ['login', 'logout', 'passwd', 'whoami', 'user', 'token', 'audit']],
  ['This program', ['completion', 'man', 'help']],
];

/** Headings stand in the order in which the first command of each was added. */
export function groupCommands(program: Command): void {
  for (const [heading, names] of COMMAND_GROUPS) {
    for (const command of program.commands)
      if (names.includes(command.name())) command.helpGroup(`${heading}:`);
    if (names.includes('help'))
      program.commandsGroup(`${heading}:`).helpCommand('help [command]', 'say how a command is written');
  }
}

/** Commands of one heading that people are shown, in the order of the table. */
export function commandsOf(program: Command, names: readonly string[]): readonly Command[] {
  return names.flatMap((name) => program.commands.filter((command) => command.name() === name));
}
