import { EXIT, EXIT_SENTENCES, type ExitName } from '../exit-codes.ts';
import type { CommandReference, ProgramReference, ReferenceTerm } from './command-reference.ts';

/** When these sections were last written anew; the rest comes from the tree of commands. */
const REVISED = '2026-11-27';

const ENVIRONMENT: readonly ReferenceTerm[] = [
  { term: 'MUSTER_SERVER', sentence: 'Where Muster answers, in place of --server.' },
  { term: 'MUSTER_TOKEN_FILE', sentence: 'A file with the token to log in with, in place of --token-file.' },
  { term: 'MUSTER_CA', sentence: 'The certificate that vouches for the server, in place of --ca.' },
  { term: 'NO_COLOR', sentence: 'Colours are not used if it is not empty.' },
  { term: 'MUSTER_…', sentence: 'Settings of the server, as muster config show names them.' },
];

const FILES: readonly ReferenceTerm[] = [
  { term: '/etc/muster/muster.yaml', sentence: 'The settings of the server, where it is run by root.' },
  { term: '~/.config/muster/muster.yaml', sentence: 'The same, where it is run by others.' },
  { term: '/etc/muster/site.yaml', sentence: 'What is served, as muster setup writes it (site.file).' },
  { term: '/var/lib/muster', sentence: 'Its database, and what it makes.' },
];

const EXAMPLES: readonly ReferenceTerm[] = [
  { term: 'muster setup', sentence: 'Ask five questions, and write the files that the server starts with.' },
  { term: 'muster up', sentence: 'Run the server.' },
  { term: 'muster image add debian.iso', sentence: 'Add what is to be installed.' },
  {
    term: 'muster install web01 --profile debian',
    sentence: 'Install it on a machine, the next time it boots from the network.',
  },
  { term: 'muster machine ls --watch', sentence: 'See machines come and go.' },
];

/** muster.1, in the macros of man(7). */
export function manPage(reference: ProgramReference, version: string): string {
  return [
    '.\\" Written from the tree of commands: muster man',
    `.TH MUSTER 1 "${REVISED}" "Muster ${version}" "User Commands"`,
    // Names and paths stay in one piece, and lines are not stretched.
    '.ad l',
    '.nh',
    '.SH NAME',
    text('muster - installs operating systems on bare machines over the network'),
    '.SH SYNOPSIS',
    '.B muster',
    '.RI [ options ]',
    '.I command',
    '.RI [ arguments ]',
    '.SH DESCRIPTION',
    text(reference.sentence),
    text(
      'One program is the server (muster up) and its command line, which talks to the server over its API. Data goes to standard output, talk to standard error.',
    ),
    '.SH OPTIONS',
    ...reference.options.map(entry),
    '.SH COMMANDS',
    ...reference.groups.flatMap(({ heading, commands }) => [
      `.SS "${escaped(heading)}"`,
      ...commands.map(commandEntry),
    ]),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.map(entry),
    '.SH FILES',
    ...FILES.map(entry),
    '.SH EXIT STATUS',
    ...Object.entries(EXIT).map(([name, code]) =>
      entry({ term: String(code), sentence: `${EXIT_SENTENCES[name as ExitName]}.` }),
    ),
    '.SH EXAMPLES',
    ...EXAMPLES.map(entry),
    '',
  ].join('\n');
}

function commandEntry({ usage, sentence, arguments: given, options, rows }: CommandReference): string {
  const asked = rows.map(({ request, sentence }) => ({ term: `API: ${request}`, sentence: `${sentence}.` }));
  const terms = [...given, ...options, ...asked];
  const inner = terms.length === 0 ? [] : ['.RS', ...terms.map(entry), '.RE'];
  return [entry({ term: usage, sentence }), ...inner].join('\n');
}

function entry({ term, sentence }: ReferenceTerm): string {
  return ['.TP', `.B ${escaped(term)}`, text(sentence)].join('\n');
}

/** A line that begins as a request would be one. */
function text(line: string): string {
  return escaped(line).replace(/^[.']/, '\\&$&');
}

/** Hyphens stay as they are typed, and letters beyond ASCII are named. */
function escaped(line: string): string {
  return line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll(
      /[^\0-\x7F]/gu,
      (letter) => `\\[u${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}
