/** A generated page: its title, where it comes from, and its parts with a blank line between them. */
export function page(title: string, source: string, ...parts: readonly string[]): string {
  const note = `<!-- Written by "npm run docs" from ${source}; changes here are lost. -->`;
  return `${[`# ${title}`, note, ...parts].join('\n\n')}\n`;
}

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
