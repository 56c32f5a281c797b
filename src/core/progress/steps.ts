/**
 * The steps of every install, whatever the installer, in order: each with the percent of the whole way at which it
 * begins, for installers that tell no percent of their own. The shares are those of an install of a server's packages
 * over a network of 1 Gbit/s.
 *
 * The boot loader stands before the configuration: anaconda, the debian-installer, curtin and Agama all write it before
 * they run the scripts and settings that come last.
 */
export const STEPS = {
  loader: { from: 0, sentence: 'The boot loader of the network runs' },
  kernel: { from: 2, sentence: "The installer's kernel is fetched and started" },
  'answer file': { from: 4, sentence: 'The installer reads its answer file' },
  installer: { from: 6, sentence: 'The installer fetches and starts its own parts' },
  disk: { from: 12, sentence: 'The disk is divided and formatted' },
  'base system': { from: 18, sentence: 'The base system or the image is written to the disk' },
  packages: { from: 35, sentence: 'Packages are installed' },
  'boot loader': { from: 82, sentence: 'The boot loader is written to the disk' },
  configuration: { from: 86, sentence: 'The installed system is configured, and scripts run' },
  finishing: { from: 95, sentence: 'Logs are copied, file systems unmounted' },
  installed: { from: 100, sentence: 'The machine is installed' },
} as const satisfies Readonly<Record<string, { readonly from: number; readonly sentence: string }>>;

export type StepName = keyof typeof STEPS;

export const STEP_NAMES = Object.keys(STEPS) as readonly StepName[];

/** Its place in the order, from 0. */
export function orderOf(step: StepName): number {
  return STEP_NAMES.indexOf(step);
}

/** @param part how much of the step is done, 0 to 1. @returns the whole way's percent, rounded down. */
export function percentAt(step: StepName, part = 0): number {
  const { from } = STEPS[step];
  const next = STEP_NAMES[orderOf(step) + 1];
  const to = next === undefined ? from : STEPS[next].from;
  return Math.floor(from + Math.min(1, Math.max(0, part)) * (to - from));
}

/** What an installer calls the step it is at. */
export interface ReadStep {
  /** Undefined: a step of its own, which stands for itself. */
  readonly name: StepName | undefined;
  /** What follows the name: `sda` of `disk sda`. */
  readonly rest: string;
}

/** The step that begins with these words; the longest name wins. */
export function readStep(words: string): ReadStep {
  const text = words.trim();
  const name = STEP_NAMES.find(
    (one) => text === one || text.startsWith(`${one} `) || text.startsWith(`${one}:`),
  );
  return name === undefined
    ? { name, rest: text }
    : { name, rest: text.slice(name.length).replace(/^[\s:]+/, '') };
}
