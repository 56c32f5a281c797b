/** Variables as people type them: one a line, `name=value`; `\n` in a value is a new line, and `\\` a backslash. */

export function variablesText(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)
    .join('\n');
}

export function variablesIn(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name.trim(), value.join('=').replaceAll(/\\([\\n])/g, (_, one) => (one === 'n' ? '\n' : '\\'))];
    }),
  );
}
