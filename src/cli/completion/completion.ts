import type { Argument, Command, Option } from 'commander';
import { EVENT_KINDS } from '../../core/events/event-kinds.ts';
import type { ThingKind } from './things.ts';

export interface Candidate {
  readonly word: string;
  /** Shells that can show it do. */
  readonly sentence: string;
}

/** What may stand where the cursor is. */
export type Completion =
  | { readonly of: 'words'; readonly candidates: readonly Candidate[] }
  | { readonly of: 'things'; readonly kinds: readonly ThingKind[]; readonly candidates: readonly Candidate[] }
  | { readonly of: 'files' }
  | { readonly of: 'nothing' };

/** Where the words so far lead to. */
interface Place {
  readonly command: Command;
  /** Arguments that stand there already. */
  readonly given: number;
  /** An option that waits for its value. */
  readonly waiting: Option | undefined;
  /** Behind `--` nothing is an option. */
  readonly onlyArguments: boolean;
}

/**
 * What may stand in place of the last word.
 *
 * @param words behind the program's name; the last is what was typed of the one in question.
 */
export function completionOf(program: Command, words: readonly string[]): Completion {
  const typed = words.at(-1) ?? '';
  const place = words.slice(0, -1).reduce<Place>(step, {
    command: program,
    given: 0,
    waiting: undefined,
    onlyArguments: false,
  });
  if (place.waiting !== undefined) return begun(valuesOf(place.waiting), typed);
  if (typed.startsWith('-') && !place.onlyArguments) return optionCompletion(place.command, typed);
  const { candidates, more } = argumentCompletion(place);
  const commands = place.given === 0 && !place.onlyArguments ? subcommands(place.command) : [];
  return begun(withWords(more, [...commands, ...candidates]), typed);
}

function step(place: Place, word: string): Place {
  const { command, given, waiting, onlyArguments } = place;
  if (waiting !== undefined) return { ...place, waiting: undefined };
  if (onlyArguments) return { ...place, given: given + 1 };
  if (word === '--') return { ...place, onlyArguments: true };
  if (word.startsWith('-')) {
    const option = optionsOf(command).find(({ long, short }) => long === word || short === word);
    return option?.required === true ? { ...place, waiting: option } : place;
  }
  const inner = given === 0 ? command.commands.find((one) => one.name() === word) : undefined;
  return inner === undefined ? { ...place, given: given + 1 } : { ...place, command: inner };
}

/** Those of the command, and those that every command takes. */
function optionsOf(command: Command): readonly Option[] {
  const above = command.parent === null ? [] : optionsOf(command.parent);
  return [...command.options, ...above].filter(({ hidden }) => !hidden);
}

function optionCompletion(command: Command, typed: string): Completion {
  const [name = '', value] = typed.split('=', 2);
  if (value === undefined) {
    const candidates = optionsOf(command).map(({ long, short, description }) => ({
      word: long ?? short ?? '',
      sentence: description,
    }));
    return begun({ of: 'words', candidates: [...candidates, HELP] }, typed);
  }
  const option = optionsOf(command).find(({ long }) => long === name);
  if (option?.required !== true) return { of: 'nothing' };
  const inner = begun(valuesOf(option), value);
  if (inner.of !== 'words') return inner;
  return {
    of: 'words',
    candidates: inner.candidates.map((one) => ({ ...one, word: `${name}=${one.word}` })),
  };
}

/** Commander adds it to every command by itself. */
const HELP: Candidate = { word: '--help', sentence: 'display help for command' };

function subcommands(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ word: one.name(), sentence: one.description() }));
}

function argumentCompletion({ command, given }: Place): {
  readonly candidates: readonly Candidate[];
  readonly more: Completion;
} {
  const places = command.registeredArguments;
  const last = places.at(-1);
  const argument = places[given] ?? (last?.variadic === true ? last : undefined);
  if (argument === undefined) return { candidates: [], more: { of: 'nothing' } };
  if (argument.argChoices !== undefined)
    return { candidates: choices(argument.argChoices), more: { of: 'nothing' } };
  return { candidates: [], more: meantBy(argument.name(), command, argument) };
}

function valuesOf(option: Option): Completion {
  if (option.argChoices !== undefined) return { of: 'words', candidates: choices(option.argChoices) };
  const things = THINGS_OF_OPTION[option.long ?? ''];
  if (things !== undefined) return { of: 'things', kinds: [things], candidates: [] };
  if (option.long === '--events')
    return {
      of: 'words',
      candidates: Object.entries(EVENT_KINDS).map(([word, sentence]) => ({ word, sentence })),
    };
  return /<(?:file|folder|path)>/.test(option.flags) ? { of: 'files' } : { of: 'nothing' };
}

const THINGS_OF_OPTION: Readonly<Partial<Record<string, ThingKind>>> = {
  '--profile': 'profile',
  '--machine': 'machine',
  '--image': 'image',
  '--discovery-image': 'image',
  '--menu-images': 'image',
  '--menu-default': 'image',
  '--subnet': 'subnet',
  '--user': 'user',
  '--who': 'user',
};

const THINGS_OF_ARGUMENT: Readonly<Partial<Record<string, readonly ThingKind[]>>> = {
  machine: ['machine'],
  machines: ['machine'],
  other: ['machine'],
  profiles: ['profile'],
  id: ['install', 'machine'],
  address: ['lease'],
};

/** `muster subnet show NAME` means a subnet. */
const THINGS_OF_COMMAND: Readonly<Partial<Record<string, ThingKind>>> = {
  subnet: 'subnet',
  image: 'image',
  mirror: 'mirror',
  profile: 'profile',
  snippet: 'snippet',
  group: 'group',
  wave: 'wave',
  hook: 'hook',
  user: 'user',
  token: 'token',
};

/** They name what is not there yet. */
const MAKING: ReadonlySet<string> = new Set(['add', 'start']);

function meantBy(name: string, command: Command, argument: Argument): Completion {
  const kind = THINGS_OF_COMMAND[command.parent?.name() ?? ''];
  const kinds = name === 'id' && kind !== undefined ? [kind] : THINGS_OF_ARGUMENT[name];
  if (kinds !== undefined) return { of: 'things', kinds, candidates: [] };
  if (name === 'name' && kind !== undefined && !MAKING.has(command.name()))
    return { of: 'things', kinds: [kind], candidates: [] };
  const isFile = name === 'file' || name === 'source' || /\bfile\b/.test(argument.description);
  return isFile ? { of: 'files' } : { of: 'nothing' };
}

function choices(words: readonly string[]): readonly Candidate[] {
  return words.map((word) => ({ word, sentence: '' }));
}

function withWords(completion: Completion, candidates: readonly Candidate[]): Completion {
  if (candidates.length === 0) return completion;
  return completion.of === 'things' ? { ...completion, candidates } : { of: 'words', candidates };
}

/** Only what begins as was typed. */
function begun(completion: Completion, typed: string): Completion {
  if (completion.of !== 'words' && completion.of !== 'things') return completion;
  return { ...completion, candidates: completion.candidates.filter(({ word }) => word.startsWith(typed)) };
}
