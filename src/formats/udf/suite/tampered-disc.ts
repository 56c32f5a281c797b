import type { UdfDisc } from '../disc.ts';
import type { BuiltUdf } from './build-udf.ts';
import { resealDescriptor } from './descriptor-bytes.ts';
import type { NamePlan, UdfPlan } from './udf-plan.ts';

/** Discs that are changed after they were built, for the tests of what is refused. */

export const PLAIN = { revision: 0x0102, blockBytes: 2048, entries: 'plain', metadata: 'none' } as const;
/** Where the fields of a plain file entry stand. */
export const SIZE_AT = 56;
export const LIST_AT = 176;

export function planOf(names: readonly NamePlan[]): UdfPlan {
  return { ...PLAIN, root: { kind: 'folder', names } };
}

/** Changes a descriptor so that its sum and CRC are right again. */
export function tamper(built: BuiltUdf, at: number, change: (view: DataView) => void): void {
  change(new DataView(built.image.buffer, built.image.byteOffset + at));
  resealDescriptor(built.image, at);
}

export async function namesOf({ tree }: UdfDisc): Promise<readonly string[]> {
  return (await tree.entries(tree.root, 0, 1000)).map(({ name }) => name);
}
