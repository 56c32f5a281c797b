import type { IpAddress } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { Recently } from '../core/events/recently.ts';
import { TreeCount, type TreeTotal } from '../core/events/tree-count.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { EventKind } from '../core/events/event-kinds.ts';
import type { EventLog, Happening } from '../services/event-log.ts';
import type { InstallBearing } from '../services/installs/install-files.ts';
import type { Asker, WhoAsks } from '../services/boot/who-asks.ts';
import { amount } from './amount.ts';
import { FileCounts } from './file-counts.ts';
import type { Sent } from './http-answer.ts';

/** How often it is looked whether a count is to be told. */
const LOOK_EVERY_MS = 500;
/** The same refusal of the same address is told once in this time. */
const QUIET_REFUSALS_MS = 30_000;
const MAX_REMEMBERED = 4_096;

/** What files are fetched over, as people call it, and its events. */
const PROTOCOLS = {
  http: { name: 'HTTP', sent: 'http.sent', tree: 'http.tree', refused: 'http.refused' },
  ftp: { name: 'FTP', sent: 'ftp.sent', tree: 'ftp.tree', refused: 'ftp.refused' },
  nfs: { name: 'NFS', sent: 'nfs.sent', tree: 'nfs.tree', refused: 'nfs.refused' },
} as const satisfies Record<
  string,
  { readonly name: string } & Record<'sent' | 'tree' | 'refused', EventKind>
>;

/** Before the name of a mirror where that of an image stands; no image has a slash in its name. */
const OF_MIRROR = 'mirror/';

export interface FileTimelineNeeds {
  readonly protocol: keyof typeof PROTOCOLS;
  readonly events: Pick<EventLog, 'note'>;
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly installs: Pick<InstallStore, 'openOf'>;
  readonly clock: Clock;
  /** A fault of ours while telling; the file itself was served. */
  readonly failed: (error: unknown) => void;
}

/** The timeline's view of a door for files: what matters one by one, install trees counted together. */
export class FileTimeline {
  readonly counts = new FileCounts();
  readonly #needs: FileTimelineNeeds;
  readonly #words: (typeof PROTOCOLS)[keyof typeof PROTOCOLS];
  readonly #trees = new TreeCount();
  readonly #refused = new Recently({ keepMs: QUIET_REFUSALS_MS, keys: MAX_REMEMBERED });
  /** Notes whose asker is still being looked up. */
  readonly #pending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(needs: FileTimelineNeeds) {
    this.#needs = needs;
    this.#words = PROTOCOLS[needs.protocol];
  }

  /** A file that matters by itself: kernel, initrd. */
  fileSent(clientAddress: IpAddress, file: string, sent: Sent): void {
    this.#count(sent);
    this.#noteFor(clientAddress, (who) => this.#fileHappening(who, file, sent));
  }

  /** An answer file, for the machine of its install. */
  answerSent(label: string, sent: Sent, bearing: InstallBearing): void {
    this.#count(sent);
    this.#needs.events.note({ ...this.#fileHappening('', label, sent), ...bearing });
  }

  /** A file of an install tree, or one that is missing there. @param times how often, where all ended alike. */
  treeFile(clientAddress: IpAddress, image: string, result: 'not found' | Sent, times = 1): void {
    if (result === 'not found') this.counts.count('missing', { times });
    else this.#count(result, times);
    const nowMs = performance.now();
    const sent = result === 'not found' ? { bytes: 0, milliseconds: 0, isComplete: false } : result;
    this.#tell(
      this.#trees.add({
        key: `${clientAddress} ${image}`,
        bytes: sent.bytes,
        result: result === 'not found' ? result : sent.isComplete ? 'sent' : 'broken off',
        times,
        startedAtMs: nowMs - sent.milliseconds,
        endedAtMs: nowMs,
      }),
    );
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  /** A file of a package mirror, of which a machine fetches thousands. */
  mirrorFile(clientAddress: IpAddress, mirror: string, result: 'not found' | Sent): void {
    this.treeFile(clientAddress, `${OF_MIRROR}${mirror}`, result);
  }

  /** @param path as it was mounted. */
  mounted(clientAddress: IpAddress, path: string): void {
    this.#noteFor(clientAddress, (who) => ({
      kind: 'nfs.mounted',
      text: `${who} mounted ${path} over NFS`,
      data: { path },
    }));
  }

  refused(clientAddress: IpAddress, what: string, because: string, bearing: InstallBearing = {}): void {
    this.counts.count('refused');
    if (this.#refused.isRepeated(`${clientAddress} ${because}`, '', this.#needs.clock.nowMs())) return;
    this.#noteFor(clientAddress, (who) => ({
      kind: this.#words.refused,
      text: `${who} was refused ${what} over ${this.#words.name}`,
      because,
      data: { address: clientAddress },
      ...bearing,
    }));
  }

  /** Tells what is still counted. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#tell(this.#trees.takeAll());
    await Promise.all(this.#pending);
  }

  #count({ isComplete, bytes }: Sent, times = 1): void {
    this.counts.count(isComplete ? 'sent' : 'in part', { bytes, times });
  }

  #look(): void {
    this.#tell(this.#trees.takeDue(performance.now()));
    if (!this.#trees.isEmpty) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tell(totals: readonly TreeTotal[]): void {
    for (const total of totals) {
      const [address = '', image = ''] = total.key.split(' ');
      this.#noteFor(address as IpAddress, (who) => this.#treeHappening(who, image, total));
    }
  }

  /** Looks up who has the address only now, so that thousands of small files cost no look into the store. */
  #noteFor(clientAddress: IpAddress, happening: (who: string) => Happening): void {
    const noted = this.#note(clientAddress, happening)
      .catch((error: unknown) => this.#needs.failed(error))
      .finally(() => this.#pending.delete(noted));
    this.#pending.add(noted);
  }

  async #note(clientAddress: IpAddress, happening: (who: string) => Happening): Promise<void> {
    const { who, bearing } = await this.#describeAsker(clientAddress);
    const { data, ...rest } = happening(who);
    this.#needs.events.note({ ...bearing, ...rest, data: { ...data, address: clientAddress } });
  }

  async #describeAsker(clientAddress: IpAddress): Promise<{ who: string; bearing: InstallBearing }> {
    const asker: Asker = await this.#needs.whoAsks.byAddress(clientAddress);
    const { machine, mac } = asker;
    const install = machine && (await this.#needs.installs.openOf(machine.id));
    return {
      who: machine?.name ?? mac ?? clientAddress,
      bearing: {
        ...(machine ? { machineId: machine.id } : {}),
        ...(mac ? { mac } : {}),
        ...(install ? { installId: install.id } : {}),
      },
    };
  }

  #fileHappening(who: string, file: string, sent: Sent): Happening {
    const { name, sent: kind } = this.#words;
    const whom = who === '' ? '' : ` to ${who}`;
    return {
      kind,
      text: sent.isComplete
        ? `${file} was sent${whom} over ${name}`
        : `${file} was sent${whom} over ${name} in part: the connection broke off`,
      data: { file, complete: sent.isComplete, ...amount(sent.bytes, sent.milliseconds) },
    };
  }

  #treeHappening(who: string, image: string, total: TreeTotal): Happening {
    const { name, tree: kind } = this.#words;
    const files = `${total.files} ${total.files === 1 ? 'file' : 'files'}`;
    const isMirror = image.startsWith(OF_MIRROR);
    const whose = isMirror ? { mirror: image.slice(OF_MIRROR.length) } : { image };
    return {
      kind,
      text: `${who} fetched ${files} of ${isMirror ? 'mirror' : 'image'} ${whose.mirror ?? image} over ${name}`,
      data: {
        ...whose,
        files: total.files,
        ...amount(total.bytes, total.endedAtMs - total.startedAtMs),
        ...(total.missing === 0 ? {} : { missing: total.missing }),
        ...(total.brokenOff === 0 ? {} : { brokenOff: total.brokenOff }),
      },
    };
  }
}
