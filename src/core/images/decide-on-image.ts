import type { ImageCondition } from './image-condition.ts';
import type { Image } from './image.ts';

export type LookedAt =
  | { readonly there: true; readonly identity: string }
  | { readonly there: false; readonly because: string };

export type OnImage =
  | { readonly do: 'nothing' }
  /** Undefined: all is well again. */
  | { readonly do: 'mark'; readonly trouble: ImageCondition['trouble'] }
  | { readonly do: 'look into'; readonly because: string };

const NOTHING: OnImage = { do: 'nothing' };

/**
 * What follows from a look at the files of an image. Files that changed are looked into once they stay as they are, and
 * nothing boots them meanwhile.
 *
 * @param before how they were at the last look; undefined where that was none, or they were not there.
 */
export function decideOnImage(
  { condition }: Pick<Image, 'condition'>,
  found: LookedAt,
  before: string | undefined,
): OnImage {
  if (condition === undefined) {
    return found.there ? { do: 'look into', because: 'an older Muster has added it' } : NOTHING;
  }
  const { trouble } = condition;
  if (!found.there) {
    return trouble?.kind === 'missing'
      ? NOTHING
      : { do: 'mark', trouble: { kind: 'missing', because: found.because } };
  }
  if (found.identity === condition.identity) {
    return trouble === undefined ? NOTHING : { do: 'mark', trouble: undefined };
  }
  if (found.identity !== before) {
    return trouble?.kind === 'changed'
      ? NOTHING
      : { do: 'mark', trouble: { kind: 'changed', because: 'its files were written to just now' } };
  }
  return { do: 'look into', because: 'its files were written to' };
}
