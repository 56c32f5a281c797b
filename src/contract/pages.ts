import { z } from 'zod';
import { MAX_TEXT_LENGTH } from './fields.ts';

/** Lists that can be long are asked for in pages. */

/** Characters of what a page ended with. */
const MAX_PLACE_LENGTH = 512;

/** What a page said as `next`. */
export const place = z.string().min(1).max(MAX_PLACE_LENGTH);

/** What is looked for in names and sentences. */
export const searchText = z.string().max(MAX_TEXT_LENGTH);

export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; next: z.ZodExactOptional<z.ZodString> }> {
  return z.object({
    items: z.array(item).describe('Those of this page'),
    next: z
      .string()
      .exactOptional()
      .describe('Where the next page begins: sent as `after`; absent: this is the last one'),
  });
}
