/**
 * The walls of the house: imports go up the list of layers only, neighbours on a line do not know each other, and
 * what is pure has no way to the outside. `printLayers` is what ARCHITECTURE.md shows.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Folders of `src`, lowest first. Those on one line do not import each other. */
export const LAYERS: readonly (readonly string[])[] = [
  ['lib'],
  ['os', 'protocols', 'formats', 'contract'],
  ['core'],
  ['services', 'store'],
  ['servers', 'api', 'cli'],
  ['daemon', 'lab'],
  ['main.ts'],
];

/** Files that move bytes: the only ones below core and in protocols that may use Node's I/O and `os`. */
const SHELLS = /^protocols\/[^/]+\/(server|socket|probe|boot-server-port|plane(-[a-z]+)*)\.ts$/;
/** Modules that only one folder or file may know, so that they can be changed there alone. */
const OWNED: Readonly<Record<string, RegExp>> = {
  koffi: /^os\/libc\/foreign-calls\.ts$/,
  fastify: /^api\//,
  kysely: /^store\//,
  commander: /^cli\//,
  'minijinja-js': /^core\/answers\//,
  'minijinja-js/dist/web/minijinja_js.js': /^services\/answers\/load-template-engine\.ts$/,
  undici: /^services\/(power|hooks)\/|^daemon\/compose-power\.ts$|^cli\/fetch-trusting\.ts$/,
  'openid-client': /^services\/people\/oidc-service\.ts$/,
  '@peculiar/x509': /^daemon\/self-signed\.ts$/,
  'xz-decompress': /^services\/images\/unpack-here\.ts$/,
  'zstddec/stream': /^services\/images\/unpack-here\.ts$/,
};

/** Clocks, randomness, timers and the environment: values that pure code is handed. */
const IMPURE_GLOBALS =
  /\b(Date\.now|new Date|Math\.random|setTimeout|setInterval|setImmediate|process)\b(?=[.(])/;

/** Every rule that one file breaks, as a sentence. `file` is relative to `src`. */
export function wrongImports(file: string, text: string): readonly string[] {
  const wrong = importsOf(text).map((target) =>
    target.startsWith('.')
      ? wrongInside(file, normalize(join(dirname(file), target)))
      : wrongOutside(file, target),
  );
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const impure = isPure(file) ? IMPURE_GLOBALS.exec(code)?.[1] : undefined;
  return [
    ...wrong,
    impure === undefined ? undefined : `uses ${impure}, but it is pure: such values are handed in`,
  ]
    .filter((sentence) => sentence !== undefined)
    .map((sentence) => `src/${file}: ${sentence}`);
}

function isPure(file: string): boolean {
  return /^(lib|formats|contract|core|protocols)\//.test(file) && !SHELLS.test(file);
}

function importsOf(text: string): readonly string[] {
  return [
    ...text.matchAll(
      /^(?:import|export)\s[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\b(?:import|createRequire\([^)]*\))\('([^']+)'\)/gm,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function wrongInside(file: string, target: string): string | undefined {
  if (target.startsWith('..')) return `imports ${target}, which is outside of src`;
  const [from = '', to = ''] = [file.split('/')[0], target.split('/')[0]];
  if (from === to) {
    const [ownProtocol, otherProtocol] = [file.split('/')[1], target.split('/')[1]];
    return from === 'protocols' && ownProtocol !== otherProtocol
      ? `protocol ${ownProtocol} knows protocol ${otherProtocol}`
      : undefined;
  }
  const [low, high] = [layerOf(to), layerOf(from)];
  if (low === -1 || high === -1)
    return `imports ${target}, which stands in no layer: add it to tools/check-imports.ts`;
  if (low < high || (SHELLS.test(file) && to === 'os')) return undefined;
  return low === high
    ? `${from} and ${to} are neighbours and do not know each other`
    : `${from} stands below ${to}`;
}

function wrongOutside(file: string, target: string): string | undefined {
  const owner = OWNED[target];
  if (owner && !owner.test(file)) return `imports ${target}, which only ${owner.source} may know`;
  return isPure(file) && target.startsWith('node:')
    ? `imports ${target}, but it is pure: no I/O, no clock, no randomness`
    : undefined;
}

function layerOf(folder: string): number {
  return LAYERS.findIndex((layer) => layer.includes(folder));
}

export function printLayers(): string {
  return LAYERS.map((layer) => layer.join(', ')).join('\n  ↑\n');
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, '../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('/suite/'),
  );
  const wrong = files.flatMap((file) => wrongImports(file, readFileSync(join(root, file), 'utf8')));
  for (const sentence of wrong) console.error(sentence);
  console.log(`${files.length} files, ${wrong.length} wrong imports`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
