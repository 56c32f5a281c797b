/** Something that wants to be woken at a time, which it may change at any moment. */
export interface Sleeper {
  /** Infinity: not at all. */
  readonly deadlineMs: number;
  /** The earliest time at which it is in the heap. Only the heap writes it. */
  alarmMs: number;
}

interface Entry<S> {
  readonly atMs: number;
  readonly sleeper: S;
}

/**
 * The alarms of many transfers. A deadline that moves on, as it does with every packet, costs nothing: the alarm is
 * left where it is, and looked at again when its time comes.
 */
export class AlarmHeap<S extends Sleeper> {
  readonly #entries: Entry<S>[] = [];

  get nextMs(): number {
    return this.#first?.atMs ?? Infinity;
  }

  /** To be called whenever the deadline may have become earlier. */
  set(sleeper: S): void {
    const { deadlineMs } = sleeper;
    if (deadlineMs >= sleeper.alarmMs || deadlineMs === Infinity) return;
    sleeper.alarmMs = deadlineMs;
    this.#push({ atMs: deadlineMs, sleeper });
  }

  /** One whose time has come, or undefined. It is out of the heap until it is set again. */
  take(nowMs: number): S | undefined {
    for (let first = this.#first; first && first.atMs <= nowMs; first = this.#first) {
      this.#pop();
      const { sleeper, atMs } = first;
      // An earlier alarm has been set since, and has been heard.
      if (atMs !== sleeper.alarmMs) continue;
      sleeper.alarmMs = Infinity;
      if (sleeper.deadlineMs <= nowMs) return sleeper;
      this.set(sleeper);
    }
    return undefined;
  }

  // V8 throws away optimized code that reads behind the end of an array, so nothing here does.

  get #first(): Entry<S> | undefined {
    return this.#entries.length > 0 ? this.#entries[0] : undefined;
  }

  #push(entry: Entry<S>): void {
    const entries = this.#entries;
    let at = entries.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = entries[above];
      if (!parent || parent.atMs <= entry.atMs) break;
      entries[at] = parent;
      at = above;
    }
    entries[at] = entry;
  }

  #pop(): void {
    const entries = this.#entries;
    const last = entries.pop();
    if (!last || entries.length === 0) return;
    let at = 0;
    for (let below = 1; below < entries.length; below = 2 * at + 1) {
      const right = below + 1;
      if (right < entries.length && isEarlier(entries[right], entries[below])) below = right;
      const child = entries[below];
      if (!child || child.atMs >= last.atMs) break;
      entries[at] = child;
      at = below;
    }
    entries[at] = last;
  }
}

function isEarlier<S>(one: Entry<S> | undefined, other: Entry<S> | undefined): boolean {
  return one !== undefined && other !== undefined && one.atMs < other.atMs;
}
