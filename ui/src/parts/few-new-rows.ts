import type { VirtualItem } from '@tanstack/react-virtual';
import { useEffect, useMemo, useState } from 'react';

/**
 * Rows that come into sight and are drawn in one frame. Where somebody scrolls by whole screens, all twenty of one took up
 * to 67 ms on two slow processors that a server shared; a quarter of them at a time fills it within four frames.
 */
const NEW_ROWS_A_FRAME = 5;

const NONE: ReadonlySet<VirtualItem['key']> = new Set();

/**
 * Of the rows in sight those that are drawn now: all that are there already, and a few more with each frame. What changes
 * while nobody scrolls is drawn at once.
 */
export function useFewNewRows(inSight: readonly VirtualItem[], isScrolling: boolean): readonly VirtualItem[] {
  const [there, setThere] = useState(NONE);
  const drawn = useMemo(() => {
    if (!isScrolling) return inSight;
    const isNew = inSight.filter(({ key }) => !there.has(key));
    const later = new Set(isNew.slice(NEW_ROWS_A_FRAME));
    return inSight.filter((item) => !later.has(item));
  }, [inSight, isScrolling, there]);
  useEffect(() => {
    if (drawn.every(({ key }) => there.has(key))) return undefined;
    const frame = requestAnimationFrame(() => setThere(new Set(drawn.map(({ key }) => key))));
    return () => cancelAnimationFrame(frame);
  }, [drawn, there]);
  return drawn;
}
