import { type Alias, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { keyText, type SiteNode } from './site-nodes.ts';

/** How often an entry may use aliases: a text of a few lines can otherwise stand for any amount of memory. */
const MAX_ALIASES = 1000;
/** What aliases of all files may come to, as text. */
export const MAX_ALIASED_CHARACTERS = 16 * 1024 * 1024;

/** The value as JSON has it. @throws RangeError for what JSON has no word for, or an alias of nothing or of far too much. */
export function valueOf(entry: SiteNode): unknown {
  return new Expansion(entry).value(entry.node);
}

class Expansion {
  readonly #entry: SiteNode;
  #aliases = 0;
  /** Those whose meaning is being written out: one that is met again in there would have no end. */
  readonly #open: Node[] = [];

  constructor(entry: SiteNode) {
    this.#entry = entry;
  }

  value(node: unknown): unknown {
    if (isAlias(node)) return this.#aliased(node);
    this.#spend(2);
    if (isMap(node))
      return Object.fromEntries(
        node.items.map((pair) => {
          if (!isScalar(pair.key) && pair.key !== null)
            throw new RangeError('a name is wanted before each ":", and something else stands there');
          const name = keyText(pair);
          this.#spend(name.length);
          return [name, this.value(pair.value)];
        }),
      );
    if (isSeq(node)) return node.items.map((item) => this.value(item));
    return isScalar(node) ? this.#scalar(node.value) : null;
  }

  #scalar(value: unknown): unknown {
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
    if (typeof value !== 'string')
      throw new RangeError(
        'a text, a number, a list or fields are wanted, and bytes or the like stand there',
      );
    this.#spend(value.length);
    return value;
  }

  #aliased(alias: Alias): unknown {
    const { source } = alias;
    const target = this.#entry.targetOf(alias);
    if (!target) throw new RangeError(`*${source} stands for nothing: no "&${source}" is before it`);
    if (this.#open.includes(target))
      throw new RangeError(`*${source} stands for something that it is a part of`);
    this.#aliases += 1;
    if (this.#aliases > MAX_ALIASES)
      throw new RangeError(
        `an alias stands for more than ${MAX_ALIASES} others: write it out, or use a group`,
      );
    this.#open.push(target);
    const value = this.value(target);
    this.#open.pop();
    return value;
  }

  /** What is written out itself is bounded by the size of the files. */
  #spend(characters: number): void {
    if (this.#open.length === 0) return;
    const { spare } = this.#entry;
    spare.characters -= characters;
    if (spare.characters < 0)
      throw new RangeError(
        `aliases stand for more than ${MAX_ALIASED_CHARACTERS} characters: use a group, or a snippet`,
      );
  }
}
