import { closestWord } from '../../../lib/closest-word.ts';
import { error, type Finding, hint, type LintInput, warning } from './finding.ts';
import { EITHER_TYPE, QUESTION_TYPES, QUESTIONS } from './preseed-questions.ts';

interface Line {
  readonly line: number;
  readonly text: string;
  /** Of how many lines it is made. */
  readonly lines: number;
}

/** A preseed as debconf-set-selections and the installer's own reader take it: owner, question, type, value. */
export function lintPreseed({ text }: LintInput): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, number>();
  const lines = text.split('\n');
  for (const line of joined(lines)) {
    if (/^\s*(?:#|$)/.test(line.text)) continue;
    findings.push(...lintLine(line, seen));
  }
  const last = lines.at(-1) === '' ? lines.at(-2) : lines.at(-1);
  if (last?.endsWith('\\') === true)
    findings.push(
      error(
        lines.length,
        undefined,
        'the last line ends with a backslash, and there is no line to join to it',
      ),
    );
  return findings;
}

/** A backslash at the end of a line joins the next to it; its place is that of the first. */
function joined(lines: readonly string[]): readonly Line[] {
  const whole: { line: number; text: string; lines: number }[] = [];
  let open = false;
  for (const [at, text] of lines.entries()) {
    const last = whole.at(-1);
    if (open && last) {
      last.text += text.replace(/\\$/, '');
      last.lines += 1;
    } else whole.push({ line: at + 1, text: text.replace(/\\$/, ''), lines: 1 });
    open = text.endsWith('\\');
  }
  return whole;
}

const PARTS = /^(?<owner>\S+)(?<gap1>\s+)(?<question>\S+)(?<gap2>\s+)(?<type>\S+)(?:[ \t](?<value>.*))?$/;

function lintLine({ line, text, lines }: Line, seen: Map<string, number>): readonly Finding[] {
  if (/^\s/.test(text))
    return [error(line, 1, 'the line begins with a space: an owner such as d-i is wanted first')];
  const parts = PARTS.exec(text)?.groups;
  if (!parts)
    return [
      error(
        line,
        1,
        'an owner, a question, a type and a value are wanted, such as "d-i time/zone string Etc/UTC"',
      ),
    ];
  const { owner = '', question = '', type = '', value = '', gap1 = ' ', gap2 = ' ' } = parts;
  const questionColumn = owner.length + gap1.length + 1;
  const typeColumn = questionColumn + question.length + gap2.length;
  const valueColumn = typeColumn + type.length + 1;
  const findings: Finding[] = [];
  const before = seen.get(`${owner} ${question}`);
  if (before !== undefined && type !== 'seen')
    findings.push(
      warning(line, questionColumn, `${question} was answered in line ${before} already: this answer wins`),
    );
  if (type !== 'seen') seen.set(`${owner} ${question}`, line);
  if (!/^[\w+.-]+(?:\/[\w+.-]+)+$/.test(question))
    findings.push(
      error(
        line,
        questionColumn,
        `"${question}" is no question: a name with a slash is wanted, such as netcfg/get_hostname`,
      ),
    );
  findings.push(
    ...lintType(line, typeColumn, question, type),
    ...lintName(line, questionColumn, owner, question),
  );
  if (lines === 1 && (/^\s/.test(value) || /\s$/.test(value)))
    findings.push(
      warning(
        line,
        valueColumn,
        'white space around the value is a part of it: one space after the type is enough',
      ),
    );
  return [...findings, ...lintValue(line, valueColumn, question, type, value)];
}

function lintType(line: number, column: number, question: string, type: string): readonly Finding[] {
  if (type === 'seen') return [];
  if (!(QUESTION_TYPES as readonly string[]).includes(type)) {
    const close = hint(closestWord(type, QUESTION_TYPES));
    return [error(line, column, `"${type}" is no type${close}: ${QUESTION_TYPES.join(', ')} are`)];
  }
  const wanted = EITHER_TYPE.get(question) ?? [QUESTIONS.get(question) ?? type];
  if (wanted.includes(type)) return [];
  return [warning(line, column, `${question} is of type ${wanted.join(' or ')}, and ${type} stands there`)];
}

/** Only for the installer's own questions, of which most are known here. */
function lintName(line: number, column: number, owner: string, question: string): readonly Finding[] {
  if (owner !== 'd-i' || QUESTIONS.has(question) || EITHER_TYPE.has(question)) return [];
  const close = closestWord(question, [...QUESTIONS.keys(), ...EITHER_TYPE.keys()]);
  return close === undefined
    ? []
    : [warning(line, column, `the installer may not know the question ${question} (there is "${close}")`)];
}

function lintValue(
  line: number,
  column: number,
  question: string,
  type: string,
  value: string,
): readonly Finding[] {
  if ((type === 'boolean' || type === 'seen') && !/^(?:true|false)$/.test(value.trim()))
    return [error(line, column, `true or false is wanted for ${question}`)];
  if (question.endsWith('-crypted') && value !== '' && !/^(?:[!*]|\$\w+\$)/.test(value))
    return [error(line, column, `${question} holds no hash: muster password hash makes one`)];
  if (/^passwd\/(?:root|user)-password(?:-again)?$/.test(question))
    return [
      warning(
        line,
        column,
        `${question} holds a password as it is: ${question.replace('-again', '')}-crypted takes its hash`,
      ),
    ];
  if (/\\n/.test(value))
    return [
      warning(
        line,
        column,
        'a backslash and an n in a value become a line break when debconf reads it again',
      ),
    ];
  return [];
}
