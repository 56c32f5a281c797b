import type { Command, ControlLine } from './command.ts';
import { answerListening } from './data-answers.ts';
import { answerFound } from './path-answers.ts';
import { ReplyCode } from './reply.ts';
import {
  FIRST_STATE,
  type Found,
  type Listened,
  type Outcome,
  say,
  sentence,
  type SessionAction,
  type SessionFacts,
  type SessionState,
  type Transfer,
  type TransferEnd,
} from './session-action.ts';
import { answerCommand, answerEnd, answerStatus } from './session-answers.ts';
import { isVerb, type PathVerb, rowOf } from './verbs.ts';

/**
 * The engine of one control connection (RFC 959 §5): it is told what came in and says what to do. It has no socket, no
 * clock and no file. One command is answered at a time; those that come meanwhile wait, but for ABOR and STAT while
 * something is sent (RFC 959 §4.1.3).
 */

/** Commands that wait; the caller reads no more when there are so many. */
export const MAX_WAITING = 16;
/** Commands in a row that FTP does not know: whoever sends more speaks another protocol, or guesses. */
export const MAX_MISTAKES = 20;

type Phase =
  | { readonly is: 'ready' }
  /** An action was given whose result is awaited. */
  | { readonly is: 'asking'; readonly command: Command }
  | { readonly is: 'sending'; readonly transfer: Transfer; readonly abort: 'no' | 'asked for' }
  | { readonly is: 'over' };

/** Stands for a line of which nothing was kept. */
const TOO_LONG: Command = { verb: '', argument: '' };
const READY: Phase = { is: 'ready' };

export class Session {
  readonly #facts: SessionFacts;
  readonly #waiting: Command[] = [];
  #state: SessionState = FIRST_STATE;
  #phase: Phase = READY;
  #mistakes = 0;
  /** Why it ends when nothing is under way any more. */
  #ending: 'no' | 'input ended' | 'server stops' = 'no';

  constructor(facts: SessionFacts) {
    this.#facts = facts;
  }

  start(): readonly SessionAction[] {
    return [say(ReplyCode.ready, this.#facts.greeting)];
  }

  /** Whether another command may be handed in. */
  get takesCommands(): boolean {
    return this.#phase.is !== 'over' && this.#waiting.length < MAX_WAITING;
  }

  /** Waits for a command: the only phase in which a client can be idle. */
  get isReady(): boolean {
    return this.#phase.is === 'ready';
  }

  /** @param sentBytes of the transfer under way, for STAT. */
  onLine(line: ControlLine, sentBytes = 0): readonly SessionAction[] {
    const command = line.read === 'command' ? line.command : TOO_LONG;
    if (this.#phase.is === 'over') return [];
    if (this.#phase.is === 'sending') {
      const action = this.#meanwhile(command, this.#phase, sentBytes);
      if (action !== undefined) return [action];
    }
    this.#waiting.push(command);
    return this.#goOn([]);
  }

  onFound(found: Found): readonly SessionAction[] {
    if (this.#phase.is !== 'asking') return [];
    const { command } = this.#phase;
    const verb = command.verb as PathVerb;
    const outcome = answerFound(this.#state, verb, command, found);
    this.#phase = READY;
    const actions = this.#take(command, outcome);
    // It holds for the next transfer only, also where that came to nothing (RFC 3659 §5.3).
    if (rowOf(verb).data === 'sends') this.#state = { ...this.#state, offset: 0 };
    return this.#goOn(actions);
  }

  onListening(listened: Listened): readonly SessionAction[] {
    if (this.#phase.is !== 'asking') return [];
    const { command } = this.#phase;
    this.#phase = READY;
    return this.#goOn(this.#take(command, answerListening(command.verb, listened, this.#facts)));
  }

  /** @param text the first page of the listing that STAT asked for; undefined when the tree could not be read. */
  onListingRead(text: string | undefined): readonly SessionAction[] {
    if (this.#phase.is !== 'asking') return [];
    this.#phase = READY;
    const lines = text?.split('\r\n').filter((line) => line !== '') ?? [];
    return this.#goOn([
      text === undefined
        ? say(ReplyCode.localError, 'The server cannot read that now')
        : say(ReplyCode.folderStatus, 'The first entries; LIST sends all:', ...lines, 'End'),
    ]);
  }

  /** The file is open, and its bytes, or the lines, go out as soon as there is a data connection. */
  onTransferBegins(): readonly SessionAction[] {
    if (this.#phase.is !== 'sending') return [];
    const { transfer } = this.#phase;
    if (transfer.kind === 'listing') return [say(ReplyCode.aboutToSend, 'Here comes the listing')];
    // Clients that were not told the size before look for `(N bytes)`; in text it would be another number.
    const size = transfer.as === 'bytes' ? ` (${transfer.node.size} bytes)` : '';
    return [say(ReplyCode.aboutToSend, `Opening data connection for ${transfer.path}${size}`)];
  }

  onTransferEnd(end: TransferEnd): readonly SessionAction[] {
    if (this.#phase.is !== 'sending') return [];
    const { abort } = this.#phase;
    this.#phase = READY;
    const actions = [answerEnd(end)];
    if (abort === 'asked for') actions.push(say(ReplyCode.closingData, 'Aborted'));
    return this.#goOn(actions);
  }

  /** Nothing came for too long. */
  onIdle(): readonly SessionAction[] {
    return this.#phase.is === 'ready' ? this.#close('nothing was asked for too long') : [];
  }

  /** The client sends nothing any more, but may still wait for what it has asked for (RFC 959 §4.1.1, QUIT). */
  onInputEnd(): readonly SessionAction[] {
    this.#ending = 'input ended';
    return this.#goOn([]);
  }

  /** What is under way may come to its end. */
  onServerStops(): readonly SessionAction[] {
    this.#waiting.length = 0;
    this.#ending = 'server stops';
    return this.#goOn([]);
  }

  #meanwhile(
    command: Command,
    phase: Phase & { readonly is: 'sending' },
    sentBytes: number,
  ): SessionAction | undefined {
    if (!isVerb(command.verb) || rowOf(command.verb).meanwhile !== 'answered') return undefined;
    if (command.verb === 'STAT') {
      if (command.argument.trim() !== '') return undefined;
      const sending = `Sending ${phase.transfer.path}, ${sentBytes} bytes so far`;
      return answerStatus(this.#state, sending).actions[0];
    }
    if (phase.abort !== 'no') return undefined;
    this.#phase = { ...phase, abort: 'asked for' };
    return { do: 'stop transfer' };
  }

  /** Answers what waits, up to the first that has to be waited for. */
  #goOn(before: readonly SessionAction[]): readonly SessionAction[] {
    const actions = [...before];
    while (this.#phase.is === 'ready') {
      const command = this.#waiting.shift();
      if (command === undefined) break;
      actions.push(...this.#answer(command));
    }
    if (this.#phase.is === 'sending' && this.#phase.abort === 'no') {
      const at = this.#waiting.findIndex(({ verb }) => verb === 'ABOR');
      const [abort] = at === -1 ? [] : this.#waiting.splice(at, 1);
      const action = abort && this.#meanwhile(abort, this.#phase, 0);
      if (action !== undefined) actions.push(action);
    }
    if (this.#phase.is === 'ready' && this.#ending !== 'no') actions.push(...this.#end());
    return actions;
  }

  #answer(command: Command): readonly SessionAction[] {
    if (command === TOO_LONG) return this.#mistake(say(ReplyCode.unknownCommand, 'The line is too long'));
    const outcome = answerCommand(this.#state, command, this.#facts);
    if (!isVerb(command.verb)) return this.#mistake(...outcome.actions);
    this.#mistakes = 0;
    return this.#take(command, outcome);
  }

  #take(command: Command, { actions, change }: Outcome): readonly SessionAction[] {
    this.#state = { ...this.#state, ...change };
    for (const action of actions) {
      switch (action.do) {
        case 'look up':
        case 'listen':
        case 'read listing':
          this.#phase = { is: 'asking', command };
          break;
        case 'transfer':
          this.#phase = { is: 'sending', transfer: action.transfer, abort: 'no' };
          // A data connection carries one file (RFC 959 §3.3).
          this.#state = { ...this.#state, way: undefined };
          break;
        case 'close':
          this.#phase = { is: 'over' };
          break;
        case 'reply':
        case 'tell':
        case 'drop data':
        case 'stop transfer':
          break;
        default:
          action satisfies never;
      }
    }
    return actions;
  }

  #mistake(...actions: readonly SessionAction[]): readonly SessionAction[] {
    this.#mistakes += 1;
    if (this.#mistakes < MAX_MISTAKES) return actions;
    return [...actions, ...this.#close('this is FTP, and that was none')];
  }

  #end(): readonly SessionAction[] {
    if (this.#ending === 'server stops') return this.#close('the server is stopping');
    this.#phase = { is: 'over' };
    return [{ do: 'close' }];
  }

  #close(because: string): readonly SessionAction[] {
    this.#phase = { is: 'over' };
    return [say(ReplyCode.closing, sentence(because)), { do: 'close' }];
  }
}
