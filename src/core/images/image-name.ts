/** Characters of a name, which is a part of URLs. */
export const MAX_IMAGE_NAME = 64;

/** What is left of a text in a name: `debian-12` of `Débian 12`. Empty where it has no letter or digit that a name may have. */
export function nameWord(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, MAX_IMAGE_NAME);
}

/**
 * How an image is called when nobody says it: as its title; where that has no letter for a name, as a Chinese one, as
 * its file; else with the first number that is free.
 */
export function imageNameOf(title: string, fileName: string, taken: ReadonlySet<string>): string {
  const ofTitle = nameWord(title);
  if (/[a-z]/.test(ofTitle)) return ofTitle;
  const ofFile = nameWord(fileName);
  if (ofFile !== '') return ofFile;
  let number = 1;
  while (taken.has(`image-${number}`)) number += 1;
  return `image-${number}`;
}

/** What it has against a name, or undefined. */
export function objectionToName(name: string): string | undefined {
  if (/^[a-z0-9][a-z0-9._-]*$/.test(name) && name.length <= MAX_IMAGE_NAME) return undefined;
  return `"${name}" cannot be an image's name, which is part of its URL: 1 to ${MAX_IMAGE_NAME} lower-case letters, digits, ".", "_" and "-" are wanted, the first a letter or digit`;
}
