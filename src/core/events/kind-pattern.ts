import { EVENT_KINDS, type EventKind } from './event-kinds.ts';

const KINDS = Object.keys(EVENT_KINDS) as readonly EventKind[];

/** Whether a kind of event is meant by `install.*` or `power.failed`: `*` stands for any part. */
export function fitsPattern(pattern: string, kind: string): boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return pattern === kind;
  const last = parts.at(-1) ?? '';
  if (kind.length < first.length + last.length || !kind.startsWith(first) || !kind.endsWith(last))
    return false;
  // The parts between must follow each other; the first place that fits is the best one.
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = kind.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return from <= kind.length - last.length;
}

/** The kinds that a list such as `install.*,power.failed` means. @throws SyntaxError for a part that fits none. */
export function readKinds(text: string): readonly EventKind[] {
  const patterns = text.split(',').map((pattern) => pattern.trim());
  const unfit = patterns.find((pattern) => !KINDS.some((kind) => fitsPattern(pattern, kind)));
  if (unfit !== undefined)
    throw new SyntaxError(`"${unfit}" fits no kind of event: docs/events.md has them all, such as install.*`);
  return KINDS.filter((kind) => patterns.some((pattern) => fitsPattern(pattern, kind)));
}
