/** A package repository elsewhere, served to machines at `/mirrors/NAME/` and kept here as it is asked for. */
export interface Mirror {
  /** Unique; part of its URL: lower-case letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** Where it comes from, with a slash at its end and perhaps with credentials, which nobody is shown. */
  readonly url: string;
  readonly kind: MirrorKind;
  /** What is kept of it takes at most so many bytes of the disk. */
  readonly maxBytes: number;
  /** `offline`: what is here is served as it is, and the upstream is never asked. */
  readonly mode: 'online' | 'offline';
  readonly addedAtMs: number;
}

/** Whose rules say how its files are verified; `any` goes by the names of the files, and knows both. */
export const MIRROR_KINDS = ['debian', 'rpm', 'any'] as const;
export type MirrorKind = (typeof MIRROR_KINDS)[number];

/** A release of a distribution for one architecture, without its sources, is about as large. */
export const DEFAULT_MAX_BYTES = 50e9;
/** Less would not even hold the indexes of a distribution. */
export const MIN_MAX_BYTES = 64e6;
/** Each has a thread of requests, and a list of files in memory. */
export const MAX_MIRRORS = 100;
/** Files kept of one mirror: each costs some 400 bytes of memory, and Debian has 65,000 packages for one architecture. */
export const MAX_MIRROR_FILES = 200_000;

/** Why a mirror may not keep so much at most, or undefined where it may. */
export function objectionToMirrorSize(maxBytes: number): string | undefined {
  return maxBytes >= MIN_MAX_BYTES
    ? undefined
    : `${maxBytes} bytes are too few for a mirror, whose indexes alone take some: at least ${MIN_MAX_BYTES} are wanted`;
}
