import { enterpriseLevel } from '../images/distributions/enterprise-level.ts';
import type { AnswerKind, Image } from '../images/image.ts';

/** The tools that a machine can be booted into, in the order in which people are told of them. */
export const TOOLS = {
  'local-disk': 'goes on to its own disk, which it does whenever nothing is armed',
  discover: 'tells its hardware, and touches no disk',
  memtest: 'tests its memory until somebody switches it off',
  rescue: 'starts a system that mends the one on its disk, for a person who sits before it',
  shell: 'starts a shell, for a person who sits before it',
  wipe: 'overwrites one of its disks with zeros',
} as const satisfies Record<string, string>;

export type ToolName = keyof typeof TOOLS;
/** Those that boot from an image. */
export type BootedTool = Exclude<ToolName, 'local-disk'>;

export const TOOL_NAMES = Object.keys(TOOLS) as readonly ToolName[];

/** How an image becomes a tool. */
export interface ToolWay {
  /**
   * `answer`: its installer reads an answer file, which has it run the tool's program and nothing else. `attended`: a
   * person sits before it, and it is told these words.
   */
  readonly by: 'answer' | 'attended';
  /** Added to the kernel's command line. */
  readonly words: readonly string[];
}

interface WayRow extends ToolWay {
  readonly tool: BootedTool;
  /** Families whose images do it; or else kinds of answer files whose installers do. */
  readonly families?: readonly string[];
  readonly answers?: readonly AnswerKind[];
  /** The Enterprise Linux that anaconda must speak like at least, and at most. */
  readonly levels?: readonly [from: number, to: number];
}

/** Systems that run from memory, with all that a person mends another system with. */
const LIVE_FAMILIES = ['live', 'archiso', 'dracut-live', 'nixos'] as const;
/** Installers that run a program of ours before they touch a disk: anaconda in %pre, the debian-installer before partman. */
const UNATTENDED = ['kickstart', 'preseed'] as const satisfies readonly AnswerKind[];

/** One row for each way; the first that an image fits is the one. */
const WAYS: readonly WayRow[] = [
  { tool: 'discover', answers: UNATTENDED, by: 'answer', words: [] },
  { tool: 'wipe', answers: UNATTENDED, by: 'answer', words: [] },
  { tool: 'memtest', families: ['memtest'], by: 'attended', words: [] },
  { tool: 'rescue', families: LIVE_FAMILIES, by: 'attended', words: [] },
  { tool: 'shell', families: LIVE_FAMILIES, by: 'attended', words: [] },
  // The names without `inst.` went away with EL 9, and EL 5 and 6 know no others.
  { tool: 'rescue', families: ['rhel'], levels: [7, 99], by: 'attended', words: ['inst.rescue'] },
  { tool: 'rescue', families: ['rhel'], levels: [5, 6], by: 'attended', words: ['rescue'] },
  { tool: 'rescue', families: ['debian'], by: 'attended', words: ['rescue/enable=true'] },
  // The kernel starts this in place of the initrd's own first program; both initrds have a shell from then on.
  { tool: 'shell', families: ['rhel'], levels: [7, 99], by: 'attended', words: ['rdinit=/bin/sh'] },
  { tool: 'shell', families: ['debian'], by: 'attended', words: ['rdinit=/bin/sh'] },
];

export type ToolOfImage =
  | { readonly can: true; readonly way: ToolWay }
  | { readonly can: false; readonly because: string };

type ImageOfTool = Pick<Image, 'name' | 'title' | 'release' | 'family' | 'answerKind' | 'kernel'>;

/** How an image becomes a tool, or why it does not. */
export function wayOf(tool: BootedTool, image: ImageOfTool): ToolOfImage {
  if (image.kernel === undefined)
    return { can: false, because: `image ${image.name} (${image.title}) has no kernel to start` };
  const row = WAYS.find((way) => way.tool === tool && fits(way, image));
  if (row) return { can: true, way: { by: row.by, words: row.words } };
  return {
    can: false,
    because: `image ${image.name} (${image.title}) cannot ${VERBS[tool]}: ${neededFor(tool)}`,
  };
}

function fits({ families, answers, levels }: WayRow, image: ImageOfTool): boolean {
  if (families !== undefined && !families.includes(image.family)) return false;
  if (answers !== undefined && !answers.some((kind) => kind === image.answerKind)) return false;
  if (levels === undefined) return true;
  const level = enterpriseLevel(image);
  return level >= levels[0] && level <= levels[1];
}

const VERBS: Readonly<Record<BootedTool, string>> = {
  discover: 'tell the hardware',
  memtest: 'test memory',
  rescue: 'mend a system',
  shell: 'give a shell',
  wipe: 'wipe a disk',
};

/** Which images do it, for people. */
export function neededFor(tool: BootedTool): string {
  return `it takes ${NEEDED[tool]}`;
}

const NEEDED: Readonly<Record<BootedTool, string>> = {
  discover: 'an installer that reads kickstart or preseed',
  memtest: 'memtest86+ 6 or later (muster image add)',
  rescue: 'an installer of Red Hat or Debian or their kin, or a live system',
  shell: 'an installer of Red Hat 7 or later, of Debian or their kin, or a live system',
  wipe: 'an installer that reads kickstart or preseed',
};

/** The first image by name that becomes the tool, of those a machine can start. */
export function chooseToolImage<T extends ImageOfTool>(
  tool: BootedTool,
  images: readonly T[],
): { readonly chosen: true; readonly image: T } | { readonly chosen: false; readonly because: string } {
  const image = images.find((one) => wayOf(tool, one).can);
  if (image) return { chosen: true, image };
  return { chosen: false, because: `no image ${THERE[tool]}: ${neededFor(tool)}` };
}

const THERE: Readonly<Record<BootedTool, string>> = {
  discover: 'that tells hardware is there',
  memtest: 'that tests memory is there',
  rescue: 'that mends a system is there',
  shell: 'that gives a shell is there',
  wipe: 'that wipes disks is there',
};
