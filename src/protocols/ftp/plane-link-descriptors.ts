import type { IpAddress } from '../../lib/addresses.ts';
import type { ThreadWorkNeeds } from '../../os/thread-loop.ts';
import { interestOf, type Link } from './plane-link-state.ts';

/** Connections from elsewhere that are turned away in one go. */
const MAX_ACCEPTED = 16;

/** The descriptors of links: which are waited for, and whose they are. */
export class LinkDescriptors {
  readonly #needs: Omit<ThreadWorkNeeds, 'nowMs'>;
  readonly #byFd = new Map<number, Link>();

  constructor(needs: Omit<ThreadWorkNeeds, 'nowMs'>) {
    this.#needs = needs;
  }

  /** Undefined for one that is not waited for any more. */
  linkOf(fd: number): Link | undefined {
    return this.#byFd.get(fd);
  }

  /** For what it waits for as it is now. */
  watch(link: Link): void {
    const interest = interestOf(link);
    if (link.interest === interest) return;
    if (link.interest === undefined) this.#needs.poll.add(link.fd, interest);
    else this.#needs.poll.change(link.fd, interest);
    link.interest = interest;
    this.#byFd.set(link.fd, link);
  }

  /**
   * Takes the connection of the client that is awaited, in place of the port, and turns others away.
   *
   * @returns whether it came.
   */
  accept(link: Link, onForeign: (from: IpAddress | undefined) => void): boolean {
    const { libc, descriptors } = this.#needs;
    for (let count = 0; count < MAX_ACCEPTED; count += 1) {
      const accepted = libc.accept(link.fd);
      if (accepted === undefined) return false;
      if (accepted.address !== link.client) {
        libc.closeWithReset(accepted.fd);
        onForeign(accepted.address);
        continue;
      }
      descriptors.opened(accepted.fd);
      this.close(link, 'in order');
      link.fd = accepted.fd;
      return true;
    }
    return false;
  }

  /** It is somebody else's from now on. */
  forget(fd: number): void {
    this.#byFd.delete(fd);
    this.#needs.descriptors.gone(fd);
  }

  close(link: Link, how: 'in order' | 'reset'): void {
    const { libc, descriptors } = this.#needs;
    this.#byFd.delete(link.fd);
    link.interest = undefined;
    descriptors.gone(link.fd);
    if (how === 'reset') libc.closeWithReset(link.fd);
    else libc.close(link.fd);
  }
}
