import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { type Catalogue, type Language, LANGUAGES, type SameWords } from './catalogue.ts';
import { createFormat, type Format } from './format.ts';

const KEPT_AS = 'muster.language';

interface LanguageChoice {
  readonly language: Language;
  readonly choose: (language: Language) => void;
  readonly format: Format;
}

const LanguageContext = createContext<LanguageChoice | undefined>(undefined);

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, choose] = useState<Language>(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    localStorage.setItem(KEPT_AS, language);
  }, [language]);
  const value = useMemo(() => ({ language, choose, format: createFormat(language) }), [language]);
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageChoice {
  const choice = use(LanguageContext);
  if (!choice) throw new Error('There is no language outside of LanguageProvider');
  return choice;
}

/** The words of a catalogue in the language that is chosen. */
export function useText<T>(words: Catalogue<T>): SameWords<T> {
  const { language } = useLanguage();
  // English has its own words as literal types, which are texts as those of every other language are.
  return words[language] as SameWords<T>;
}

/** Times, sizes and numbers as the language writes them. */
export function useFormat(): Format {
  return useLanguage().format;
}

/** What was chosen here before, or what the browser asks for, or English. */
function firstLanguage(): Language {
  const wanted = [localStorage.getItem(KEPT_AS) ?? '', ...navigator.languages];
  const known = Object.keys(LANGUAGES) as Language[];
  return wanted.flatMap((one) => known.find((language) => one.startsWith(language)) ?? [])[0] ?? 'en';
}
