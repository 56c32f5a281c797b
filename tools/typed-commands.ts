/** The commands of Muster that a page of the documentation has its readers type, as the shell would hand them over. */

export interface TypedCommand {
  /** As it stands in the page. */
  readonly text: string;
  /** What stands behind `muster`. */
  readonly words: readonly string[];
  /** In a block it is typed as it is; in a sentence what goes with it may be left out. */
  readonly where: 'block' | 'sentence';
}

const BLOCK = /^```(\w*)\n([^]*?)^```$/gm;
const HERE_DOCUMENT = /(<<-?\s*['"]?(\w+)['"]?.*\n)[^]*?^\2$/gm;
const OPENS_COMMAND = /^(?:sudo )?muster$/;
/** Quoted pieces, substitutions and escaped characters belong to their word, whatever is in them. */
const PIECE = /'([^']*)'|"((?:[^"\\]|\\.)*)"|(\$\([^)]*\))|\\(.)|([|;&\n<>])|([ \t]+)|(#.*)|([^])/gy;

/** @param page the text of a page, in Markdown. */
export function typedCommands(page: string): readonly TypedCommand[] {
  const blocks = [...page.matchAll(BLOCK)].flatMap(([, language = '', block = '']) =>
    language === 'sh' || language === '' ? commandsOfBlock(block) : [],
  );
  const sentences = [...page.replaceAll(BLOCK, '').matchAll(/(?<!`)`((?:sudo )?muster [^`]+)`/g)];
  return [
    ...blocks.map((words) => typed(words, 'block')),
    ...sentences.flatMap(([, text = '']) =>
      simpleCommands(withoutNotation(text)).map((words) => typed(words, 'sentence')),
    ),
  ].filter(({ words }) => words.length > 0);
}

/** Sentences break lines, tables write a bar with a backslash, and brackets stand around what may be left out. */
function withoutNotation(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(String.raw`\|`, '|')
    .replaceAll(/\[(?:options|command)\]|[[\]…]/g, '');
}

function typed(words: readonly string[], where: TypedCommand['where']): TypedCommand {
  return { text: words.join(' '), words: words.slice(words[0] === 'sudo' ? 2 : 1), where };
}

function commandsOfBlock(block: string): readonly (readonly string[])[] {
  return simpleCommands(block.replaceAll(/\\\n\s*/g, ' ').replaceAll(HERE_DOCUMENT, '$1'));
}

/** Those that begin with `muster`, each as its words. */
function simpleCommands(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let skipsWord = false;
  const endWord = (): void => {
    if (word !== undefined && !skipsWord) commands.at(-1)?.push(word);
    if (word !== undefined) skipsWord = false;
    word = undefined;
  };
  for (const [, single, double, substitution, escaped, operator, space, comment, plain] of text.matchAll(
    PIECE,
  )) {
    if (comment !== undefined && word === undefined) continue;
    if (space !== undefined || operator !== undefined) endWord();
    // What follows an arrow is the name of a file, and no word of the command.
    if (operator === '<' || operator === '>') skipsWord = true;
    else if (operator !== undefined) commands.push([]);
    const piece = single ?? double ?? substitution ?? escaped ?? comment ?? plain;
    if (piece !== undefined) word = `${word ?? ''}${piece}`;
  }
  endWord();
  return commands.filter(
    ([first = '', second = '']) =>
      OPENS_COMMAND.test(first) || (first === 'sudo' && OPENS_COMMAND.test(second)),
  );
}
