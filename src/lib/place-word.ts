/** Where a page of a list ended, as a word that clients hand back as it is. */

export type PlacePart = string | number;

export function placeWord(parts: readonly PlacePart[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** None where `placeWord` did not make it. */
export function partsOfPlaceWord(word: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(word, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

/** What is said of a word that leads to no place. */
export function noPlace(word: string): SyntaxError {
  return new SyntaxError(`"${word}" is not the next of a page: send it as it came`);
}
