import type { ReactNode } from 'react';

/** Our own icons: lines of one width in a box of 16. */
const PATHS = {
  now: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  machine: 'M2.5 2.5h11v4h-11zM2.5 9.5h11v4h-11zM5 4.5h.01M5 11.5h.01M8 4.5h3M8 11.5h3',
  image: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z',
  profile: 'M4 1.5h5.5L12.5 4.5v10h-8.5zM9.5 1.5v3h3M6 8h4.5M6 11h4.5',
  network: 'M6 2h4v3.5H6zM1.5 10.5h4V14h-4zM10.5 10.5h4V14h-4zM8 5.5V8M3.5 10.5V8h9v2.5',
  events: 'M5.5 4h9M5.5 8h9M5.5 12h9M2 4h.01M2 8h.01M2 12h.01',
  settings:
    'M2 4.5h6.5M12.5 4.5H14M2 11.5h1.5M7.5 11.5H14M10.5 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM5.5 13.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  users:
    'M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M10.5 2.8a2.5 2.5 0 0 1 0 4.4M12 9.8c1.5.5 2.5 1.8 2.5 3.7',
  first: 'M3.5 14V2.5h8.5l-2 3 2 3H3.5',
  wave: 'M1.5 6c2.2-3 4.3-3 6.5 0s4.3 3 6.5 0M1.5 11c2.2-3 4.3-3 6.5 0s4.3 3 6.5 0',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.6 10.6 14 14',
  close: 'm3.5 3.5 9 9M12.5 3.5l-9 9',
  menu: 'M2 4h12M2 8h12M2 12h12',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  cross: 'm4.5 4.5 7 7M11.5 4.5l-7 7',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.5',
  play: 'M5 3v10l7.5-5z',
  pause: 'M5 3v10M11 3v10',
  stop: 'M4 4h8v8H4z',
  dot: 'M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  ring: 'M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10Z',
  warning: 'M8 2 1.5 13.5h13zM8 6.5v3M8 11.5h.01',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.5v3M8 5.2h.01',
  power: 'M8 1.8v5.7M4.8 3.8a5.3 5.3 0 1 0 6.4 0',
  right: 'm6 3.5 4.5 4.5L6 12.5',
  down: 'm3.5 6 4.5 4.5L12.5 6',
  up: 'm3.5 10 4.5-4.5 4.5 4.5',
  sort: 'm5 6 3-3 3 3M5 10l3 3 3-3',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  sun: 'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1',
  moon: 'M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z',
  screen: 'M1.5 2.5h13v8.5h-13zM5.5 14h5M8 11v3',
  language:
    'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2 8h12M8 2c2 2 2.5 4 2.5 6S10 12 8 14c-2-2-2.5-4-2.5-6S6 4 8 2',
  out: 'M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6',
  add: 'M8 3v10M3 8h10',
  remove: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9',
  edit: 'M10.5 3 13 5.5 5.5 13H3v-2.5z',
  upload: 'M8 10.5v-8M4.8 5.5 8 2.3l3.2 3.2M2.5 10.5v3h11v-3',
  refresh: 'M13.5 8A5.5 5.5 0 1 1 11.8 4M13.5 1.8v3h-3',
  folder: 'M1.5 3h4.5l1.5 2h7v8h-13z',
  file: 'M4 1.5h5.5L12.5 4.5v10H4zM9.5 1.5v3h3',
  snippet: 'M5.5 3.5 2 8l3.5 4.5M10.5 3.5 14 8l-3.5 4.5',
  group: 'M1.5 1.5h6v6h-6zM8.5 8.5h6v6h-6zM10 2.5h3.5V6M2.5 10v3.5H6',
  link: 'M6.5 9.5 9.5 6.5M7 4.5l1.3-1.3a3.2 3.2 0 0 1 4.5 4.5L11.5 9M9 11.5l-1.3 1.3a3.2 3.2 0 0 1-4.5-4.5L4.5 7',
} as const;

export type IconName = keyof typeof PATHS;

interface IconProps {
  readonly name: IconName;
  readonly className?: string;
}

/** Never alone: a word stands beside it, or the label of its button. */
export function Icon({ name, className = '' }: IconProps): ReactNode {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={`icon size-4 shrink-0 ${className}`}>
      <path d={PATHS[name]} />
    </svg>
  );
}
