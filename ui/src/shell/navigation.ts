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
  { to: '/groups', icon: 'group', title: (words) => words.groups },
  { to: '/waves', icon: 'wave', title: (words) => words.waves },
  { to: '/images', icon: 'image', title: (words) => words.images },
  { to: '/profiles', icon: 'profile', title: (words) => words.profiles },
  { to: '/snippets', icon: 'snippet', title: (words) => words.snippets },
  { to: '/subnets', icon: 'network', title: (words) => words.subnets },
  { to: '/events', icon: 'events', title: (words) => words.events },
  { to: '/users', icon: 'users', title: (words) => words.users },
  { to: '/settings', icon: 'settings', title: (words) => words.settings },
  { to: '/first-steps', icon: 'first', title: (words) => words.firstSteps },
];
