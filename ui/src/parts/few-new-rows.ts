import type { VirtualItem } from '@tanstack/react-virtual';
import { useEffect, useMemo, useState } from 'react';

/**
 * Rows that come into sight and are drawn in one frame. Where somebody scrolls by whole screens, all twenty of one took up
 * to 67 ms on two slow processors that a server shared; a fifth of them at a time fills it within six frames.
 */
const NEW_ROWS_A_FRAME = 4;

const NONE: ReadonlySet<VirtualItem['key']> = new Set();

/**
 * Of the rows in sight those that are drawn now: all that are there already, and a few more with each frame, however often
 * the table scrolls in it. What changes while nobody scrolls is drawn at once.
 */
export function useFewNewRows(inSight: readonly VirtualItem[], isScrolling: boolean): readonly VirtualItem[] {
  const [there, setThere] = useState(NONE);
  const isNew = useMemo(() => inSight.filter(({ key }) => !there.has(key)), [inSight, there]);
  const drawn = useMemo(
    () => (isScrolling ? inSight.filter(({ key }) => there.has(key)) : inSight),
    [inSight, isScrolling, there],
  );
  if (!isScrolling && isNew.length > 0) setThere(keysOf(inSight));
  useEffect(() => {
    if (!isScrolling || isNew.length === 0) return undefined;
    const next = [...drawn, ...isNew.slice(0, NEW_ROWS_A_FRAME)];
    const frame = requestAnimationFrame(() => setThere(keysOf(next)));
    return () => cancelAnimationFrame(frame);
  }, [isScrolling, isNew, drawn]);
  return drawn;
}

function keysOf(items: readonly VirtualItem[]): ReadonlySet<VirtualItem['key']> {
  return new Set(items.map(({ key }) => key));
}
