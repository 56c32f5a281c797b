/** Labels and variables as people type them. */

type Pairs = Readonly<Record<string, string>>;

/** `rack=a gpu` as labels, with space or commas between them. */
export function pairsFrom(text: string): Record<string, string> {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  return Object.fromEntries(words.map(pairOf));
}

/** A variable a line: its value may hold spaces. */
export function linesFrom(text: string): Record<string, string> {
  const lines = text.split('\n').map((line) => line.trim());
  return Object.fromEntries(lines.filter((line) => line !== '').map(pairOf));
}

function pairOf(text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

export function pairsText(pairs: Pairs, between: ' ' | '\n'): string {
  return Object.entries(pairs)
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
    .join(between);
}

/** What makes the one the other: those that are not there any more are null, those that stay are left out. */
export function pairsChange(before: Pairs, after: Pairs): Record<string, string | null> {
  const gone = Object.keys(before).filter((key) => !(key in after));
  const set = Object.entries(after).filter(([key, value]) => before[key] !== value);
  return { ...Object.fromEntries(gone.map((key) => [key, null])), ...Object.fromEntries(set) };
}
