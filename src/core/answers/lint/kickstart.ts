import { closestWord } from '../../../lib/closest-word.ts';
import { error, type Finding, hint, type LintInput, warning } from './finding.ts';
import { isOpening, lintSections, type SectionLine } from './kickstart-sections.ts';
import {
  commandsOf,
  type KickstartRelease,
  kickstartRelease,
  optionsOf,
  standingOfCommand,
  standingOfOption,
} from './kickstart-releases.ts';
import { splitWords, type Word } from './kickstart-words.ts';

interface Command {
  readonly line: number;
  readonly name: string;
  readonly words: readonly Word[];
}

/** A kickstart by the rules of the release that reads it: sections, commands, options, and what would be asked for. */
export function lintKickstart({ text, system }: LintInput): readonly Finding[] {
  const release = kickstartRelease(system);
  const sections = lintSections(text.split('\n'), release);
  const findings: Finding[] = [...sections.findings];
  const commands: Command[] = [];
  for (const line of joined(sections.outside)) {
    const split = splitWords(line.text);
    if (!split.split) {
      findings.push(error(line.line, split.column, split.because));
      continue;
    }
    const [first] = split.words;
    if (first === undefined || isOpening(first.text)) continue;
    const command = { line: line.line, name: first.text, words: split.words };
    commands.push(command);
    findings.push(...lintCommand(command, first, release));
  }
  const includes = /^%(?:include|ksappend)\b/m.test(text);
  return [...findings, ...lintTogether(commands, release), ...(includes ? [] : lintMissing(commands))];
}

/** A backslash at the end of a line joins the next to it. */
function joined(lines: readonly SectionLine[]): readonly SectionLine[] {
  const whole: { line: number; text: string }[] = [];
  let open = false;
  for (const { line, text } of lines) {
    const last = whole.at(-1);
    if (open && last) last.text += text.replace(/\\$/, '');
    else whole.push({ line, text: text.replace(/\\$/, '') });
    open = text.endsWith('\\');
  }
  return whole;
}

function lintCommand(
  { line, name, words }: Command,
  first: Word,
  release: KickstartRelease,
): readonly Finding[] {
  const standing = standingOfCommand(name, release);
  switch (standing) {
    case 'unknown': {
      const close = hint(closestWord(name, commandsOf(release)));
      return [error(line, first.column, `${release.name} knows no command "${name}"${close}`)];
    }
    case 'removed': {
      const because = `command "${name}" was removed before ${release.name}: leave it out`;
      return [error(line, first.column, because)];
    }
    case 'deprecated':
      return [warning(line, first.column, `command "${name}" does nothing in ${release.name}`)];
    case 'known':
      return words.slice(1).flatMap((word) => lintOption(line, name, word, release));
    default:
      return standing satisfies never;
  }
}

function lintOption(
  line: number,
  command: string,
  { text, column }: Word,
  release: KickstartRelease,
): readonly Finding[] {
  const [, option] = /^(--[A-Za-z][\w-]*)/.exec(text) ?? [];
  if (option === undefined) return [];
  const standing = standingOfOption(command, option, release);
  switch (standing) {
    case 'unknown': {
      const close = hint(closestWord(option, optionsOf(command, release)));
      return [error(line, column, `"${command}" of ${release.name} has no option ${option}${close}`)];
    }
    case 'removed':
      return [error(line, column, `option ${option} of "${command}" was removed before ${release.name}`)];
    case 'deprecated':
      return [warning(line, column, `option ${option} of "${command}" does nothing in ${release.name}`)];
    case 'known':
      return [];
    default:
      return standing satisfies never;
  }
}

const LAYOUTS = ['part', 'partition', 'raid', 'volgroup', 'logvol', 'btrfs'];

/** Commands that do not go together. */
function lintTogether(commands: readonly Command[], { level }: KickstartRelease): readonly Finding[] {
  const findings: Finding[] = [];
  const autopart = commands.find(({ name }) => name === 'autopart');
  const layout = commands.find(({ name }) => LAYOUTS.includes(name) || name === 'reqpart');
  if (autopart && layout && level >= 7) {
    const text = `"${layout.name}" does not go together with "autopart" in line ${autopart.line}: take one of them out`;
    findings.push(error(layout.line, 1, text));
  }
  for (const { line, name, words } of commands) {
    if (name !== 'rootpw' && name !== 'user') continue;
    const options = words.map(({ text }) => text);
    const password =
      name === 'rootpw'
        ? options.slice(1).find((word) => !word.startsWith('--'))
        : options.find((word) => word.startsWith('--password='));
    if (password !== undefined && !options.includes('--iscrypted'))
      findings.push(
        warning(
          line,
          1,
          `"${name}" holds a password as it is: put --iscrypted and its hash there (muster password hash)`,
        ),
      );
  }
  return findings;
}

/** What anaconda asks a person for, in every release, when the kickstart does not say it. */
const ASKED: readonly (readonly [what: string, ...commands: readonly string[]])[] = [
  ['the language', 'lang'],
  ['the keyboard', 'keyboard'],
  ['the time zone', 'timezone'],
  ["root's password", 'rootpw', 'user', 'sshkey'],
  ['how the disk is divided', 'autopart', 'mount', 'ostreesetup', ...LAYOUTS],
];

function lintMissing(commands: readonly Command[]): readonly Finding[] {
  const names = new Set(commands.map(({ name }) => name));
  return ASKED.filter(([, ...words]) => !words.some((word) => names.has(word))).map(([what, word]) =>
    warning(1, undefined, `the installer will ask for ${what}: there is no "${word}"`),
  );
}
