import type { ImageCondition } from '../../core/images/image-condition.ts';
import type { AnswerKind, ChosenFiles, MemoryNeeds } from '../../core/images/image.ts';
import type { Arrival } from '../../core/images/arrival.ts';
import type { ImageLoader } from '../../core/images/image-loaders.ts';
import type { MirrorKind } from '../../core/mirrors/mirror.ts';
import type { JsonText } from '../row-values.ts';

export interface ImageRow {
  readonly name: string;
  readonly folder: string;
  readonly family: string;
  readonly title: string;
  readonly release: string;
  readonly architecture: string;
  readonly kernel: string | null;
  readonly initrds: JsonText<readonly string[]>;
  readonly answer_kind: AnswerKind | 'none';
  readonly added_at_ms: number;
  readonly loaders: JsonText<readonly ImageLoader[]>;
  readonly facts: JsonText<Readonly<Record<string, string>>>;
  readonly memory_megabytes: JsonText<MemoryNeeds>;
  readonly needs: string | null;
  readonly chosen: JsonText<ChosenFiles>;
  readonly condition: JsonText<ImageCondition> | null;
}

export interface ImageAsideRow {
  readonly folder: string;
  readonly signature: string;
}

export interface ArrivalRow {
  readonly name: string;
  readonly record: JsonText<Arrival>;
}

export interface MirrorRow {
  readonly name: string;
  /** With its credentials, if it has some. */
  readonly url: string;
  readonly kind: MirrorKind;
  readonly max_bytes: number;
  readonly mode: 'online' | 'offline';
  readonly added_at_ms: number;
}
