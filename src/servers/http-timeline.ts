import type { IpAddress } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { Recently } from '../core/events/recently.ts';
import { TreeCount, type TreeTotal } from '../core/events/tree-count.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { EventLog, Happening } from '../services/event-log.ts';
import type { InstallBearing } from '../services/install-files.ts';
import type { Asker, WhoAsks } from '../services/who-asks.ts';
import { amount } from './amount.ts';
import type { Sent } from './http-answer.ts';

/** How often it is looked whether a count is to be told. */
const LOOK_EVERY_MS = 500;
/** The same refusal of the same address is told once in this time. */
const QUIET_REFUSALS_MS = 30_000;
const MAX_REMEMBERED = 4_096;

export interface HttpTimelineNeeds {
  readonly events: Pick<EventLog, 'note'>;
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly installs: Pick<InstallStore, 'openOf'>;
  readonly clock: Clock;
  /** A fault of ours while telling; the file itself was served. */
  readonly failed: (error: unknown) => void;
}

/** The timeline's view of the HTTP door: what matters one by one, install trees counted together. */
export class HttpTimeline {
  readonly #needs: HttpTimelineNeeds;
  readonly #trees = new TreeCount();
  readonly #refused = new Recently({ keepMs: QUIET_REFUSALS_MS, keys: MAX_REMEMBERED });
  /** Notes whose asker is still being looked up. */
  readonly #pending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(needs: HttpTimelineNeeds) {
    this.#needs = needs;
  }

  /** A file that matters by itself: kernel, initrd. */
  fileSent(clientAddress: IpAddress, file: string, sent: Sent): void {
    this.#noteFor(clientAddress, (who) => fileHappening(who, file, sent));
  }

  /** An answer file, for the machine of its install. */
  answerSent(label: string, sent: Sent, bearing: InstallBearing): void {
    this.#needs.events.note({ ...fileHappening('', label, sent), ...bearing });
  }

  /** A file of an install tree, or one that is missing there. */
  treeFile(clientAddress: IpAddress, image: string, result: 'not found' | Sent): void {
    const nowMs = performance.now();
    const sent = result === 'not found' ? { bytes: 0, milliseconds: 0, isComplete: false } : result;
    this.#tell(
      this.#trees.add({
        key: `${clientAddress} ${image}`,
        bytes: sent.bytes,
        result: result === 'not found' ? result : sent.isComplete ? 'sent' : 'broken off',
        startedAtMs: nowMs - sent.milliseconds,
        endedAtMs: nowMs,
      }),
    );
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  refused(clientAddress: IpAddress, what: string, because: string, bearing: InstallBearing = {}): void {
    if (this.#refused.isRepeated(`${clientAddress} ${because}`, '', this.#needs.clock.nowMs())) return;
    this.#noteFor(clientAddress, (who) => ({
      kind: 'http.refused',
      text: `${who} was refused ${what} over HTTP`,
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

  #look(): void {
    this.#tell(this.#trees.takeDue(performance.now()));
    if (!this.#trees.isEmpty) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tell(totals: readonly TreeTotal[]): void {
    for (const total of totals) {
      const [address = '', image = ''] = total.key.split(' ');
      this.#noteFor(address as IpAddress, (who) => treeHappening(who, image, total));
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
}

function fileHappening(who: string, file: string, sent: Sent): Happening {
  const whom = who === '' ? '' : ` to ${who}`;
  return {
    kind: 'http.sent',
    text: sent.isComplete
      ? `${file} was sent${whom} over HTTP`
      : `${file} was sent${whom} over HTTP in part: the connection broke off`,
    data: { file, complete: sent.isComplete, ...amount(sent.bytes, sent.milliseconds) },
  };
}

function treeHappening(who: string, image: string, total: TreeTotal): Happening {
  const files = `${total.files} ${total.files === 1 ? 'file' : 'files'}`;
  return {
    kind: 'http.tree',
    text: `${who} fetched ${files} of image ${image} over HTTP`,
    data: {
      image,
      files: total.files,
      ...amount(total.bytes, total.endedAtMs - total.startedAtMs),
      ...(total.missing === 0 ? {} : { missing: total.missing }),
      ...(total.brokenOff === 0 ? {} : { brokenOff: total.brokenOff }),
    },
  };
}
