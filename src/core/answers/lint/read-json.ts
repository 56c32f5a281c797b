import {
  type DataEntry,
  type DataNode,
  MAX_DEPTH,
  type Place,
  placesIn,
  type ReadData,
} from './data-node.ts';
import { error } from './finding.ts';

/** JSON (RFC 8259) with the place of every value, or of the first thing that is none. */
export function readJson(text: string): ReadData {
  const placeAt = placesIn(text);
  const reader = new Reader(text, placeAt);
  try {
    return { read: true, root: reader.whole() };
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
    const { line, column } = placeAt(reader.at);
    return { read: false, findings: [error(line, column, `this is no JSON: ${problem.message}`)] };
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** The engine of the language checks the escapes. */
const TEXT = /"(?:[^"\\\n]|\\.)*"/y;
const WORD = /[A-Za-z]+/y;

class Reader {
  readonly #text: string;
  readonly #placeAt: (offset: number) => Place;
  at = 0;

  constructor(text: string, placeAt: (offset: number) => Place) {
    this.#text = text;
    this.#placeAt = placeAt;
  }

  whole(): DataNode {
    const root = this.#value(0);
    this.#space();
    if (this.at < this.#text.length) throw new SyntaxError('the end was expected here');
    return root;
  }

  #value(depth: number): DataNode {
    if (depth > MAX_DEPTH) throw new SyntaxError(`lists and objects go deeper than ${MAX_DEPTH} here`);
    this.#space();
    const place = this.#placeAt(this.at);
    const sign = this.#text[this.at];
    if (sign === '{') return { ...place, is: 'mapping', entries: this.#entries(depth) };
    if (sign === '[') return { ...place, is: 'list', items: this.#items(depth) };
    if (sign === '"') return { ...place, is: 'text', text: this.#string() };
    return { ...place, ...this.#word() };
  }

  #entries(depth: number): readonly DataEntry[] {
    const entries: DataEntry[] = [];
    const keys = new Set<string>();
    this.#each('}', () => {
      const place = this.#placeAt(this.at);
      const start = this.at;
      const key = this.#string();
      if (keys.has(key)) {
        this.at = start;
        throw new SyntaxError(`the key "${key}" stands here a second time`);
      }
      keys.add(key);
      this.#space();
      this.#take(':');
      entries.push({ ...place, key, node: this.#value(depth + 1) });
    });
    return entries;
  }

  #items(depth: number): readonly DataNode[] {
    const items: DataNode[] = [];
    this.#each(']', () => items.push(this.#value(depth + 1)));
    return items;
  }

  #each(end: string, read: () => void): void {
    this.at += 1;
    this.#space();
    if (this.#text[this.at] === end) {
      this.at += 1;
      return;
    }
    while (true) {
      this.#space();
      read();
      this.#space();
      if (this.#text[this.at] === end) break;
      this.#take(',');
    }
    this.at += 1;
  }

  #string(): string {
    const found = this.#match(TEXT);
    if (found === undefined) throw new SyntaxError('a text in double quotes was expected here');
    try {
      return JSON.parse(found) as string;
    } catch {
      this.at -= found.length;
      throw new SyntaxError('this text holds a control character or a backslash that means nothing');
    }
  }

  #word() {
    const number = this.#match(NUMBER);
    if (number !== undefined) return { is: 'number', value: Number(number) } as const;
    const start = this.at;
    const word = this.#match(WORD);
    if (word === 'true' || word === 'false') return { is: 'switch', value: word === 'true' } as const;
    if (word === 'null') return { is: 'nothing' } as const;
    this.at = start;
    throw new SyntaxError('a value was expected here');
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  #take(sign: string): void {
    if (this.#text[this.at] !== sign) throw new SyntaxError(`"${sign}" was expected here`);
    this.at += 1;
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.at] ?? '')) this.at += 1;
  }
}
