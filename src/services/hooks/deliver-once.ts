import type { Dispatcher } from 'undici';
import { type Attempt, readAnswer, readExit } from '../../core/hooks/decide-retry.ts';
import type { HookTarget } from '../../core/hooks/hook.ts';
import { findCommand } from '../own-commands.ts';
import { lastWords, runProgram } from '../run-program.ts';
import { postSigned } from './signed-post.ts';

/** Until the answer of a server is there. */
export const URL_MS = 20_000;
/** Until a program has ended. */
export const COMMAND_MS = 60_000;
/** Letters of what a program prints that are told. */
export const MAX_SAID = 1000;

export interface Delivery {
  readonly hook: string;
  readonly id: string;
  readonly kind: string;
  readonly body: string;
  readonly target: HookTarget;
  readonly secret: string | undefined;
}

export interface DeliverNeeds {
  readonly dispatcher: Dispatcher;
  /** Of the setting `commands.folder`. */
  readonly commandsFolder: string | undefined;
  readonly nowMs: () => number;
}

/** @property printed what the program had to say, where it had. */
export type Delivered = Attempt & { readonly printed?: string };

/** One attempt. Never rejects. */
export async function deliverOnce(
  delivery: Delivery,
  needs: DeliverNeeds,
  enough: AbortSignal,
): Promise<Delivered> {
  const { target } = delivery;
  return target.to === 'url'
    ? await post(delivery, target.url, needs, enough)
    : await run(delivery, target.argv, needs, enough);
}

async function post(
  { id, kind, body, secret = '' }: Delivery,
  url: string,
  { dispatcher, nowMs }: DeliverNeeds,
  enough: AbortSignal,
): Promise<Delivered> {
  const answer = await postSigned({
    url,
    key: secret,
    body,
    headers: { 'muster-delivery': id, 'muster-event': kind },
    atSeconds: Math.floor(nowMs() / 1000),
    timeoutMs: URL_MS,
    enough,
    dispatcher,
  });
  return answer.answered
    ? readAnswer(answer.status, answer.retryAfter)
    : { result: 'failed', said: answer.because };
}

async function run(
  { hook, id, kind, body, secret }: Delivery,
  argv: readonly string[],
  { commandsFolder }: DeliverNeeds,
  enough: AbortSignal,
): Promise<Delivered> {
  const [program = '', ...args] = argv;
  const command = await findCommand(commandsFolder, program);
  // Somebody may put it there, or right.
  if (!command.found) return { result: 'failed', said: command.because };
  const end = await runProgram({
    path: command.path,
    args,
    environment: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      MUSTER_HOOK: hook,
      MUSTER_EVENT: kind,
      MUSTER_DELIVERY: id,
      ...(secret === undefined ? {} : { MUSTER_SECRET: secret }),
    },
    input: `${body}\n`,
    timeoutMs: COMMAND_MS,
    maxOutput: MAX_SAID,
    enough,
  });
  if (!end.ended) return { result: 'failed', said: `${program}: ${end.because}` };
  const printed = end.stdout.replaceAll(/\p{Cc}+/gu, ' ').trim();
  return { ...readExit(end.code, lastWords(end.stderr)), ...(printed === '' ? {} : { printed }) };
}
