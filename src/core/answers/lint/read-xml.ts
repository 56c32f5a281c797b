import { type Place, placesIn } from './data-node.ts';
import { error, type Finding } from './finding.ts';

export interface XmlElement extends Place {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All that stands in it beside elements. */
  readonly text: string;
}

export type ReadXml =
  | { readonly read: true; readonly root: XmlElement }
  | { readonly read: false; readonly findings: readonly Finding[] };

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
export function readXml(text: string): ReadXml {
  const placeAt = placesIn(text);
  const scanner = new Scanner(text, placeAt);
  try {
    return { read: true, root: scanner.document() };
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
    const { line, column } = placeAt(scanner.at);
    return { read: false, findings: [error(line, column, `this is no well-formed XML: ${problem.message}`)] };
  }
}

interface Open extends Place {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

class Scanner {
  readonly #text: string;
  readonly #placeAt: (offset: number) => Place;
  at = 0;

  constructor(text: string, placeAt: (offset: number) => Place) {
    this.#text = text;
    this.#placeAt = placeAt;
  }

  document(): XmlElement {
    const strange = NO_CHARACTER.exec(this.#text);
    if (strange) this.#fail('this character cannot stand in XML', strange.index);
    this.#misc();
    if (this.#text[this.at] !== '<') this.#fail('an element was expected here');
    const root = this.#element();
    this.#misc();
    if (this.at < this.#text.length) this.#fail('there is more than one root: the end was expected here');
    return root;
  }

  /** Declaration, comments, processing instructions and the document type. */
  #misc(): void {
    while (true) {
      this.#match(SPACE);
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
        if (!this.#text.startsWith('</', this.at)) break;
        this.#endTag(open);
        stack.pop();
        closed = open;
      }
    }
  }

  #startTag(): { readonly element: Open; readonly isEmpty: boolean } {
    const place = this.#placeAt(this.at);
    const start = this.at;
    this.at += 1;
    const name = this.#match(NAME);
    if (name === undefined) this.#fail('the name of an element was expected here');
    const attributes = new Map<string, string>();
    while (true) {
      const space = this.#match(SPACE) ?? '';
      if (this.#take('/>'))
        return { element: { ...place, name, attributes, children: [], text: '' }, isEmpty: true };
      if (this.#take('>'))
        return { element: { ...place, name, attributes, children: [], text: '' }, isEmpty: false };
      if (this.at >= this.#text.length) this.#fail(`the tag <${name}> is not closed`, start);
      if (space === '') this.#fail('a space, "/>" or ">" was expected here');
      this.#attribute(attributes);
    }
  }

  #attribute(attributes: Map<string, string>): void {
    const start = this.at;
    const name = this.#match(NAME);
    if (name === undefined) this.#fail('the name of an attribute was expected here');
    if (attributes.has(name)) this.#fail(`the attribute ${name} stands here a second time`, start);
    this.#match(SPACE);
    if (!this.#take('=')) this.#fail(`"=" was expected here: every attribute has a value`);
    this.#match(SPACE);
    ATTRIBUTE_VALUE.lastIndex = this.at;
    const value = ATTRIBUTE_VALUE.exec(this.#text);
    if (!value) this.#fail(`the value of ${name} has to stand in quotes, without "<"`);
    this.#entities(this.at + 1, this.at + value[0].length - 1);
    this.at += value[0].length;
    attributes.set(name, value[1] ?? value[2] ?? '');
  }

  /** Text up to the next tag; comments and the like are passed over. */
  #content(open: Open): void {
    while (true) {
      const next = this.#text.indexOf('<', this.at);
      if (next < 0) this.#fail(`<${open.name}> of line ${open.line} is not closed`, this.#text.length);
      const piece = this.#text.slice(this.at, next);
      const cdata = piece.indexOf(']]>');
      if (cdata >= 0) this.#fail('"]]>" cannot stand in text: write "]]&gt;"', this.at + cdata);
      this.#entities(this.at, next);
      open.text += piece;
      this.at = next;
      const start = this.at;
      if (this.#skip('<![CDATA[', ']]>', 'a CDATA section'))
        open.text += this.#text.slice(start + 9, this.at - 3);
      else if (!this.#comment() && !this.#skip('<?', '?>', 'a processing instruction')) return;
    }
  }

  #endTag(open: Open): void {
    const start = this.at;
    this.at += 2;
    const name = this.#match(NAME) ?? '';
    if (name !== open.name) this.#fail(`</${name}> closes <${open.name}> of line ${open.line}`, start);
    this.#match(SPACE);
    if (!this.#take('>')) this.#fail('">" was expected here');
  }

  #comment(): boolean {
    const start = this.at;
    if (!this.#skip('<!--', '-->', 'a comment')) return false;
    const inside = this.#text.slice(start + 4, this.at - 3);
    const dashes = inside.indexOf('--');
    if (dashes >= 0 || inside.endsWith('-')) this.#fail('"--" cannot stand in a comment', start);
    return true;
  }

  #skip(begin: string, end: string, what: string): boolean {
    if (!this.#text.startsWith(begin, this.at)) return false;
    const close = this.#text.indexOf(end, this.at + begin.length);
    if (close < 0) this.#fail(`${what} is not closed`);
    this.at = close + end.length;
    return true;
  }

  #entities(from: number, to: number): void {
    for (const match of this.#text.slice(from, to).matchAll(ENTITY))
      if (match[0] === '&')
        this.#fail(
          '"&" begins an entity that is not known here: write "&amp;" for the sign itself',
          from + match.index,
        );
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  #take(sign: string): boolean {
    if (!this.#text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  #fail(message: string, at = this.at): never {
    this.at = at;
    throw new SyntaxError(message);
  }
}
