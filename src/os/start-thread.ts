import { type ResourceLimits, Worker } from 'node:worker_threads';

export interface ThreadOptions {
  /** Names the thread, and its file in the bundle: `threads/NAME.mjs`. */
  readonly name: string;
  /** Its source: `new URL('./NAME-thread.ts', import.meta.url)`. */
  readonly source: URL;
  /** What it begins with; copied as `postMessage` copies. */
  readonly begin: unknown;
  /** Of its JavaScript; it ends where it wants more. */
  readonly resourceLimits?: ResourceLimits;
}

/**
 * A module that runs beside the main thread. In the bundle it is a file of its own (`scripts/build.mjs` finds every
 * `*-thread.ts`); in a checkout its TypeScript runs as it is.
 */
export function startThread({ name, source, begin, resourceLimits = {} }: ThreadOptions): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  if (!isSource) return new Worker(bundledThread(name), { name, workerData: begin, resourceLimits });
  // Node 20 gives a thread no way to load TypeScript from its first file on, so a first line of JavaScript does.
  const tsx = import.meta.resolve('tsx/esm/api');
  const first = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(source.href)}); })`;
  // Without the flags of this process: registering twice, or an `--eval` of its own, would keep the thread from starting.
  return new Worker(first, { name, workerData: begin, eval: true, execArgv: [], resourceLimits });
}

/** What several entries of the bundle share lies in `parts/`, which is where this code may have gone. */
function bundledThread(name: string): URL {
  const folder = import.meta.url.includes('/parts/') ? '../threads/' : './threads/';
  return new URL(`${folder}${name}.mjs`, import.meta.url);
}
