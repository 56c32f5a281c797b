/** One line of a comparison of two texts. */
export interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines around a change that are shown with it. */
const CONTEXT = 3;
/** Pairs of lines that are compared at most; two texts that differ in more are shown as one gone and one new. */
const MAX_PAIRS = 4_000_000;

/** The fewest lines that must go and come to make the second text of the first (longest common subsequence). */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let [oldEnd, newEnd] = [before.length, after.length];
  while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd -= 1;
    newEnd -= 1;
  }
  const same = (lines: readonly string[]): readonly DiffLine[] => lines.map((text) => ({ mark: ' ', text }));
  return [
    ...same(before.slice(0, start)),
    ...diffMiddle(before.slice(start, oldEnd), after.slice(start, newEnd)),
    ...same(before.slice(oldEnd)),
  ];
}

function diffMiddle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const wide = after.length + 1;
  if (before.length * wide > MAX_PAIRS)
    return [
      ...before.map((text): DiffLine => ({ mark: '-', text })),
      ...after.map((text): DiffLine => ({ mark: '+', text })),
    ];
  // How many lines the rests from here have in common.
  const common = new Uint32Array((before.length + 1) * wide);
  const at = (row: number, column: number): number => common[row * wide + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1)
    for (let column = after.length - 1; column >= 0; column -= 1)
      common[row * wide + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [old, wanted] = [before[row], after[column]];
    if (old !== undefined && old === wanted) {
      lines.push({ mark: ' ', text: old });
      row += 1;
      column += 1;
    } else if (wanted === undefined || (old !== undefined && at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ mark: '-', text: old ?? '' });
      row += 1;
    } else {
      lines.push({ mark: '+', text: wanted });
      column += 1;
    }
  }
  return lines;
}

/** The changed lines and those around them, in the unified form of `diff -u`: each stretch with where it begins. */
export function unifiedDiff(lines: readonly DiffLine[]): readonly string[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ mark }) => mark !== ' '),
  );
  const out: string[] = [];
  let [oldLine, newLine, at] = [1, 1, 0];
  while (at < lines.length) {
    let end = at;
    while (end < lines.length && near[end] === near[at]) end += 1;
    const stretch = lines.slice(at, end);
    const old = stretch.filter(({ mark }) => mark !== '+').length;
    const wanted = stretch.filter(({ mark }) => mark !== '-').length;
    if (near[at]) {
      out.push(`@@ -${rangeText(oldLine, old)} +${rangeText(newLine, wanted)} @@`);
      out.push(...stretch.map(({ mark, text }) => `${mark}${text}`));
    }
    oldLine += old;
    newLine += wanted;
    at = end;
  }
  return out;
}

/** An empty range stands behind the line before it (POSIX, diff -u). */
function rangeText(first: number, count: number): string {
  if (count === 1) return String(first);
  return `${count === 0 ? first - 1 : first},${count}`;
}
