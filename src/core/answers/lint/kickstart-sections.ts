import { closestWord } from '../../../lib/closest-word.ts';
import { error, type Finding, hint, warning } from './finding.ts';
import type { KickstartRelease } from './kickstart-releases.ts';

export interface SectionLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

interface Section {
  /** The first level whose installer knows it. */
  readonly since: number;
  readonly options: readonly string[];
}

const SCRIPT = ['--erroronfail', '--interpreter', '--log', '--logfile'];

/** As `sections.py` of pykickstart has them. */
const SECTIONS: Readonly<Record<string, Section>> = {
  '%pre': { since: 5, options: SCRIPT },
  '%pre-install': { since: 7, options: SCRIPT },
  '%post': { since: 5, options: [...SCRIPT, '--nochroot'] },
  '%onerror': { since: 7, options: SCRIPT },
  '%traceback': { since: 5, options: SCRIPT },
  '%packages': {
    since: 5,
    options: '--default --excludedocs --ignoremissing --instLangs --inst-langs --multilib --nobase'
      .split(' ')
      .concat(
        '--nocore --timeout --retries --excludeWeakdeps --exclude-weakdeps --resolvedeps --ignoredeps --ignorebroken'.split(
          ' ',
        ),
      ),
  },
  '%addon': { since: 7, options: [] },
  '%anaconda': { since: 8, options: [] },
  '%certificate': { since: 9, options: ['--filename', '--dir'] },
};

/** Lines that pull in another file; no section begins with them. */
const INCLUDES = new Set(['%include', '%ksappend', '%ksappend.']);

/** Whether a word begins a section, or pulls in a file. */
export function isOpening(word: string): boolean {
  return word.startsWith('%');
}

export interface Sections {
  readonly findings: readonly Finding[];
  /** The lines that stand in no section. */
  readonly outside: readonly SectionLine[];
}

/** Sections end with %end; before EL 6 where the next begins, and there is no way back to commands. */
export function lintSections(lines: readonly string[], release: KickstartRelease): Sections {
  const findings: Finding[] = [];
  const outside: SectionLine[] = [];
  const hasEnd = release.level >= 6;
  let open: { readonly name: string; readonly line: number } | undefined;
  for (const [at, text] of lines.entries()) {
    const line = at + 1;
    const [word = ''] = /^%[\w-]*/.exec(text) ?? [];
    if (word === '%end') {
      if (!open) findings.push(error(line, 1, '%end stands where no section is open'));
      if (!hasEnd)
        findings.push(error(line, 1, `${release.name} knows no %end: a section goes on to the next one`));
      open = undefined;
    } else if (word !== '' && !INCLUDES.has(word) && (open === undefined || SECTIONS[word] !== undefined)) {
      if (open && hasEnd)
        findings.push(
          error(
            line,
            1,
            `${word} begins before ${open.name} of line ${open.line} has ended: put %end before it`,
          ),
        );
      findings.push(...lintOpening(line, word, text, release));
      open = { name: word, line };
    } else if (open === undefined) outside.push({ line, text });
  }
  if (open && hasEnd) findings.push(error(open.line, 1, `${open.name} has no %end`));
  return { findings, outside };
}

function lintOpening(
  line: number,
  word: string,
  text: string,
  release: KickstartRelease,
): readonly Finding[] {
  const section = SECTIONS[word];
  if (section === undefined) {
    const close = hint(closestWord(word, Object.keys(SECTIONS)));
    return [error(line, 1, `${release.name} knows no section ${word}${close}`)];
  }
  if (section.since > release.level) return [error(line, 1, `${release.name} knows no section ${word}`)];
  if (section.options.length === 0) return [];
  return [...text.matchAll(/(?<=\s)(--[A-Za-z][\w-]*)/g)]
    .filter(([option]) => !section.options.includes(option))
    .map((match) =>
      warning(
        line,
        match.index + 1,
        `${word} has no option ${match[0]}${hint(closestWord(match[0], section.options))}`,
      ),
    );
}
