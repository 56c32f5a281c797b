import { fileURLToPath } from 'node:url';

/** Where the web page was built to: beside the bundle, whichever part of it this code came to be in. */
export function pageFolder(): string {
  const here = import.meta.url;
  const place = here.endsWith('.ts') ? '../../dist/ui' : here.includes('/parts/') ? '../ui' : './ui';
  return fileURLToPath(new URL(place, here));
}
