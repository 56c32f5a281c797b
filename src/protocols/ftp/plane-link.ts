import { Socket } from 'node:net';
import type { FileParts } from '../../lib/byte-source.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import type { ThreadLife } from '../../os/kept-threads.ts';
import type { LinkEnd, LinkOrder, LinkTarget, LinkTimes } from './plane-messages.ts';
import { connectionOf, type TcpConnection } from './socket.ts';

/** Of those who have links: gives orders to their threads. */
export interface LinkHolder {
  /** Nothing where the thread is gone. */
  readonly order: (life: ThreadLife, order: LinkOrder) => void;
  readonly forget: (link: PlaneLink) => void;
}

/** How a link comes to be: the client comes to a port, or is connected to. */
export interface LinkWay {
  readonly port: number;
  readonly wish?: {
    readonly onConnection: (connection: TcpConnection) => void;
    readonly onForeign: (from: IpAddress | undefined) => void;
    readonly onGone: () => void;
  };
  readonly reach?: LinkTarget;
}

/** A data connection that a thread has, as the main thread sees it. */
export class PlaneLink {
  readonly id: number;
  readonly life: ThreadLife;
  readonly #holder: LinkHolder;
  readonly #way: LinkWay;
  #onEnd: ((end: LinkEnd) => void) | undefined;
  #bytes = 0;
  #waitMs = 0;
  #isOver = false;

  constructor(id: number, of: { readonly life: ThreadLife; readonly holder: LinkHolder }, way: LinkWay) {
    this.id = id;
    this.life = of.life;
    this.#holder = of.holder;
    this.#way = way;
  }

  /** That is open, or that is connected to. */
  get port(): number {
    return this.#way.port;
  }

  /** Of a client that is connected to. */
  get reachedPort(): number | undefined {
    return this.#way.reach?.port;
  }

  get isSending(): boolean {
    return this.#onEnd !== undefined;
  }

  /** Handed to the system, as it was told last. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How long it waits for its connection. */
  get waitMs(): number {
    return this.#waitMs;
  }

  /** @param from the first byte that is wanted, of `size`. The file stays open until it resolves. */
  send(place: FileParts, { from, size }: { from: number; size: number }, times: LinkTimes): Promise<LinkEnd> {
    const { file, extents } = place;
    const { descriptor } = file;
    this.#waitMs = times.waitMs;
    if (this.#isOver || !this.life.alive) {
      this.#over();
      return Promise.resolve({ ended: 'not connected', why: 'given up' });
    }
    return new Promise((resolve) => {
      this.#onEnd = resolve;
      this.#order({
        do: 'send',
        link: this.id,
        file: { descriptor, extents, first: from, length: size - from, times },
        ...(this.#way.reach ? { reach: this.#way.reach } : {}),
      });
    });
  }

  /** The connection is wanted by the main thread, once it is there: `onConnection` gets it. */
  handOver(): void {
    if (this.#isOver) this.#way.wish?.onGone();
    else this.#order({ do: 'hand over', link: this.id });
  }

  /** It waits no longer for its connection than this. */
  wait(waitMs: number): void {
    this.#waitMs = waitMs;
    this.#order({ do: 'wait', link: this.id, waitMs });
  }

  /** What is being sent is broken off; its end is told. */
  stop(): void {
    this.#order({ do: 'stop', link: this.id });
  }

  /** Of what is to come nothing is wanted; what the system has taken already is still sent. */
  close(): void {
    this.#order({ do: 'drop', link: this.id });
    if (!this.isSending) this.#over();
  }

  onProgress(bytes: number): void {
    this.#bytes = bytes;
  }

  onForeign(from: IpAddress | undefined): void {
    this.#way.wish?.onForeign(from);
  }

  onHandedOver(fd: number): void {
    this.#over();
    const connection = connectionOf(new Socket({ fd, allowHalfOpen: true }));
    if (connection === undefined) this.#way.wish?.onGone();
    else this.#way.wish?.onConnection(connection);
  }

  onEnded(end: LinkEnd, bytes: number): void {
    this.#bytes = bytes;
    this.#over();
    this.#onEnd?.(end);
    this.#onEnd = undefined;
  }

  onThreadGone(): void {
    if (this.#onEnd) return this.onEnded({ ended: 'thread died' }, this.#bytes);
    this.#over();
    this.#way.wish?.onGone();
  }

  #order(order: LinkOrder): void {
    this.#holder.order(this.life, order);
  }

  #over(): void {
    this.#isOver = true;
    this.#holder.forget(this);
  }
}
