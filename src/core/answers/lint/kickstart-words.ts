export interface Word {
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

export type Words =
  | { readonly split: true; readonly words: readonly Word[] }
  | { readonly split: false; readonly column: number; readonly because: string };

/** A line as Python's shlex divides it, with comments: what pykickstart and ESXi's installer use. */
export function splitWords(line: string): Words {
  const words: Word[] = [];
  let word: { text: string; column: number } | undefined;
  let quote: { readonly sign: string; readonly column: number } | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at] ?? '';
    const next = line[at + 1] ?? '';
    if (quote) {
      if (letter === quote.sign) quote = undefined;
      else if (letter === '\\' && quote.sign === '"' && (next === '"' || next === '\\')) {
        word = grown(word, next, at);
        at += 1;
      } else word = grown(word, letter, at);
    } else if (letter === '"' || letter === "'") {
      quote = { sign: letter, column: at + 1 };
      word = grown(word, '', at);
    } else if (letter === '\\' && next !== '') {
      word = grown(word, next, at);
      at += 1;
    } else if (/\s/.test(letter)) {
      if (word) words.push(word);
      word = undefined;
    } else if (letter === '#') break;
    else word = grown(word, letter, at);
  }
  if (quote) return { split: false, column: quote.column, because: `the quote ${quote.sign} is not closed` };
  if (word) words.push(word);
  return { split: true, words };
}

function grown(
  word: { readonly text: string; readonly column: number } | undefined,
  more: string,
  at: number,
): { text: string; column: number } {
  return word ? { text: word.text + more, column: word.column } : { text: more, column: at + 1 };
}
