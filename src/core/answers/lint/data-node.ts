import type { Finding } from './finding.ts';

/** A file of data with its places, whatever language it is written in. */
export type DataNode = Place &
  (
    | { readonly is: 'text'; readonly text: string }
    | { readonly is: 'number'; readonly value: number }
    | { readonly is: 'switch'; readonly value: boolean }
    | { readonly is: 'nothing' }
    | { readonly is: 'list'; readonly items: readonly DataNode[] }
    | { readonly is: 'mapping'; readonly entries: readonly DataEntry[] }
  );

export interface Place {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface DataEntry extends Place {
  readonly key: string;
  readonly node: DataNode;
}

/** What a reader makes of a text, or what it stopped at. */
export type ReadText<Root> =
  | { readonly read: true; readonly root: Root }
  | { readonly read: false; readonly findings: readonly Finding[] };

export type ReadData = ReadText<DataNode>;

/** Lists in lists; the readers of answer files give up earlier. */
export const MAX_DEPTH = 60;

/** The node below a mapping, or undefined. */
export function childOf(node: DataNode | undefined, key: string): DataNode | undefined {
  return node?.is === 'mapping' ? node.entries.find((entry) => entry.key === key)?.node : undefined;
}

export function textOf(node: DataNode | undefined): string | undefined {
  return node?.is === 'text' ? node.text : undefined;
}

/** Places in a text by offset; asked in any order. */
export function placesIn(text: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
