import { KnownFiles } from '../../os/doors/known-files.ts';
import type { ThreadTidings } from '../../os/thread-tidings.ts';
import type { PlaneConnection, PlaneDoor } from './plane-connection.ts';
import type { PlaneAnswer, PlaneTidings, ServedFile } from './plane-messages.ts';
import type { RequestHead } from './request-head.ts';

export interface PlaneDeskNeeds {
  readonly tidings: ThreadTidings<Pick<PlaneTidings, 'questions' | 'released'>>;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
  /** Whether it has not ended since it asked. */
  readonly isThere: (connection: PlaneConnection) => boolean;
  readonly answer: (connection: PlaneConnection, file: ServedFile) => void;
  /** What it asks for is for the main thread. */
  readonly handOver: (connection: PlaneConnection) => void;
}

/** Which file a request is for: as it is known, or as the main thread says when it is asked. */
export class PlaneDesk {
  readonly files: KnownFiles<ServedFile>;
  readonly #needs: PlaneDeskNeeds;
  readonly #asking = new Map<number, PlaneConnection>();
  #lastQuestion = 0;

  constructor(needs: PlaneDeskNeeds) {
    this.#needs = needs;
    this.files = new KnownFiles((file) => needs.tidings.now('released', file));
  }

  /** Undefined where the main thread is asked. */
  find(connection: PlaneConnection, target: string): ServedFile | undefined {
    const { door, client } = connection;
    const file = this.files.find(nameOf(door, target), this.#needs.nowMs());
    if (file) return file;
    this.#lastQuestion += 1;
    this.#asking.set(this.#lastQuestion, connection);
    this.#needs.tidings.now('questions', { question: this.#lastQuestion, door: door.id, target, client });
    return undefined;
  }

  onAnswer(question: number, answer: PlaneAnswer): void {
    const { tidings, nowMs, isThere, handOver } = this.#needs;
    const connection = this.#asking.get(question);
    this.#asking.delete(question);
    const asking = connection !== undefined && isThere(connection) ? connection : undefined;
    if (answer.give === 'nothing') {
      if (asking) handOver(asking);
      return;
    }
    const { file, validMs } = answer;
    if (!asking) return tidings.now('released', file.number);
    this.files.learn(nameOf(asking.door, asking.head?.target ?? ''), file, nowMs() + validMs);
    this.#needs.answer(asking, file);
  }
}

/** Whether a request may be for a file. */
export function isForPlane({ method, hasMore, target }: RequestHead, { serve }: PlaneDoor): boolean {
  if (hasMore || (method !== 'GET' && method !== 'HEAD')) return false;
  return serve.prefixes.some((prefix) => target.startsWith(prefix));
}

function nameOf({ id }: PlaneDoor, target: string): string {
  return `${id} ${target}`;
}
