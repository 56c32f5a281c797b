import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import tailwind from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';

const output = join(import.meta.dirname, '../dist/ui');
/** Where `muster up` is asked during `npm run dev -w ui`. */
const server = process.env['MUSTER_URL'] ?? 'http://127.0.0.1:8067';
/** Files below this many bytes fit into a packet or two as they are. */
const WORTH_PACKING = 1_024;

/** What the server sends packed lies packed beside each file, so that it never packs anything itself. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(output, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(?:html|js|css|svg)$/.test(name)) continue;
        const bytes = readFileSync(join(output, name));
        if (bytes.length < WORTH_PACKING) continue;
        writeFileSync(join(output, `${name}.gz`), gzipSync(bytes, { level: 9 }));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
        writeFileSync(join(output, `${name}.br`), brotliCompressSync(bytes, { params }));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [tailwind(), packed()],
  oxc: { jsx: { importSource: 'react' } },
  build: {
    outDir: output,
    emptyOutDir: true,
    target: 'es2023',
    // A small file as a data: URL would be refused by the page's Content-Security-Policy, but for images.
    assetsInlineLimit: 0,
    // Modern browsers know module preloads; the helper of older ones would be a script in the page.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Libraries say 'use client' for frameworks that draw on the server too; it means nothing here.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: { proxy: { '/api': server } },
});
