import { editDistance } from './edit-distance.ts';

/** Letters that may differ; of short words a third. */
const NEAR = 2;

/** The word that was probably meant, or undefined when none is near. */
export function closestWord(word: string, known: readonly string[]): string | undefined {
  const most = Math.min(NEAR, Math.floor(word.length / 3));
  if (most === 0) return undefined;
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const other of known) {
    const distance = editDistance(word.toLowerCase(), other.toLowerCase(), most);
    if (distance !== undefined && (best === undefined || distance < best.distance))
      best = { word: other, distance };
  }
  return best?.word;
}
