/**
 * Labels: short words on things, by which they are chosen. Their letters and limits are those of Kubernetes, so that
 * the labels and selectors people have fit here too.
 */

/** Characters of a label's key behind its prefix, and of its value. */
export const MAX_LABEL_LENGTH = 63;
/** Characters of a key's prefix: a domain name (RFC 1035 §2.3.4). */
export const MAX_LABEL_PREFIX_LENGTH = 253;
/** Labels of one machine. */
export const MAX_LABELS = 64;

const WORD = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** `rack`, or with the domain of who gave it the meaning: `example.org/rack`. @throws SyntaxError */
export function parseLabelKey(text: string): string {
  const slash = text.indexOf('/');
  const prefix = slash === -1 ? undefined : text.slice(0, slash);
  const word = text.slice(slash + 1);
  if (prefix !== undefined && (prefix.length > MAX_LABEL_PREFIX_LENGTH || !PREFIX.test(prefix)))
    throw new SyntaxError(
      `"${text}" is not the key of a label: before the "/" a domain name is wanted, of at most ${MAX_LABEL_PREFIX_LENGTH} lower-case letters, digits, "-" and "."`,
    );
  if (word.length > MAX_LABEL_LENGTH || !WORD.test(word))
    throw new SyntaxError(`"${text}" is not the key of a label: ${WANTED}`);
  return text;
}

/** May be empty. @throws SyntaxError */
export function parseLabelValue(text: string): string {
  if (text === '' || (text.length <= MAX_LABEL_LENGTH && WORD.test(text))) return text;
  throw new SyntaxError(`"${text}" is not the value of a label: ${WANTED}`);
}

const WANTED = `at most ${MAX_LABEL_LENGTH} letters, digits, "-", "_" and "." are wanted, a letter or digit at both ends`;
