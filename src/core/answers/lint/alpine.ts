import { closestWord } from '../../../lib/closest-word.ts';
import { error, type Finding, hint, type LintInput, warning } from './finding.ts';

/** What `setup-alpine -c` writes into an answer file; its words for "none" and "default" stand in them. */
const KEYS = [
  'KEYMAPOPTS',
  'HOSTNAMEOPTS',
  'DEVDOPTS',
  'INTERFACESOPTS',
  'DNSOPTS',
  'TIMEZONEOPTS',
  'PROXYOPTS',
  'APKREPOSOPTS',
  'USEROPTS',
  'USERSSHKEY',
  'ROOTSSHKEY',
  'SSHDOPTS',
  'NTPOPTS',
  'DISKOPTS',
  'LBUOPTS',
  'APKCACHEOPTS',
  'ERASE_DISKS',
  'BOOTLOADER',
  'BOOTFS',
  'ROOTFS',
  'VARFS',
  'BOOT_SIZE',
  'SWAP_SIZE',
  'USE_EFI',
  'KERNELOPTS',
  'SYSROOT',
];

/** setup-alpine asks where one of these is missing. */
const ASKED = [
  'KEYMAPOPTS',
  'HOSTNAMEOPTS',
  'INTERFACESOPTS',
  'TIMEZONEOPTS',
  'APKREPOSOPTS',
  'SSHDOPTS',
  'NTPOPTS',
  'DISKOPTS',
];

/** Answers of setup-alpine: a shell script of assignments, whose values may go over several lines. */
export function lintAlpine({ text }: LintInput): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let open: { readonly sign: string; readonly line: number; readonly column: number } | undefined;
  for (const [at, line] of text.split('\n').entries()) {
    const assignment = open ? undefined : /^\s*(?:export\s+)?([A-Za-z_]\w*)=/.exec(line);
    if (!open && !assignment && /^\s*[^#\s]/.test(line)) {
      findings.push(error(at + 1, 1, 'an assignment is wanted, such as HOSTNAMEOPTS="web01"'));
      continue;
    }
    const [, key] = assignment ?? [];
    if (key !== undefined) {
      seen.add(key);
      if (!KEYS.includes(key))
        findings.push(
          warning(
            at + 1,
            line.indexOf(key) + 1,
            `setup-alpine may not know ${key}${hint(closestWord(key, KEYS))}`,
          ),
        );
    }
    const from: number = assignment ? assignment[0].length : 0;
    open = quoteAtEnd(line, open || assignment ? from : line.length, open, at + 1);
  }
  if (open) findings.push(error(open.line, open.column, `the quote ${open.sign} is not closed`));
  for (const key of ASKED)
    if (!seen.has(key))
      findings.push(warning(1, undefined, `setup-alpine asks a person for what ${key} would say`));
  return findings;
}

type Quote = { readonly sign: string; readonly line: number; readonly column: number } | undefined;

function quoteAtEnd(text: string, from: number, before: Quote, line: number): Quote {
  let quote = before;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (letter === '\\' && quote?.sign !== "'") at += 1;
    else if (quote) quote = letter === quote.sign ? undefined : quote;
    else if (letter === '"' || letter === "'") quote = { sign: letter, line, column: at + 1 };
    else if (letter === '#' && /\s/.test(text[at - 1] ?? ' ')) break;
  }
  return quote;
}
