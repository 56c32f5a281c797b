import type { ItemOf } from '../../data/client.ts';

type Image = ItemOf<'listImages'>;

export interface ImageRow {
  readonly image: Image;
  /** Names of the profiles that install it. */
  readonly profiles: readonly string[];
}

export function imageRows(
  images: readonly Image[],
  profiles: readonly Pick<ItemOf<'listProfiles'>, 'name' | 'image'>[],
): readonly ImageRow[] {
  return images.map((image) => ({
    image,
    profiles: profiles.filter((profile) => profile.image === image.name).map(({ name }) => name),
  }));
}

/** Every word of the search must be in its name, in what people call it, or in its family. */
export function fitting(rows: readonly ImageRow[], search: string): readonly ImageRow[] {
  const words = search.toLowerCase().split(/\s+/);
  return rows.filter(({ image: { name, title, family } }) => {
    const text = `${name} ${title} ${family}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
