import { ExtentSender } from '../../os/extent-sender.ts';
import { SystemCallError } from '../../os/system-call-error.ts';
import type { ThreadWork, ThreadWorkNeeds } from '../../os/thread-loop.ts';
import { ThreadTidings } from '../../os/thread-tidings.ts';
import { isIpv6 } from '../../lib/ipv6-address.ts';
import {
  type LinkEnd,
  type LinkOrder,
  type LinkTarget,
  noTidings,
  type PlaneOrder,
  type PlaneTidings,
  type SentFile,
} from './plane-messages.ts';
import { LinkDescriptors } from './plane-link-descriptors.ts';
import { type Link, newLink } from './plane-link-state.ts';
import { LinkSending } from './plane-link-sending.ts';
import { OpenLinks } from './plane-open-links.ts';

/** How often times are looked at: while there are links, and else. */
const CHECK_EVERY_MS = 100;
const CHECK_IDLE_EVERY_MS = 1_000;
/** How often it is told how far each file is, for STAT. */
const PROGRESS_EVERY_MS = 1_000;

/** The data connections of one thread. */
export class PlaneLinks implements ThreadWork<PlaneOrder, PlaneTidings> {
  readonly #needs: ThreadWorkNeeds;
  readonly #tidings = new ThreadTidings<PlaneTidings>(noTidings);
  readonly #descriptors: LinkDescriptors;
  readonly #links: OpenLinks;
  readonly #sending: LinkSending;
  #progressMs = 0;

  constructor(needs: ThreadWorkNeeds) {
    this.#needs = needs;
    this.#descriptors = new LinkDescriptors(needs);
    this.#links = new OpenLinks(this.#descriptors, this.#tidings);
    this.#sending = new LinkSending({ ...needs, links: this.#links, linkDescriptors: this.#descriptors });
  }

  get checkEveryMs(): number {
    return this.#links.size > 0 ? CHECK_EVERY_MS : CHECK_IDLE_EVERY_MS;
  }

  get dueMs(): number {
    return this.#tidings.dueMs;
  }

  take(): PlaneTidings {
    return this.#tidings.take();
  }

  onReady(fd: number, index: number): void {
    const link = this.#descriptors.linkOf(fd);
    if (!link) return;
    try {
      this.#onReady(link, index);
    } catch (error) {
      this.#fail(link, error);
    }
  }

  obey(order: PlaneOrder): 'go on' | 'stop' {
    if (order.do === 'stop thread') return 'stop';
    for (const one of order.orders) this.#obeyOne(one);
    return 'go on';
  }

  checkTimes(nowMs: number): void {
    for (const link of this.#links.all()) if (link.deadlineMs <= nowMs) this.#tooLate(link);
    if (nowMs < this.#progressMs) return;
    this.#progressMs = nowMs + PROGRESS_EVERY_MS;
    for (const { id, phase, sender } of this.#links.all())
      if (phase === 'sending') this.#tidings.now('progress', { link: id, bytes: sender?.sent ?? 0 });
  }

  free(): void {
    for (const link of this.#links.all()) this.#links.close(link, 'in order');
    this.#sending.free();
  }

  #obeyOne(order: LinkOrder): void {
    const link = order.do === 'await' ? this.#await(order) : this.#links.get(order.link);
    try {
      if (order.do === 'send') this.#begin(order.link, link, order);
      else if (link) this.#obey(link, order);
    } catch (error) {
      const failed = this.#links.get(order.link);
      if (failed) this.#fail(failed, error);
      else {
        this.#tidings.words('failed', error);
        this.#tidings.now('ended', neverSent(order.link));
      }
    }
  }

  #await({ link: id, listenerFd, client }: LinkOrder & { readonly do: 'await' }): Link {
    const link = newLink(id, 'awaiting', listenerFd, client);
    this.#links.add(link);
    return link;
  }

  #obey(link: Link, order: Exclude<LinkOrder, { do: 'send' }>): void {
    switch (order.do) {
      case 'await':
        return this.#descriptors.watch(link);
      case 'hand over':
        link.isWanted = true;
        if (link.phase === 'connected') this.#links.handOver(link);
        return;
      case 'wait':
        if (link.sender && (link.phase === 'awaiting' || link.phase === 'connecting'))
          link.deadlineMs = Math.min(link.deadlineMs, this.#needs.nowMs() + order.waitMs);
        return;
      case 'stop':
        return this.#links.end(link, isThere(link) ? { ended: 'stopped' } : GIVEN_UP, 'reset');
      case 'drop':
        return this.#links.end(link, GIVEN_UP, 'in order');
      default:
        order satisfies never;
    }
  }

  #begin(id: number, known: Link | undefined, { file, reach }: Sending): void {
    const link = known ?? (reach && this.#reach(id, file, reach));
    if (!link) return this.#tidings.now('ended', neverSent(id));
    link.sender = new ExtentSender(file, file);
    link.times = file.times;
    link.deadlineMs = this.#needs.nowMs() + file.times.waitMs;
    if (link.phase === 'connected') this.#sending.begin(link);
  }

  #reach(id: number, file: SentFile, { address, port, from, interfaceIndex }: LinkTarget): Link {
    const { libc, descriptors } = this.#needs;
    const fd = libc.socket(isIpv6(address) ? 'tcp6' : 'tcp');
    descriptors.opened(fd);
    const link = newLink(id, 'connecting', fd, address);
    // Also for a system that refuses at once: then it is this that failed.
    link.sender = new ExtentSender(file, file);
    this.#links.add(link);
    libc.connectTcp(fd, address, port, { from, interfaceIndex });
    this.#descriptors.watch(link);
    return link;
  }

  #onReady(link: Link, index: number): void {
    switch (link.phase) {
      case 'awaiting':
        return this.#accept(link);
      case 'connecting':
        return this.#onReached(link);
      case 'sending':
        if (this.#needs.poll.canRead(index) && !this.#sending.discard(link)) return;
        if (this.#needs.poll.canWrite(index)) this.#sending.send(link);
        return;
      case 'lingering':
        if (this.#sending.discard(link) && link.hasInputEnded) this.#links.close(link, 'in order');
        return;
      case 'connected':
        // Nothing is waited for then.
        return;
      default:
        link.phase satisfies never;
    }
  }

  #accept(link: Link): void {
    const came = this.#descriptors.accept(link, (from) => {
      if (!link.hasToldForeign) this.#tidings.now('foreign', { link: link.id, address: from });
      link.hasToldForeign = true;
    });
    if (!came) return;
    link.phase = 'connected';
    if (link.isWanted) this.#links.handOver(link);
    else if (link.sender) this.#sending.begin(link);
  }

  #onReached(link: Link): void {
    const errno = this.#needs.libc.socketError(link.fd);
    if (errno === 0) this.#sending.begin(link);
    else this.#links.end(link, { ended: 'not connected', why: { errno } }, 'in order');
  }

  #tooLate(link: Link): void {
    if (link.phase === 'sending') return this.#links.end(link, { ended: 'stalled' }, 'reset');
    this.#links.end(link, { ended: 'not connected', why: 'nobody came' }, 'in order');
  }

  /** A call of the system failed that should not. */
  #fail(link: Link, error: unknown): void {
    const isSystem = error instanceof SystemCallError;
    const why = isSystem ? { errno: error.errno } : 'given up';
    // A client that cannot be reached is no fault of ours.
    if (!isSystem || link.phase !== 'connecting') this.#tidings.words('failed', error);
    this.#links.end(link, { ended: 'not connected', why }, 'in order');
  }
}

type Sending = LinkOrder & { readonly do: 'send' };

const GIVEN_UP: LinkEnd = { ended: 'not connected', why: 'given up' };

function neverSent(link: number): PlaneTidings['ended'][number] {
  return { link, end: GIVEN_UP, bytes: 0 };
}

function isThere({ phase }: Link): boolean {
  return phase === 'sending' || phase === 'lingering';
}
