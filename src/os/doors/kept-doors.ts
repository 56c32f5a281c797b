import { KeptThreads, type ThreadLife } from '../kept-threads.ts';
import type { Libc } from '../libc.ts';
import { type ListeningAt, listenTcp } from '../listen-tcp.ts';
import type { DoorAnswer, DoorOrder, DoorTalk } from './door-messages.ts';
import { GivenFiles } from './given-files.ts';

/** Machines that are switched on at the same time all connect at the same time. */
const BACKLOG = 1024;

/** A thread died and will be started again. */
export interface DoorsRestart {
  readonly because: string;
  /** Since the threads were started first. */
  readonly restarts: number;
  readonly pauseMs: number;
  readonly connectionsLost: number;
}

/** A door as its user has it. */
export interface KeptDoor {
  readonly port: number;
  /** That threads have. */
  readonly connections: number;
  /** Connections that were refused. */
  readonly refused: number;
  /** Takes nothing new, waits for the answers under way up to `drainMs`, then ends them. */
  close(options: { readonly drainMs: number }): Promise<void>;
}

/** What one protocol does at its doors. */
export interface KeptDoorsOptions<
  Options extends ListeningAt,
  File extends { readonly source: { close(): Promise<void> } },
  Talk extends DoorTalk,
> {
  readonly libc: Libc;
  readonly threads: number;
  /** As in `startThread`. */
  readonly name: string;
  readonly source: URL;
  readonly serve: (options: Options, listenerFd: number) => Talk['serve'];
  /** Never rejects: a client would wait for ever. A file that it gives is of `give`. */
  readonly answer: (
    question: Talk['tidings']['questions'][number],
    options: Options | undefined,
    give: (file: File) => number,
  ) => Promise<Talk['answer']>;
  /** What the doors know nothing of. */
  readonly hear: (tidings: Talk['tidings']) => void;
  readonly failed: (error: unknown) => void;
  readonly restarted: (restart: DoorsRestart) => void;
}

interface Door<Options> {
  readonly id: number;
  readonly options: Options;
  readonly listenerFd: number;
  /** By thread. */
  readonly connections: Map<number, number>;
  /** Threads that have not left yet, while it is being closed. */
  readonly staying: Set<number>;
  refused: number;
  isOpen: boolean;
  onAllLeft: (() => void) | undefined;
}

/** The doors that threads serve, as the main thread has them. A thread that dies costs the connections it had. */
export class KeptDoors<
  Options extends ListeningAt,
  File extends { readonly source: { close(): Promise<void> } },
  Talk extends DoorTalk,
> {
  /** That threads send of. */
  readonly files: GivenFiles<File>;
  readonly #protocol: KeptDoorsOptions<Options, File, Talk>;
  readonly #threads: KeptThreads<DoorOrder<Talk>, Talk['tidings']>;
  readonly #doors = new Map<number, Door<Options>>();
  #lastDoor = 0;

  constructor(protocol: KeptDoorsOptions<Options, File, Talk>) {
    this.#protocol = protocol;
    this.files = new GivenFiles(protocol.failed);
    this.#threads = new KeptThreads({
      libc: protocol.libc,
      count: protocol.threads,
      name: protocol.name,
      source: protocol.source,
      stop: { do: 'stop' },
      first: () =>
        [...this.#doors.values()].filter(({ isOpen }) => isOpen).map((door) => this.#serveOrder(door)),
      hear: (life, tidings) => this.#hear(life, tidings),
      gone: (life, because, pauseMs) => this.#onGone(life, because, pauseMs),
    });
    this.#threads.start();
  }

  /** Of one that takes connections. */
  optionsOf(id: number): Options | undefined {
    const door = this.#doors.get(id);
    return door?.isOpen ? door.options : undefined;
  }

  /** Of one of those that are not closed. */
  get anyOptions(): Options | undefined {
    const [door] = this.#doors.values();
    return door?.options;
  }

  /** @throws SystemCallError when the port cannot be had. */
  serve(options: Options): KeptDoor {
    const { fd, port } = listenTcp(this.#protocol.libc, options, BACKLOG);
    this.#lastDoor += 1;
    const door: Door<Options> = {
      id: this.#lastDoor,
      options,
      listenerFd: fd,
      connections: new Map(),
      staying: new Set(),
      refused: 0,
      isOpen: true,
      onAllLeft: undefined,
    };
    this.#doors.set(door.id, door);
    this.#order(this.#threads.numbers, this.#serveOrder(door));
    let closing: Promise<void> | undefined;
    return {
      port,
      get connections() {
        return [...door.connections.values()].reduce((sum, count) => sum + count, 0);
      },
      get refused() {
        return door.refused;
      },
      close: ({ drainMs }) => (closing ??= this.#closeDoor(door, drainMs)),
    };
  }

  /** Ends a thread as a fault of it would: for tests of what happens then. */
  async killThread(number: number): Promise<void> {
    await this.#threads.kill(number);
  }

  /** The doors are closed by their own users, before. */
  async close(): Promise<void> {
    await this.#threads.close();
    await this.files.releaseAll();
  }

  #serveOrder({ id, options, listenerFd }: Door<Options>): DoorOrder<Talk> {
    return { do: 'serve', door: id, serve: this.#protocol.serve(options, listenerFd) };
  }

  #order(threads: Iterable<number>, order: DoorOrder<Talk>): void {
    for (const number of threads) this.#threads.order(number, order);
  }

  #hear(life: ThreadLife, tidings: Talk['tidings']): void {
    for (const { door: id, connections, refused } of tidings.doors) {
      const door = this.#doors.get(id);
      door?.connections.set(life.number, connections);
      if (door) door.refused += refused;
    }
    for (const question of tidings.questions) void this.#answer(question, life);
    this.#protocol.hear(tidings);
    // After what was sent of them.
    for (const file of tidings.released) void this.files.release(file);
    for (const id of tidings.left) this.#onLeft(id, life.number);
  }

  async #answer(question: Talk['tidings']['questions'][number], life: ThreadLife): Promise<void> {
    const options = this.#doors.get(question.door)?.options;
    const give = (file: File): number => this.files.give(file, life);
    const answer = await this.#protocol.answer(question, options, give);
    if (life.alive) this.#order([life.number], { do: 'answer', question: question.question, answer });
    else await this.#takeBack(answer);
  }

  async #takeBack(answer: DoorAnswer): Promise<void> {
    if (answer.give === 'file') await this.files.release(answer.file.number);
  }

  #onLeft(id: number, thread: number): void {
    const door = this.#doors.get(id);
    if (!door) return;
    door.connections.delete(thread);
    door.staying.delete(thread);
    if (door.staying.size === 0) door.onAllLeft?.();
  }

  #onGone(life: ThreadLife, because: string, pauseMs: number | undefined): void {
    let connectionsLost = 0;
    for (const door of this.#doors.values()) {
      connectionsLost += door.connections.get(life.number) ?? 0;
      this.#onLeft(door.id, life.number);
    }
    void this.files.releaseAllOf(life);
    if (pauseMs === undefined) return;
    this.#protocol.restarted({ because, restarts: this.#threads.restarts, pauseMs, connectionsLost });
  }

  async #closeDoor(door: Door<Options>, drainMs: number): Promise<void> {
    door.isOpen = false;
    // One that is dead has left already, and is not told of this door when it is started again.
    for (const number of this.#threads.numbers) if (this.#threads.life(number)) door.staying.add(number);
    if (door.staying.size > 0) await this.#allLeft(door, drainMs);
    this.#doors.delete(door.id);
    this.#protocol.libc.close(door.listenerFd);
  }

  async #allLeft(door: Door<Options>, drainMs: number): Promise<void> {
    const left = new Promise<void>((resolve) => {
      door.onAllLeft = resolve;
    });
    this.#order(door.staying, { do: 'leave', door: door.id });
    const limit = setTimeout(() => this.#order(door.staying, { do: 'drop', door: door.id }), drainMs);
    await left;
    clearTimeout(limit);
  }
}
