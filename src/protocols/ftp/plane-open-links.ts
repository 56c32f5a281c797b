import type { ThreadTidings } from '../../os/thread-tidings.ts';
import type { LinkDescriptors } from './plane-link-descriptors.ts';
import type { Link } from './plane-link-state.ts';
import type { LinkEnd, PlaneTidings } from './plane-messages.ts';

/** The links that a thread has, until each has come to its end; whoever waits for that hears of it once. */
export class OpenLinks {
  readonly #descriptors: LinkDescriptors;
  readonly #tidings: ThreadTidings<PlaneTidings>;
  readonly #links = new Map<number, Link>();

  constructor(descriptors: LinkDescriptors, tidings: ThreadTidings<PlaneTidings>) {
    this.#descriptors = descriptors;
    this.#tidings = tidings;
  }

  get size(): number {
    return this.#links.size;
  }

  add(link: Link): void {
    this.#links.set(link.id, link);
  }

  get(id: number): Link | undefined {
    return this.#links.get(id);
  }

  all(): Iterable<Link> {
    return this.#links.values();
  }

  /** Nothing of it is left. */
  end(link: Link, end: LinkEnd, how: 'in order' | 'reset'): void {
    this.tell(link, end);
    this.close(link, how);
  }

  /** What was sent, or should have been, has its end, whatever becomes of the connection. */
  tell(link: Link, end: LinkEnd): void {
    if (!link.sender) return;
    this.#tidings.now('ended', { link: link.id, end, bytes: link.sender.sent });
    link.sender = undefined;
  }

  close(link: Link, how: 'in order' | 'reset'): void {
    this.#links.delete(link.id);
    this.#descriptors.close(link, how);
  }

  /** It is the main thread's from now on. */
  handOver({ id, fd }: Link): void {
    this.#links.delete(id);
    this.#descriptors.forget(fd);
    this.#tidings.now('handedOver', { link: id, fd });
  }
}
