/** The languages the page speaks. English is the one every other is checked against. */
export const LANGUAGES = { en: 'English', zh: '简体中文' } as const;
export type Language = keyof typeof LANGUAGES;

/** A word or sentence, one that is made of values, or a group of them. */
export type Message = string | ((...values: never[]) => string) | { readonly [key: string]: Message };

/** What another language needs to have: the same keys, and the same values in its sentences. */
export type SameWords<T> = T extends string
  ? string
  : T extends (...values: infer Values) => string
    ? (...values: Values) => string
    : { readonly [Key in keyof T]: SameWords<T[Key]> };

export interface Catalogue<T> {
  readonly en: T;
  readonly zh: SameWords<T>;
}

/** The words of one page or part, in every language: a key that one of them lacks does not compile. */
export function catalogue<const T extends { readonly [key: string]: Message }>(
  en: T,
  zh: SameWords<NoInfer<T>>,
): Catalogue<T> {
  return { en, zh };
}
