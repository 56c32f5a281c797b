import type { BenchStage } from '../bench-stage.ts';
import type { MeasuredServer } from '../measured-server.ts';
import type { CaseFiles } from './case-files.ts';
import type { FileReport } from './file-case.ts';

/**
 * What differs from door to door when files are read: the other server, and how to ask.
 *
 * @typeParam At where a server has the files: an address of them.
 */
export interface FileDoor<Load, At> {
  /** Of the benchmark, as it is asked for: `http`. */
  readonly name: string;
  /** Muster's; the other server has another one, since both are there at the same time. */
  readonly port: number;
  /** Of Muster, beside those that every benchmark of files has. */
  readonly settings: Readonly<Record<string, string>>;
  /** Where Muster has what lies at a path of its tree: `/images/bench`. */
  readonly at: (path: string) => At;
  readonly peer: string;
  /** Makes the other server ready to be started; undefined where it is not there. */
  readonly preparePeer: (stage: BenchStage, files: CaseFiles) => Promise<FilePeer<At> | undefined>;
  /** A command that writes a file to its standard output. */
  readonly copy: (at: At, fileName: string) => readonly string[];
  readonly makeLoad: (wish: FileLoadWish<Load, At>, stage: BenchStage) => LoadProgram;
}

export interface FilePeer<At> {
  readonly at: At;
  readonly start: () => Promise<MeasuredServer>;
  /** What was made ready for it, once it has ended. */
  readonly close?: () => Promise<void>;
}

export interface FileLoadWish<Load, At> {
  readonly load: Load;
  readonly at: At;
  readonly files: { readonly count: number; readonly bytes: number };
  readonly seconds: number;
}

export interface LoadProgram {
  readonly command: readonly string[];
  /** Of what it prints. @throws SyntaxError when it told nothing of its run. */
  readonly decode: (text: string) => FileReport;
}

/** Of a load program of the project, which prints its report as JSON. @throws SyntaxError when this is none. */
export function decodeFileReport(text: string): FileReport {
  const report: unknown = JSON.parse(text);
  if (typeof report !== 'object' || report === null || !('answers' in report))
    throw new SyntaxError(`The load program told nothing of its run: ${text}`);
  return report as FileReport;
}
