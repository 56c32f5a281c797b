import type { ImageLoader } from './image-loaders.ts';

/** An operating system that can be booted and installed: for now a folder with its tree. */
export interface Image {
  /** Unique; part of its URL: lower-case letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** Absolute path of the folder on this server. */
  readonly folder: string;
  /** The distribution row that recognised it, such as `rhel` or `debian`; `files` when nothing in it boots. */
  readonly family: string;
  /** As people say it: `CentOS 6.3`. */
  readonly title: string;
  readonly release: string;
  /** As the kernel says it: `x86_64`, `aarch64`. */
  readonly architecture: string;
  /** Relative to the folder; absent for `files`. */
  readonly kernel?: string;
  /** Relative to the folder, in loading order. */
  readonly initrds: readonly string[];
  /** Which answer file its installer reads. */
  readonly answerKind: AnswerKind | 'none';
  /** Its own signed loaders of UEFI, if it brings some. */
  readonly loaders?: readonly ImageLoader[];
  readonly addedAtMs: number;
}

export type AnswerKind = 'kickstart' | 'preseed';
