/** Builds the web page into dist/ui; `npm run build` of the project does it beside the bundle of the program. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export async function buildPage() {
  const configFile = fileURLToPath(new URL('vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'warn' });
}
