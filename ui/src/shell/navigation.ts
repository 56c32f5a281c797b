import type { IconName } from '../parts/icon.tsx';
import type { SameWords } from '../text/catalogue.ts';
import type { SHELL } from './text.ts';

export type ShellWords = SameWords<(typeof SHELL)['en']>;

export interface NavigationRow {
  readonly to: string;
  readonly icon: IconName;
  readonly title: (words: ShellWords) => string;
}

/** The pages of the sidebar and of the command palette, in their order. The routes themselves are in router.tsx. */
export const NAVIGATION: readonly NavigationRow[] = [
  { to: '/', icon: 'now', title: (words) => words.now },
  { to: '/machines', icon: 'machine', title: (words) => words.machines },
  { to: '/images', icon: 'image', title: (words) => words.images },
  { to: '/profiles', icon: 'profile', title: (words) => words.profiles },
  { to: '/subnets', icon: 'network', title: (words) => words.subnets },
];
