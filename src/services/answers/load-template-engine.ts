import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Environment, initSync } from 'minijinja-js/dist/web/minijinja_js.js';
import type { TemplateEngine } from '../../core/answers/template-engine.ts';
import { limitMemory, WASM_PAGE_BYTES } from '../../formats/wasm/limit-memory.ts';

/** All that the template engine may have: thirty times what the largest template that comes with Muster takes. */
export const MAX_ENGINE_MEGABYTES = 64;

/** The template engine of this thread, with a memory that does not grow beyond `MAX_ENGINE_MEGABYTES`. */
export async function loadTemplateEngine(): Promise<TemplateEngine> {
  const file = fileURLToPath(import.meta.resolve('minijinja-js/dist/web/minijinja_js_bg.wasm'));
  const maxPages = (MAX_ENGINE_MEGABYTES * 1024 * 1024) / WASM_PAGE_BYTES;
  initSync({ module: limitMemory(await readFile(file), maxPages) });
  return Environment;
}
