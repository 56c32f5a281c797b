import { closestWord } from '../../../lib/closest-word.ts';
import { error, type Finding, hint, type LintInput, warning } from './finding.ts';
import { splitWords } from './kickstart-words.ts';

function split(words: string): readonly string[] {
  return words.trim().split(/\s+/);
}

/** Commands of ESXi's scripted installation and their options, as "Installation and Setup" of 6 to 8 has them. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  accepteula: [],
  vmaccepteula: [],
  clearpart: [
    '--all',
    '--alldrives',
    '--drives',
    '--firstdisk',
    '--ignoredrives',
    '--overwritevmfs',
    '--initlabel',
  ],
  dryrun: [],
  install: split(`
    --disk --drive --firstdisk --ignoressd --overwritevmfs --overwritevsan --preservevmfs --novmfsondisk
    --forceunsupportedinstall --ignoreprereqwarnings --ignoreprereqerrors --systemDisk`),
  installorupgrade: split(`
    --disk --drive --firstdisk --overwritevmfs --overwritevsan --preservevmfs --forceunsupportedinstall --ignoressd
    --ignoreprereqwarnings --ignoreprereqerrors`),
  upgrade: [
    '--disk',
    '--drive',
    '--firstdisk',
    '--deletecosvmdk',
    '--forcemigrate',
    '--forceunsupportedinstall',
  ],
  keyboard: [],
  network: split(`
    --bootproto --device --ip --gateway --nameserver --netmask --hostname --vlanid
    --addvmportgroup`),
  paranoid: [],
  part: ['--ondisk', '--ondrive', '--onfirstdisk'],
  partition: ['--ondisk', '--ondrive', '--onfirstdisk'],
  reboot: ['--noeject'],
  rootpw: ['--iscrypted'],
  serialnum: ['--esx'],
  vmserialnum: ['--esx'],
  include: [],
};

const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  '%pre': ['--interpreter'],
  '%post': ['--interpreter', '--timeout', '--ignorefailure'],
  '%firstboot': ['--interpreter'],
};

/** A section goes on to the next one or the end of the file. */
export function lintEsxi({ text }: LintInput): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let inSection = false;
  for (const [at, line] of text.split('\n').entries()) {
    const split = splitWords(line);
    const opening = /^%\w+/.exec(line)?.[0];
    if (opening !== undefined && opening !== '%include') {
      inSection = true;
      if (SECTIONS[opening] === undefined && !inSectionOf(opening))
        findings.push(
          error(
            at + 1,
            1,
            `ESXi knows no section ${opening}${hint(closestWord(opening, Object.keys(SECTIONS)))}`,
          ),
        );
      continue;
    }
    if (inSection || opening === '%include') continue;
    if (!split.split) {
      findings.push(error(at + 1, split.column, split.because));
      continue;
    }
    const [first, ...rest] = split.words;
    if (first === undefined) continue;
    seen.add(first.text);
    const options = Object.hasOwn(COMMANDS, first.text) ? COMMANDS[first.text] : undefined;
    if (options === undefined) {
      const close = hint(closestWord(first.text, Object.keys(COMMANDS)));
      findings.push(error(at + 1, first.column, `ESXi knows no command "${first.text}"${close}`));
      continue;
    }
    for (const { text: word, column } of rest) {
      const [option] = /^--[A-Za-z]+/.exec(word) ?? [];
      if (option !== undefined && !options.includes(option))
        findings.push(
          error(
            at + 1,
            column,
            `"${first.text}" has no option ${option}${hint(closestWord(option, options))}`,
          ),
        );
    }
  }
  return [...findings, ...lintMissing(seen, /^%include|^include\b/m.test(text))];
}

function inSectionOf(opening: string): boolean {
  return opening === '%end';
}

function lintMissing(seen: ReadonlySet<string>, hasInclude: boolean): readonly Finding[] {
  if (hasInclude) return [];
  const has = (...words: readonly string[]): boolean => words.some((word) => seen.has(word));
  const findings: Finding[] = [];
  if (!has('accepteula', 'vmaccepteula'))
    findings.push(error(1, undefined, 'there is no "vmaccepteula": ESXi is not installed without it'));
  if (!has('install', 'installorupgrade', 'upgrade'))
    findings.push(error(1, undefined, 'there is no "install": ESXi does not know what to do'));
  if (has('install', 'installorupgrade') && !has('rootpw'))
    findings.push(error(1, undefined, 'there is no "rootpw": ESXi stops without it'));
  if (!has('network')) findings.push(warning(1, undefined, 'there is no "network": ESXi asks by DHCP'));
  if (!has('reboot'))
    findings.push(warning(1, undefined, 'there is no "reboot": ESXi waits for a key at the end'));
  return findings;
}
