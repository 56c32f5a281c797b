import type { Image } from '../images/image.ts';
import type { Profile } from '../install/profile.ts';
import type { ToolsPolicy } from '../policy/policy.ts';
import { TOOL_ANSWERS } from './tool-answers.ts';
import { type BootedTool, TOOL_NAMES, type ToolWay } from './tools.ts';

/**
 * The profiles that come with Muster: a tool on an image. Their names say all there is to say of them, and hold an `@`,
 * which no profile of a user can: `memtest@memtest-7`, `wipe@debian-12:disk/by-id/ata-X`.
 */
export interface ToolBoot {
  readonly tool: BootedTool;
  /** The name of the image. */
  readonly image: string;
  /** Of `wipe` alone: the disk, by its name below /dev. */
  readonly disk?: string;
}

/** Letters of the name of a disk below /dev; none of them means anything to a shell, a template or a URL. */
const DISK = /^[A-Za-z0-9](?:[\w.:+-]|\/(?!\/|\.))*$/;
export const MAX_DISK_LETTERS = 200;

/** Why a text cannot be the name of a disk, or undefined. */
export function objectionToDisk(disk: string): string | undefined {
  if (disk.length <= MAX_DISK_LETTERS && DISK.test(disk) && !disk.endsWith('/')) return undefined;
  return `"${disk}" is not a disk: its name below /dev is wanted, such as sda or disk/by-id/ata-X`;
}

export function formatToolProfile({ tool, image, disk }: ToolBoot): string {
  return disk === undefined ? `${tool}@${image}` : `${tool}@${image}:${disk}`;
}

/** Undefined for the name of a profile of the user's own. */
export function parseToolProfile(name: string): ToolBoot | undefined {
  const [, tool = '', image = '', disk] = /^([a-z-]+)@([^:]+)(?::(.+))?$/.exec(name) ?? [];
  if (!isBooted(tool) || (tool === 'wipe') !== (disk !== undefined)) return undefined;
  if (disk === undefined) return { tool, image };
  return objectionToDisk(disk) === undefined ? { tool, image, disk } : undefined;
}

function isBooted(tool: string): tool is BootedTool {
  return tool !== 'local-disk' && TOOL_NAMES.some((name) => name === tool);
}

/** The profile of a tool: its words and its answer file are those of the way in which the image becomes it. */
export function toolProfile(
  boot: ToolBoot,
  image: Image,
  { by, words }: ToolWay,
  policy: Pick<ToolsPolicy, 'arguments'>,
): Profile {
  const template = image.answerKind === 'none' ? undefined : TOOL_ANSWERS[image.answerKind];
  return {
    name: formatToolProfile(boot),
    image: image.name,
    arguments: [...words, policy.arguments].join(' ').trim(),
    variables: {},
    ...(by === 'attended' ? { attended: true } : {}),
    ...(by === 'answer' && template !== undefined ? { template } : {}),
  };
}
