import { type Place, placesIn, type ReadText } from './data-node.ts';
import { error } from './finding.ts';

/** How far a reader is in its text; where it stops is where something is wrong. */
export class TextCursor {
  readonly text: string;
  readonly #placeAt: (offset: number) => Place;
  at = 0;

  constructor(text: string) {
    this.text = text;
    this.#placeAt = placesIn(text);
  }

  place(): Place {
    return this.#placeAt(this.at);
  }

  /** @param pattern a sticky one, which begins where the reader is. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

/** What a reader makes of a text, or what it stopped at. @param read throws a SyntaxError there. */
export function readWhole<Root>(
  text: string,
  what: string,
  read: (cursor: TextCursor) => Root,
): ReadText<Root> {
  const cursor = new TextCursor(text);
  try {
    return { read: true, root: read(cursor) };
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
    const { line, column } = cursor.place();
    return { read: false, findings: [error(line, column, `this is no ${what}: ${problem.message}`)] };
  }
}
