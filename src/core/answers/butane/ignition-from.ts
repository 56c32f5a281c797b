import type { TemplateOutcome } from '../template-job.ts';
import { translateButane } from './translate-butane.ts';

/** The longest Butane that is translated, in UTF-16 units: what fits on a screen a hundred times. */
export const MAX_BUTANE_LENGTH = 256 * 1024;

/**
 * Ignition as machines read it: JSON as it stands, and Butane translated. Which of both it is shows in its first
 * letter, since a configuration of Ignition is an object.
 *
 * @param name of the template: `profile web`.
 */
export function ignitionFrom(text: string, name: string): TemplateOutcome {
  if (text.trimStart().startsWith('{')) return { made: true, text };
  if (text.length > MAX_BUTANE_LENGTH) {
    const because = `${name} made ${text.length} characters of Butane, and ${MAX_BUTANE_LENGTH} are the most`;
    return { made: false, because };
  }
  const translated = translateButane(text);
  if (translated.translated) return { made: true, text: translated.ignition };
  const { line, column, because } = translated;
  return { made: false, because: `the Butane that ${name} made, ${line}:${column}: ${because}` };
}
