import { z } from 'zod';
import { editDistance } from '../../lib/edit-distance.ts';

/** Letters that may be wrong in a field's name for it still to be guessed. */
const MAX_SLIPS = 2;

/** The fields an object at this path may have; empty where they are not known. */
export function knownFields(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = bare(schema);
  for (const step of path) {
    if (at instanceof z.ZodObject) at = bare((at.shape as Record<string, unknown>)[String(step)]);
    else if (at instanceof z.ZodArray) at = bare(at.element);
    else if (at instanceof z.ZodRecord) at = bare(at.valueType);
    else return [];
  }
  return [...fieldsOf(at)];
}

/** Of all its kinds, where a thing has several. */
function fieldsOf(schema: unknown): ReadonlySet<string> {
  if (schema instanceof z.ZodObject) return new Set(Object.keys(schema.shape));
  if (!(schema instanceof z.ZodUnion)) return new Set();
  return new Set(schema.options.flatMap((option) => [...fieldsOf(bare(option))]));
}

/** The schema of what is there, without what says whether it must be there. */
function bare(schema: unknown): unknown {
  let at = schema;
  while (
    at instanceof z.ZodOptional ||
    at instanceof z.ZodExactOptional ||
    at instanceof z.ZodNullable ||
    at instanceof z.ZodDefault
  )
    at = at.unwrap();
  return at;
}

/** `there is no field "profil": did you mean "profile"?` */
export function unknownField(name: string, known: readonly string[], what = 'field'): string {
  const begin = `there is no ${what} ${JSON.stringify(name)}`;
  const guess = nearest(name, known);
  if (guess !== undefined) return `${begin}: did you mean "${guess}"?`;
  return known.length === 0 ? begin : `${begin}: there are ${known.join(', ')}`;
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: { readonly word: string; readonly slips: number } | undefined;
  for (const word of known) {
    const slips = editDistance(wanted, word.toLowerCase(), MAX_SLIPS);
    if (slips === undefined || slips >= word.length) continue;
    if (best === undefined || slips < best.slips) best = { word, slips };
  }
  return best?.word;
}
