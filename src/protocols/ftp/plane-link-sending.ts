import { FilePipe } from '../../os/file-pipe.ts';
import { fillSegments } from '../../os/full-segments.ts';
import { EAGAIN, type Libc } from '../../os/libc.ts';
import type { ThreadDescriptors } from '../../os/thread-descriptors.ts';
import type { LinkDescriptors } from './plane-link-descriptors.ts';
import type { Link } from './plane-link-state.ts';
import type { OpenLinks } from './plane-open-links.ts';

/** Of what a client sends over a data connection, thrown away in one call. */
const DISCARD_BYTES = 1024 * 1024;

export interface LinkSendingNeeds {
  readonly libc: Libc;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
  readonly links: OpenLinks;
  readonly linkDescriptors: LinkDescriptors;
  readonly descriptors: ThreadDescriptors;
}

/** Sends a file over a link that is connected, and takes what the client has to say meanwhile. */
export class LinkSending {
  readonly #needs: LinkSendingNeeds;
  readonly #pipe: FilePipe;

  constructor(needs: LinkSendingNeeds) {
    this.#needs = needs;
    this.#pipe = new FilePipe(needs.libc, needs.descriptors);
  }

  free(): void {
    this.#pipe.free();
  }

  begin(link: Link): void {
    link.phase = 'sending';
    link.deadlineMs = this.#needs.nowMs() + link.times.stalledMs;
    link.isFilled = fillSegments(this.#needs.libc, link.fd, link.sender?.left ?? 0);
    this.send(link);
  }

  send(link: Link): void {
    const { libc, nowMs, links, linkDescriptors } = this.#needs;
    const { sender, times, fd } = link;
    if (!sender) return;
    const before = sender.sent;
    const progress = sender.send(link.isFilled ? this.#pipe : libc, fd);
    switch (progress) {
      case 'later':
        if (sender.sent > before) link.deadlineMs = nowMs() + times.stalledMs;
        return linkDescriptors.watch(link);
      case 'done':
        libc.endOutput(fd);
        link.phase = 'lingering';
        link.deadlineMs = nowMs() + times.lingerMs;
        links.tell(link, { ended: 'sent' });
        if (link.hasInputEnded) links.close(link, 'in order');
        else linkDescriptors.watch(link);
        return;
      case 'broken':
        return links.end(link, { ended: 'broken', errno: sender.errno }, 'reset');
      case 'too short':
        return links.end(link, { ended: 'too short', at: sender.at }, 'reset');
      default:
        progress satisfies never;
    }
  }

  /**
   * Bytes that nobody read would turn the end of the connection into a reset.
   *
   * @returns whether it is still there.
   */
  discard(link: Link): boolean {
    const { libc, links, linkDescriptors } = this.#needs;
    if (link.hasInputEnded) return true;
    const came = libc.discard(link.fd, DISCARD_BYTES);
    if (came < 0 && came !== -EAGAIN) {
      links.end(link, { ended: 'broken', errno: -came }, 'in order');
      return false;
    }
    if (came !== 0) return true;
    link.hasInputEnded = true;
    linkDescriptors.watch(link);
    return true;
  }
}
