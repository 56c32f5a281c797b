import type { RenderedAnswer } from '../render-answer.ts';
import { translateButane } from './translate-butane.ts';

/** The longest Butane that is translated, in UTF-16 units: what fits on a screen a hundred times. */
export const MAX_BUTANE_LENGTH = 256 * 1024;

/**
 * Ignition as machines read it: JSON as it stands, and Butane translated. Which of both it is shows in its first
 * letter, since a configuration of Ignition is an object.
 */
export function ignitionFrom(answer: RenderedAnswer, profile: string): RenderedAnswer {
  if (!answer.rendered || answer.text.trimStart().startsWith('{')) return answer;
  if (answer.text.length > MAX_BUTANE_LENGTH) {
    const because = `profile ${profile} made ${answer.text.length} characters of Butane, and ${MAX_BUTANE_LENGTH} are the most`;
    return { rendered: false, because };
  }
  const translated = translateButane(answer.text);
  if (translated.translated) return { rendered: true, text: translated.ignition };
  const { line, column, because } = translated;
  return {
    rendered: false,
    because: `the Butane that profile ${profile} made, ${line}:${column}: ${because}`,
  };
}
