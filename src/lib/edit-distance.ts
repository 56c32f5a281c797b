/**
 * How many letters must be put in, taken out or changed to make one text of the other (Levenshtein), or undefined for
 * more than `most`. The work is the length of the shorter text times `most`.
 */
export function editDistance(one: string, other: string, most: number): number | undefined {
  if (Math.abs(one.length - other.length) > most) return undefined;
  let previous: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = previous.map(() => most + 1);
    current[0] = row;
    const from = Math.max(1, row - most);
    const to = Math.min(other.length, row + most);
    let least = current[0];
    for (let column = from; column <= to; column += 1) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1;
      const distance = Math.min(
        at(previous, column - 1) + change,
        at(previous, column) + 1,
        at(current, column - 1) + 1,
      );
      current[column] = distance;
      least = Math.min(least, distance);
    }
    if (least > most) return undefined;
    previous = current;
  }
  const distance = at(previous, other.length);
  return distance > most ? undefined : distance;
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
