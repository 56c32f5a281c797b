/**
 * Which descriptors a thread opened, in memory that it shares with the main thread: descriptors belong to the process, and
 * those of a thread that died would stay open.
 */
export class ThreadDescriptors {
  readonly shared: SharedArrayBuffer;
  readonly #isOpen: Uint8Array;

  /** @param shared of another thread's; left out: new. */
  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(MAX_DESCRIPTORS)) {
    this.shared = shared;
    this.#isOpen = new Uint8Array(shared);
  }

  opened(fd: number): void {
    if (fd < MAX_DESCRIPTORS) this.#isOpen[fd] = 1;
  }

  /** It is closed, or somebody else's. */
  gone(fd: number): void {
    if (fd < MAX_DESCRIPTORS) this.#isOpen[fd] = 0;
  }

  /** Those that are open; they count as gone from now on. */
  takeAll(): readonly number[] {
    const open: number[] = [];
    for (let fd = this.#isOpen.indexOf(1); fd !== -1; fd = this.#isOpen.indexOf(1, fd + 1)) open.push(fd);
    this.#isOpen.fill(0);
    return open;
  }
}

/** Higher ones are not noted: no limit of a process is as high as it is delivered (`ulimit -n`, LimitNOFILE). */
const MAX_DESCRIPTORS = 65_536;
