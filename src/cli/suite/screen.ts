/** What a terminal shows of what was written to it, for the few sequences that are used here (ECMA-48). */
export function screenOf(written: string, columns: number): readonly string[] {
  const lines: string[] = [''];
  let [row, column] = [0, 0];
  // oxlint-disable-next-line no-control-regex -- they are what is read
  for (const [piece] of written.matchAll(/\u001B\[\??\d*[A-Za-z]|[\r\n]|[^\u001B\r\n]+/g)) {
    const line = lines[row] ?? '';
    if (piece === '\r') column = 0;
    else if (piece === '\n') {
      row += 1;
      column = 0;
      if (row === lines.length) lines.push('');
    } else if (/\[\d+A$/.test(piece)) row = Math.max(0, row - Number(/\d+/.exec(piece)?.[0]));
    else if (piece.endsWith('[K')) lines[row] = line.slice(0, column);
    else if (piece.endsWith('[J')) {
      lines[row] = line.slice(0, column);
      lines.splice(row + 1);
    } else if (!piece.startsWith('\u001B')) {
      // Lines are cut at the edge, as they are while DECAWM is off.
      lines[row] = (line.slice(0, column) + piece + line.slice(column + piece.length)).slice(0, columns);
      column += piece.length;
    } else if (!/\[\?7[hl]$/.test(piece))
      throw new Error(`The screen does not know ${JSON.stringify(piece)}`);
  }
  return lines;
}
