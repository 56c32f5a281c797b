import type { Place, ReadText } from './data-node.ts';
import { readWhole, type TextCursor } from './text-cursor.ts';

export interface XmlElement extends Place {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All that stands in it beside elements. */
  readonly text: string;
}

/** Elements in elements. */
const MAX_DEPTH = 100;
const NAME = /[\p{L}_:][\p{L}\p{N}_:.\u00B7-]*/uy;
const SPACE = /[ \t\r\n]*/y;
const ATTRIBUTE_VALUE = /"([^<"]*)"|'([^<']*)'/y;
/** §2.2: what is no character of XML 1.0. */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const ENTITY = /&(?:lt|gt|amp|quot|apos|#\d+|#x[\da-fA-F]+);|&/g;

/**
 * Whether a text is well-formed XML 1.0, and its elements with their places. A document type is passed over and its
 * entities are not read: installers bring none, and an answer file that needs them is told so.
 */
export function readXml(text: string): ReadText<XmlElement> {
  return readWhole(text, 'well-formed XML', (cursor) => new Scanner(cursor).document());
}

interface Open extends Place {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

class Scanner {
  readonly #cursor: TextCursor;

  constructor(cursor: TextCursor) {
    this.#cursor = cursor;
  }

  document(): XmlElement {
    const strange = NO_CHARACTER.exec(this.#cursor.text);
    if (strange) this.#fail('this character cannot stand in XML', strange.index);
    this.#misc();
    if (this.#cursor.text[this.#cursor.at] !== '<') this.#fail('an element was expected here');
    const root = this.#element();
    this.#misc();
    if (this.#cursor.at < this.#cursor.text.length)
      this.#fail('there is more than one root: the end was expected here');
    return root;
  }

  /** Declaration, comments, processing instructions and the document type. */
  #misc(): void {
    while (true) {
      this.#cursor.match(SPACE);
      if (this.#skip('<?', '?>', 'a processing instruction')) continue;
      if (this.#comment()) continue;
      if (this.#skip('<!DOCTYPE', '>', 'a document type')) continue;
      return;
    }
  }

  /** Without recursion, so that no text is too deep for the stack. */
  #element(): XmlElement {
    const stack: Open[] = [];
    while (true) {
      const opened = this.#startTag();
      let closed: XmlElement | undefined;
      if (opened.isEmpty) closed = opened.element;
      else stack.push(opened.element);
      if (stack.length > MAX_DEPTH) this.#fail(`elements go deeper than ${MAX_DEPTH} here`);
      while (true) {
        if (closed) {
          const parent = stack.at(-1);
          if (!parent) return closed;
          parent.children.push(closed);
          closed = undefined;
        }
        const open = stack.at(-1);
        if (!open) this.#fail('an element was expected here');
        this.#content(open);
        if (!this.#cursor.text.startsWith('</', this.#cursor.at)) break;
        this.#endTag(open);
        stack.pop();
        closed = open;
      }
    }
  }

  #startTag(): { readonly element: Open; readonly isEmpty: boolean } {
    const place = this.#cursor.place();
    const start = this.#cursor.at;
    this.#cursor.at += 1;
    const name = this.#cursor.match(NAME);
    if (name === undefined) this.#fail('the name of an element was expected here');
    const attributes = new Map<string, string>();
    while (true) {
      const space = this.#cursor.match(SPACE) ?? '';
      if (this.#take('/>'))
        return { element: { ...place, name, attributes, children: [], text: '' }, isEmpty: true };
      if (this.#take('>'))
        return { element: { ...place, name, attributes, children: [], text: '' }, isEmpty: false };
      if (this.#cursor.at >= this.#cursor.text.length) this.#fail(`the tag <${name}> is not closed`, start);
      if (space === '') this.#fail('a space, "/>" or ">" was expected here');
      this.#attribute(attributes);
    }
  }

  #attribute(attributes: Map<string, string>): void {
    const start = this.#cursor.at;
    const name = this.#cursor.match(NAME);
    if (name === undefined) this.#fail('the name of an attribute was expected here');
    if (attributes.has(name)) this.#fail(`the attribute ${name} stands here a second time`, start);
    this.#cursor.match(SPACE);
    if (!this.#take('=')) this.#fail(`"=" was expected here: every attribute has a value`);
    this.#cursor.match(SPACE);
    ATTRIBUTE_VALUE.lastIndex = this.#cursor.at;
    const value = ATTRIBUTE_VALUE.exec(this.#cursor.text);
    if (!value) this.#fail(`the value of ${name} has to stand in quotes, without "<"`);
    this.#entities(this.#cursor.at + 1, this.#cursor.at + value[0].length - 1);
    this.#cursor.at += value[0].length;
    attributes.set(name, value[1] ?? value[2] ?? '');
  }

  /** Text up to the next tag; comments and the like are passed over. */
  #content(open: Open): void {
    while (true) {
      const next = this.#cursor.text.indexOf('<', this.#cursor.at);
      if (next < 0) this.#fail(`<${open.name}> of line ${open.line} is not closed`, this.#cursor.text.length);
      const piece = this.#cursor.text.slice(this.#cursor.at, next);
      const cdata = piece.indexOf(']]>');
      if (cdata >= 0) this.#fail('"]]>" cannot stand in text: write "]]&gt;"', this.#cursor.at + cdata);
      this.#entities(this.#cursor.at, next);
      open.text += piece;
      this.#cursor.at = next;
      const start = this.#cursor.at;
      if (this.#skip('<![CDATA[', ']]>', 'a CDATA section'))
        open.text += this.#cursor.text.slice(start + 9, this.#cursor.at - 3);
      else if (!this.#comment() && !this.#skip('<?', '?>', 'a processing instruction')) return;
    }
  }

  #endTag(open: Open): void {
    const start = this.#cursor.at;
    this.#cursor.at += 2;
    const name = this.#cursor.match(NAME) ?? '';
    if (name !== open.name) this.#fail(`</${name}> closes <${open.name}> of line ${open.line}`, start);
    this.#cursor.match(SPACE);
    if (!this.#take('>')) this.#fail('">" was expected here');
  }

  #comment(): boolean {
    const start = this.#cursor.at;
    if (!this.#skip('<!--', '-->', 'a comment')) return false;
    const inside = this.#cursor.text.slice(start + 4, this.#cursor.at - 3);
    const dashes = inside.indexOf('--');
    if (dashes >= 0 || inside.endsWith('-')) this.#fail('"--" cannot stand in a comment', start);
    return true;
  }

  #skip(begin: string, end: string, what: string): boolean {
    if (!this.#cursor.text.startsWith(begin, this.#cursor.at)) return false;
    const close = this.#cursor.text.indexOf(end, this.#cursor.at + begin.length);
    if (close < 0) this.#fail(`${what} is not closed`);
    this.#cursor.at = close + end.length;
    return true;
  }

  #entities(from: number, to: number): void {
    for (const match of this.#cursor.text.slice(from, to).matchAll(ENTITY))
      if (match[0] === '&')
        this.#fail(
          '"&" begins an entity that is not known here: write "&amp;" for the sign itself',
          from + match.index,
        );
  }

  #take(sign: string): boolean {
    if (!this.#cursor.text.startsWith(sign, this.#cursor.at)) return false;
    this.#cursor.at += sign.length;
    return true;
  }

  #fail(message: string, at = this.#cursor.at): never {
    this.#cursor.at = at;
    throw new SyntaxError(message);
  }
}
