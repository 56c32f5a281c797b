/** A piece of a template that the engine evaluates. */
export interface TemplatePart {
  /** `{{ … }}` or `{% … %}`. */
  readonly kind: 'print' | 'tag';
  /** What stands between, without the marks of white space, and where in the template that begins. */
  readonly text: string;
  readonly start: number;
}

const ENDS = { '{#': '#}', '{%': '%}', '{{': '}}' } as const;

/** In order; comments and raw parts are passed over. Its work grows with the text, not faster. */
export function* partsOf(source: string): Generator<TemplatePart> {
  let at = 0;
  while (true) {
    const open = nextOpen(source, at);
    if (open === undefined) return;
    const end = source.indexOf(ENDS[open.kind], open.at + 2);
    if (end < 0) return;
    at = end + 2;
    if (open.kind === '{#') continue;
    const whole = source.slice(open.at + 2, end);
    const text = whole.replace(/^[-+]/, ' ').replace(/[-+]$/, ' ');
    if (open.kind === '{%' && text.trim() === 'raw') at = endOfRaw(source, at);
    else yield { kind: open.kind === '{%' ? 'tag' : 'print', text, start: open.at + 2 };
  }
}

function nextOpen(
  source: string,
  from: number,
): { readonly at: number; readonly kind: keyof typeof ENDS } | undefined {
  for (let at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
    const kind = source.slice(at, at + 2);
    if (Object.hasOwn(ENDS, kind)) return { at, kind: kind as keyof typeof ENDS };
  }
  return undefined;
}

function endOfRaw(source: string, from: number): number {
  const end = /\{%[-+]?[ \t\r\n]{0,80}endraw[ \t\r\n]{0,80}[-+]?%\}/.exec(source.slice(from));
  return end ? from + end.index + end[0].length : source.length;
}
