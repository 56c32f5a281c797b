import type { Command } from 'commander';

/** All commands that do something, as people type them: `machine ls`. */
export function leafCommands(
  program: Command,
): readonly { readonly path: string; readonly command: Command }[] {
  return program.commands.flatMap((command) => below(command, ''));
}

function below(command: Command, before: string): readonly { path: string; command: Command }[] {
  const path = `${before}${command.name()}`;
  const inner = command.commands.flatMap((one) => below(one, `${path} `));
  // `muster install MACHINE` does something, and so does `muster install ls`.
  const isLeaf = inner.length === 0 || command.registeredArguments.length > 0;
  return isLeaf ? [{ path, command }, ...inner] : inner;
}
