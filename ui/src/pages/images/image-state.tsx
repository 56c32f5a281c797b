import type { ReactNode } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { Status, type Tone } from '../../parts/status.tsx';
import { useText } from '../../text/language.tsx';
import { IMAGES } from './text.ts';

const TONES: Readonly<Record<ItemOf<'listImages'>['state'], Tone>> = {
  good: 'good',
  checking: 'busy',
  missing: 'bad',
  changed: 'bad',
  damaged: 'bad',
  forced: 'wait',
};

/** Whether machines boot it, and what is known of its checksum where somebody looks closer. */
export function ImageState({ image }: { readonly image: ItemOf<'listImages'> }): ReactNode {
  const { states } = useText(IMAGES);
  const { state, because, checksum } = image;
  return (
    <span title={because ?? checksum.text}>
      <Status tone={TONES[state]}>{states[state]}</Status>
    </span>
  );
}
