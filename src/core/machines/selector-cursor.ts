/** Reads words and marks, and knows the column for a complaint; spaces between them mean nothing. */
export class SelectorCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipSpaces();
  }

  /** From 1. */
  get column(): number {
    return this.#at + 1;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  isAt(mark: string): boolean {
    return this.#text.startsWith(mark, this.#at);
  }

  took(mark: string): boolean {
    if (!this.isAt(mark)) return false;
    this.#at += mark.length;
    this.#skipSpaces();
    return true;
  }

  tookWord(word: string): boolean {
    return this.#wordHere() === word && this.took(word);
  }

  readWord(what: string, parse: (text: string) => string): string {
    const word = this.#wordHere();
    if (word === '') throw this.wants(what);
    try {
      parse(word);
    } catch (error) {
      throw new SyntaxError(`column ${this.column}: ${error instanceof Error ? error.message : what}`);
    }
    this.took(word);
    return word;
  }

  wants(what: string): SyntaxError {
    const [letter] = this.#text.slice(this.#at);
    return refused(this.column, what, letter === undefined ? 'the end' : `"${letter}"`);
  }

  #wordHere(): string {
    return /^[^\s,=!()]*/.exec(this.#text.slice(this.#at))?.[0] ?? '';
  }

  #skipSpaces(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }
}

export function refused(column: number, wanted: string, there?: string): SyntaxError {
  const found = there === undefined ? '' : `${there} is there, and `;
  return new SyntaxError(`column ${column}: ${found}${wanted} is wanted`);
}
