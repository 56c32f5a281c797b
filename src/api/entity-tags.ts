import { createHash } from 'node:crypto';

/** Bytes of a hash that tell two answers apart. */
const TAG_BYTES = 18;

/**
 * The entity tag of an answer (RFC 9110 §8.8.3). It is made of the answer's bytes and so is a strong one: whatever can
 * be read has changed when it has, and nothing needs a version of its own.
 */
export function entityTagOf(text: string): string {
  const hash = createHash('sha256').update(text).digest().subarray(0, TAG_BYTES);
  return `"${hash.toString('base64url')}"`;
}

const TAG = /^(?<weak>W\/)?(?<tag>"[\x21\x23-\x7e\x80-\xff]*")$/;

/** What a header If-Match or If-None-Match names. */
export type NamedTags = '*' | readonly { readonly tag: string; readonly is: 'weak' | 'strong' }[];

/** @throws SyntaxError for a text that is no list of entity tags. */
export function readTags(header: string): NamedTags {
  if (header.trim() === '*') return '*';
  return header.split(',').map((part) => {
    const { weak, tag } = TAG.exec(part.trim())?.groups ?? {};
    if (tag === undefined)
      throw new SyntaxError(
        `${part.trim() || 'nothing'} is no entity tag: one in quotes is wanted, as ETag has it, or *`,
      );
    return { tag, is: weak === undefined ? 'strong' : 'weak' };
  });
}

/** Whether a thing is one of those that are named (RFC 9110 §8.8.3.2). @param current undefined: it is not there. */
export function isNamed(
  named: NamedTags,
  current: string | undefined,
  comparison: 'weak' | 'strong',
): boolean {
  if (current === undefined) return false;
  if (named === '*') return true;
  return named.some(({ tag, is }) => tag === current && (comparison === 'weak' || is === 'strong'));
}
