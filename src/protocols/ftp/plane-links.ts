import type { EventPoll } from '../../os/event-poll.ts';
import { ExtentSender } from '../../os/extent-sender.ts';
import { EAGAIN, type Libc } from '../../os/libc.ts';
import { SystemCallError } from '../../os/system-call-error.ts';
import type { ThreadDescriptors } from '../../os/thread-descriptors.ts';
import type { ThreadWork } from '../../os/thread-loop.ts';
import { isIpv6 } from '../../lib/ipv6-address.ts';
import type { LinkEnd, LinkOrder, LinkTarget, PlaneOrder, PlaneTidings, SentFile } from './plane-messages.ts';
import { LinkDescriptors } from './plane-link-descriptors.ts';
import { type Link, newLink } from './plane-link-state.ts';
import { LinkTidings } from './plane-tidings.ts';

/** How often times are looked at: while there are links, and else. */
const CHECK_EVERY_MS = 100;
const CHECK_IDLE_EVERY_MS = 1_000;
/** How often it is told how far each file is, for STAT. */
const PROGRESS_EVERY_MS = 1_000;
/** Of what a client sends over a data connection, thrown away in one call. */
const DISCARD_BYTES = 1024 * 1024;
export interface PlaneLinksNeeds {
  readonly libc: Libc;
  readonly poll: EventPoll;
  readonly descriptors: ThreadDescriptors;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
}

/** The data connections of one thread. */
export class PlaneLinks implements ThreadWork<PlaneOrder, PlaneTidings> {
  readonly #needs: PlaneLinksNeeds;
  readonly #links = new Map<number, Link>();
  readonly #descriptors: LinkDescriptors;
  readonly #tidings = new LinkTidings();
  #progressMs = 0;

  constructor(needs: PlaneLinksNeeds) {
    this.#needs = needs;
    this.#descriptors = new LinkDescriptors(needs);
  }

  get checkEveryMs(): number {
    return this.#links.size > 0 ? CHECK_EVERY_MS : CHECK_IDLE_EVERY_MS;
  }

  get dueMs(): number {
    return this.#tidings.isEmpty ? Number.POSITIVE_INFINITY : 0;
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
    for (const link of this.#links.values()) if (link.deadlineMs <= nowMs) this.#tooLate(link);
    if (nowMs < this.#progressMs) return;
    this.#progressMs = nowMs + PROGRESS_EVERY_MS;
    for (const { id, phase, sender } of this.#links.values())
      if (phase === 'sending') this.#tidings.progress(id, sender?.sent ?? 0);
  }

  free(): void {
    for (const link of this.#links.values()) this.#forget(link, 'in order');
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
        this.#tidings.failed(error);
        this.#tidings.ended(order.link, GIVEN_UP, 0);
      }
    }
  }

  #await({ link: id, listenerFd, client }: LinkOrder & { readonly do: 'await' }): Link {
    const link = newLink(id, 'awaiting', listenerFd, client);
    this.#links.set(id, link);
    return link;
  }

  #obey(link: Link, order: Exclude<LinkOrder, { do: 'send' }>): void {
    switch (order.do) {
      case 'await':
        return this.#descriptors.watch(link);
      case 'hand over':
        link.isWanted = true;
        if (link.phase === 'connected') this.#handOver(link);
        return;
      case 'wait':
        if (link.sender && (link.phase === 'awaiting' || link.phase === 'connecting'))
          link.deadlineMs = Math.min(link.deadlineMs, this.#needs.nowMs() + order.waitMs);
        return;
      case 'stop':
        return this.#end(link, isThere(link) ? { ended: 'stopped' } : GIVEN_UP, 'reset');
      case 'drop':
        return this.#end(link, GIVEN_UP, 'in order');
      default:
        order satisfies never;
    }
  }

  #begin(id: number, known: Link | undefined, { file, reach }: Sending): void {
    const link = known ?? (reach && this.#reach(id, file, reach));
    if (!link) return this.#tidings.ended(id, GIVEN_UP, 0);
    link.sender = new ExtentSender(file, file);
    link.times = file.times;
    link.deadlineMs = this.#needs.nowMs() + file.times.waitMs;
    if (link.phase === 'connected') this.#startSending(link);
  }

  #reach(id: number, file: SentFile, { address, port, from, interfaceIndex }: LinkTarget): Link {
    const { libc, descriptors } = this.#needs;
    const fd = libc.socket(isIpv6(address) ? 'tcp6' : 'tcp');
    descriptors.opened(fd);
    const link = newLink(id, 'connecting', fd, address);
    // Also for a system that refuses at once: then it is this that failed.
    link.sender = new ExtentSender(file, file);
    this.#links.set(id, link);
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
        if (this.#needs.poll.canRead(index) && !this.#discard(link)) return;
        if (this.#needs.poll.canWrite(index)) this.#send(link);
        return;
      case 'lingering':
        if (this.#discard(link) && link.hasInputEnded) this.#forget(link, 'in order');
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
      if (!link.hasToldForeign) this.#tidings.foreign(link.id, from);
      link.hasToldForeign = true;
    });
    if (!came) return;
    link.phase = 'connected';
    if (link.isWanted) this.#handOver(link);
    else if (link.sender) this.#startSending(link);
  }

  #onReached(link: Link): void {
    const errno = this.#needs.libc.socketError(link.fd);
    if (errno === 0) this.#startSending(link);
    else this.#end(link, { ended: 'not connected', why: { errno } }, 'in order');
  }

  #handOver({ id, fd }: Link): void {
    this.#links.delete(id);
    this.#needs.descriptors.gone(fd);
    this.#tidings.handOver(id, fd);
  }

  #startSending(link: Link): void {
    link.phase = 'sending';
    link.deadlineMs = this.#needs.nowMs() + link.times.stalledMs;
    this.#send(link);
  }

  #send(link: Link): void {
    const { libc, nowMs } = this.#needs;
    const { sender, times, fd } = link;
    if (!sender) return;
    const before = sender.sent;
    const progress = sender.send(libc, fd);
    switch (progress) {
      case 'later':
        if (sender.sent > before) link.deadlineMs = nowMs() + times.stalledMs;
        return this.#descriptors.watch(link);
      case 'done':
        libc.endOutput(fd);
        link.phase = 'lingering';
        link.deadlineMs = nowMs() + times.lingerMs;
        this.#tell(link, { ended: 'sent' });
        if (link.hasInputEnded) this.#forget(link, 'in order');
        else this.#descriptors.watch(link);
        return;
      case 'broken':
        return this.#end(link, { ended: 'broken', errno: sender.errno }, 'reset');
      case 'too short':
        return this.#end(link, { ended: 'too short', at: sender.at }, 'reset');
      default:
        progress satisfies never;
    }
  }

  /**
   * Bytes that nobody read would turn the end of the connection into a reset.
   *
   * @returns whether it is still there.
   */
  #discard(link: Link): boolean {
    if (link.hasInputEnded) return true;
    const came = this.#needs.libc.discard(link.fd, DISCARD_BYTES);
    if (came < 0 && came !== -EAGAIN) {
      this.#end(link, { ended: 'broken', errno: -came }, 'in order');
      return false;
    }
    if (came !== 0) return true;
    link.hasInputEnded = true;
    this.#descriptors.watch(link);
    return true;
  }

  #tooLate(link: Link): void {
    if (link.phase === 'sending') return this.#end(link, { ended: 'stalled' }, 'reset');
    this.#end(link, { ended: 'not connected', why: 'nobody came' }, 'in order');
  }

  /** A call of the system failed that should not. */
  #fail(link: Link, error: unknown): void {
    const isSystem = error instanceof SystemCallError;
    const why = isSystem ? { errno: error.errno } : 'given up';
    // A client that cannot be reached is no fault of ours.
    if (!isSystem || link.phase !== 'connecting') this.#tidings.failed(error);
    this.#end(link, { ended: 'not connected', why }, 'in order');
  }

  /** Nothing of it is left; whoever waits for its end hears of it. */
  #end(link: Link, end: LinkEnd, how: 'in order' | 'reset'): void {
    this.#tell(link, end);
    this.#forget(link, how);
  }

  /** Once. */
  #tell(link: Link, end: LinkEnd): void {
    if (!link.sender) return;
    this.#tidings.ended(link.id, end, link.sender.sent);
    link.sender = undefined;
  }

  #forget(link: Link, how: 'in order' | 'reset'): void {
    this.#links.delete(link.id);
    this.#descriptors.close(link, how);
  }
}

type Sending = LinkOrder & { readonly do: 'send' };

const GIVEN_UP: LinkEnd = { ended: 'not connected', why: 'given up' };

function isThere({ phase }: Link): boolean {
  return phase === 'sending' || phase === 'lingering';
}
