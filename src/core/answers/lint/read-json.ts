import { type DataEntry, type DataNode, MAX_DEPTH, type ReadData } from './data-node.ts';
import { readWhole, type TextCursor } from './text-cursor.ts';

/** JSON (RFC 8259) with the place of every value, or of the first thing that is none. */
export function readJson(text: string): ReadData {
  return readWhole(text, 'JSON', (cursor) => new Reader(cursor).whole());
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** The engine of the language checks the escapes. */
const TEXT = /"(?:[^"\\\n]|\\.)*"/y;
const WORD = /[A-Za-z]+/y;

class Reader {
  readonly #cursor: TextCursor;

  constructor(cursor: TextCursor) {
    this.#cursor = cursor;
  }

  whole(): DataNode {
    const root = this.#value(0);
    this.#space();
    if (this.#cursor.at < this.#cursor.text.length) throw new SyntaxError('the end was expected here');
    return root;
  }

  #value(depth: number): DataNode {
    if (depth > MAX_DEPTH) throw new SyntaxError(`lists and objects go deeper than ${MAX_DEPTH} here`);
    this.#space();
    const place = this.#cursor.place();
    const sign = this.#cursor.text[this.#cursor.at];
    if (sign === '{') return { ...place, is: 'mapping', entries: this.#entries(depth) };
    if (sign === '[') return { ...place, is: 'list', items: this.#items(depth) };
    if (sign === '"') return { ...place, is: 'text', text: this.#string() };
    return { ...place, ...this.#word() };
  }

  #entries(depth: number): readonly DataEntry[] {
    const entries: DataEntry[] = [];
    const keys = new Set<string>();
    this.#each('}', () => {
      const place = this.#cursor.place();
      const start = this.#cursor.at;
      const key = this.#string();
      if (keys.has(key)) {
        this.#cursor.at = start;
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
    this.#cursor.at += 1;
    this.#space();
    if (this.#cursor.text[this.#cursor.at] === end) {
      this.#cursor.at += 1;
      return;
    }
    while (true) {
      this.#space();
      read();
      this.#space();
      if (this.#cursor.text[this.#cursor.at] === end) break;
      this.#take(',');
    }
    this.#cursor.at += 1;
  }

  #string(): string {
    const found = this.#cursor.match(TEXT);
    if (found === undefined) throw new SyntaxError('a text in double quotes was expected here');
    try {
      return JSON.parse(found) as string;
    } catch {
      this.#cursor.at -= found.length;
      throw new SyntaxError('this text holds a control character or a backslash that means nothing');
    }
  }

  #word() {
    const number = this.#cursor.match(NUMBER);
    if (number !== undefined) return { is: 'number', value: Number(number) } as const;
    const start = this.#cursor.at;
    const word = this.#cursor.match(WORD);
    if (word === 'true' || word === 'false') return { is: 'switch', value: word === 'true' } as const;
    if (word === 'null') return { is: 'nothing' } as const;
    this.#cursor.at = start;
    throw new SyntaxError('a value was expected here');
  }

  #take(sign: string): void {
    if (this.#cursor.text[this.#cursor.at] !== sign) throw new SyntaxError(`"${sign}" was expected here`);
    this.#cursor.at += 1;
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#cursor.text[this.#cursor.at] ?? '')) this.#cursor.at += 1;
  }
}
