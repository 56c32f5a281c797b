/** A piece of a template that the engine evaluates. */
export interface TemplatePart {
  /** `{{ … }}` or `{% … %}`. */
  readonly kind: 'print' | 'tag';
  /** What stands between, without the marks of white space, and where in the template that begins. */
  readonly text: string;
  readonly start: number;
}

const ENDS = { '{#': '#}', '{%': '%}', '{{': '}}' } as const;
type PartOpening = Exclude<keyof typeof ENDS, '{#'>;

/** In order; comments and raw parts are passed over. Its work grows with the text, not faster. */
export function* partsOf(source: string): Generator<TemplatePart> {
  let at = 0;
  while (true) {
    const open = nextOpen(source, at);
    if (open === undefined) return;
    const end =
      open.kind === '{#'
        ? source.indexOf(ENDS['{#'], open.at + 2)
        : endOfPart(source, open.at + 2, open.kind);
    if (end < 0) return;
    at = end + 2;
    if (open.kind === '{#') continue;
    const whole = source.slice(open.at + 2, end);
    const text = whole.replace(/^[-+]/, ' ').replace(/[-+]$/, ' ');
    if (open.kind === '{%' && text.trim() === 'raw') at = endOfRaw(source, at);
    else yield { kind: open.kind === '{%' ? 'tag' : 'print', text, start: open.at + 2 };
  }
}

/**
 * Where the engine takes a part to end, or -1: not within a string, nor within brackets (MiniJinja 2.11 counts those of
 * all kinds as one).
 */
function endOfPart(source: string, from: number, opening: PartOpening): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    if (depth <= 0 && source.startsWith(ENDS[opening], at)) return at;
    const letter = source.charAt(at);
    if (letter === '"' || letter === "'") at = endOfString(source, at, letter);
    else if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) depth -= 1;
  }
  return -1;
}

/** Of its last letter; behind the text where it is never closed. */
function endOfString(source: string, from: number, quote: string): number {
  for (let at = from + 1; at < source.length; at += 1) {
    const letter = source.charAt(at);
    if (letter === quote) return at;
    if (letter === '\\') at += 1;
  }
  return source.length;
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
