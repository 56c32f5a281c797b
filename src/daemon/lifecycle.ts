/** Something that cannot start or go on, worded for whoever runs Muster, with the exit code that goes with it. */
export class StartError extends Error {
  override readonly name = 'StartError';
  /** 1 failed · 77 not permitted · 78 bad configuration. */
  readonly exitCode: 1 | 77 | 78;

  constructor(message: string, exitCode: 1 | 77 | 78) {
    super(message);
    this.exitCode = exitCode;
  }
}

interface Part {
  readonly name: string;
  readonly stop: () => Promise<void>;
}

/** Parts that run, in the order they were started; stopped in reverse, each whatever became of the others. */
export class Lifecycle {
  readonly #parts: Part[] = [];
  readonly #failed: (part: string, error: unknown) => void;
  #stopping: Promise<void> | undefined;

  /** @param failed told of a part that could not be stopped in order. */
  constructor(failed: (part: string, error: unknown) => void) {
    this.#failed = failed;
  }

  started(name: string, stop: () => Promise<void>): void {
    this.#parts.push({ name, stop });
  }

  /** Asking twice waits for the same end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (let part = this.#parts.pop(); part; part = this.#parts.pop()) {
      try {
        await part.stop();
      } catch (error) {
        this.#failed(part.name, error);
      }
    }
  }
}
