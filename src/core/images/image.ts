import type { ImageCondition } from './image-condition.ts';
import type { ImageLoader } from './image-loaders.ts';
import type { SourceProtocol } from './install-source.ts';

/** An operating system that can be booted and installed: for now a folder with its tree. */
export interface Image {
  /** Unique; part of its URL: lower-case letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** Absolute path of the folder or disc image on this server. */
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
  /** What its family found in it and says again on the kernel's command line, such as the path of a root file system. */
  readonly facts?: Readonly<Record<string, string>>;
  /** Its own signed loaders of UEFI, if it brings some. */
  readonly loaders?: readonly ImageLoader[];
  readonly memoryMegabytes?: MemoryNeeds;
  /** What is missing before it can be booted; then there is no kernel. */
  readonly needs?: string;
  /** What its user said of it, which holds when its files are looked into anew. */
  readonly chosen?: ChosenFiles;
  readonly condition?: ImageCondition;
  readonly addedAtMs: number;
}

export interface ChosenFiles {
  /** The family whose row it gets, whatever its files look like. */
  readonly as?: string;
  readonly kernel?: string;
  readonly initrds?: readonly string[];
  readonly title?: string;
  readonly release?: string;
  readonly architecture?: string;
}

/**
 * The least memory of a machine that boots an image over the network, by how it gets its files (`http` for those that
 * fetch none); what is absent is not known.
 */
export type MemoryNeeds = Readonly<Partial<Record<SourceProtocol, number>>>;

/**
 * What an installer reads its answers from: `kickstart` (anaconda), `preseed` (debian-installer), `autoinstall`
 * (subiquity), `autoyast`, `agama`, `ignition` (CoreOS, Flatcar), `alpine` (setup-alpine), `proxmox`, `esxi` (VMware's
 * own kickstart), `unattend` (Windows Setup), `script` (a shell script that Arch's live system runs).
 */
export type AnswerKind =
  | 'kickstart'
  | 'preseed'
  | 'autoinstall'
  | 'autoyast'
  | 'agama'
  | 'ignition'
  | 'alpine'
  | 'proxmox'
  | 'esxi'
  | 'unattend'
  | 'script';
