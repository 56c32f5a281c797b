import type { Command, Option } from 'commander';
import { type AskedRow, askedRowsOf } from '../asked-rows.ts';
import { COMMAND_GROUPS, commandsOf } from '../command-groups.ts';

/** What the man page and docs/cli.md are made of: the tree of commands as text. */

export interface ReferenceTerm {
  readonly term: string;
  readonly sentence: string;
}

export interface CommandReference {
  /** `muster machine ls`. */
  readonly name: string;
  /** `muster machine ls [options]`. */
  readonly usage: string;
  readonly sentence: string;
  readonly arguments: readonly ReferenceTerm[];
  readonly options: readonly ReferenceTerm[];
  /** What it asks the API for. */
  readonly rows: readonly AskedRow[];
}

export interface ProgramReference {
  readonly sentence: string;
  /** What every command takes. */
  readonly options: readonly ReferenceTerm[];
  readonly groups: readonly { readonly heading: string; readonly commands: readonly CommandReference[] }[];
}

export function referenceOf(program: Command): ProgramReference {
  return {
    sentence: program.description(),
    options: optionsOf(program),
    groups: COMMAND_GROUPS.map(([heading, names]) => ({
      heading,
      commands: commandsOf(program, names).flatMap(withInner),
    })).filter(({ commands }) => commands.length > 0),
  };
}

/** A command that only holds others has no entry of its own, but its sentence is theirs. */
function withInner(command: Command): readonly CommandReference[] {
  return [commandReference(command), ...command.commands.flatMap(withInner)];
}

function commandReference(command: Command): CommandReference {
  const help = command.createHelp();
  return {
    name: nameOf(command),
    usage: help.commandUsage(command),
    sentence: help.commandDescription(command),
    arguments: help.visibleArguments(command).map((argument) => ({
      term: help.argumentTerm(argument),
      sentence: help.argumentDescription(argument),
    })),
    options: optionsOf(command),
    rows: askedRowsOf(nameOf(command).split(' ').slice(1).join(' ')),
  };
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** Without `--help`, which every command has. */
function optionsOf(command: Command): readonly ReferenceTerm[] {
  const help = command.createHelp();
  const shown: readonly Option[] = command.options.filter(({ hidden }) => !hidden);
  return shown.map((option) => ({
    term: help.optionTerm(option),
    sentence: help.optionDescription(option),
  }));
}
