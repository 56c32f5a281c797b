import { parseIpv4 } from '../../../lib/addresses.ts';
import { CommandReader } from '../command.ts';
import { listingPages } from '../listing.ts';
import { lookUp } from '../look-up.ts';
import { encodeReply } from '../reply.ts';
import { Session } from '../session.ts';
import type { SessionAction, SessionFacts, TransferEnd } from '../session-action.ts';
import { MADE_MS, MemoryTree } from '../../../lib/suite/memory-tree.ts';

export const CLIENT = parseIpv4('192.0.2.10');
const FACTS: SessionFacts = {
  client: CLIENT,
  localAddress: parseIpv4('192.0.2.1'),
  active: 'allowed',
  greeting: 'FTP server ready; log in as anonymous, everything can be read',
};
/** Whatever port is opened. */
const PORT = 50_000;

/** The tree that the clients of `golden/` were recorded with. */
export function recordedTree(): MemoryTree {
  return new MemoryTree({
    'hello.txt': 'hello\nworld\n',
    dir: { folder: { a: 'a', b: 'bb', 'sp ace': 'x', sub: { folder: { deep: 'deep' } } } },
    link: { link: 'dir/a' },
    dlink: { link: 'dir' },
    out: { link: '../../etc/passwd' },
  });
}

/** Carries out what a session wants, without a network: ports open, and transfers end when the test says so. */
export class SessionPlayer {
  readonly session: Session;
  /** `> ` what came in, `< ` what was replied, `* ` what was done. */
  readonly log: string[] = [];
  readonly told: string[] = [];
  isClosed = false;
  readonly #tree: MemoryTree;
  readonly #transfers: 'end at once' | 'are ended by the test';

  constructor(
    transfers: 'end at once' | 'are ended by the test' = 'end at once',
    facts: Partial<SessionFacts> = {},
    tree = recordedTree(),
  ) {
    this.#transfers = transfers;
    this.#tree = tree;
    this.session = new Session({ ...FACTS, ...facts });
  }

  async start(): Promise<this> {
    await this.#do(this.session.start());
    return this;
  }

  async logIn(): Promise<this> {
    await this.start();
    await this.send('USER anonymous', 'PASS x');
    this.log.length = 0;
    return this;
  }

  async send(...lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.log.push(`> ${line}`);
      const reader = new CommandReader();
      reader.push(new TextEncoder().encode(`${line}\r\n`));
      const read = reader.next();
      if (read && this.session.takesCommands) await this.#do(this.session.onLine(read));
    }
  }

  async end(end: TransferEnd): Promise<void> {
    await this.#do(this.session.onTransferEnd(end));
  }

  async happens(actions: readonly SessionAction[]): Promise<void> {
    await this.#do(actions);
  }

  /** The replies since the last time. */
  replies(): readonly string[] {
    const replies = this.log.filter((line) => line.startsWith('< ')).map((line) => line.slice(2));
    this.log.length = 0;
    return replies;
  }

  async #do(actions: readonly SessionAction[]): Promise<void> {
    for (const action of actions) await this.#doOne(action);
  }

  async #doOne(action: SessionAction): Promise<void> {
    const { session } = this;
    switch (action.do) {
      case 'reply': {
        const lines = new TextDecoder().decode(encodeReply(action.reply)).split('\r\n').slice(0, -1);
        this.log.push(...lines.map((line) => `< ${line}`));
        return;
      }
      case 'tell':
        this.told.push(`${action.command.verb}: ${action.because}`);
        return;
      case 'look up':
        return this.#do(session.onFound(await lookUp(this.#tree, action.wish)));
      case 'read listing':
        for await (const page of listingPages(this.#tree, action.listing, MADE_MS))
          return this.#do(session.onListingRead(page));
        return this.#do(session.onListingRead(''));
      case 'listen':
        return this.#do(session.onListening({ listening: true, port: PORT }));
      case 'transfer':
        await this.#do(session.onTransferBegins());
        if (this.#transfers === 'end at once') await this.#do(session.onTransferEnd({ ended: 'sent' }));
        return;
      case 'close':
        this.isClosed = true;
        return;
      case 'drop data':
      case 'stop transfer':
        this.log.push(`* ${action.do}`);
        return;
      default:
        action satisfies never;
    }
  }
}
