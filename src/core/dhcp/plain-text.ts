/** What a client says of itself is kept to this many letters. */
const MAX_LETTERS = 255;

/** A client's text as one line that can be stored and shown: no control characters, bounded length. */
export function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, ' ').slice(0, MAX_LETTERS);
}
