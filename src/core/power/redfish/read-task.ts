import { at, odataPath, readMessages, type ResourcePath, textOf } from './resources.ts';

/** What one look at a task says (DSP0266, "Asynchronous operations"; DSP8010 Task). */
export type TaskLook =
  | { readonly is: 'under way'; readonly state: string }
  | { readonly is: 'done' }
  | { readonly is: 'failed'; readonly because: string };

/** `TaskState`, where it is over. */
const ENDS: Readonly<Record<string, 'done' | 'failed'>> = {
  Completed: 'done',
  Exception: 'failed',
  Killed: 'failed',
  Cancelled: 'failed',
};

/**
 * A task monitor answers 202 until it is over and then what the operation answers, which has no `TaskState`; others
 * show the task itself, with 200 also while it goes on (iDRAC, OpenBMC).
 *
 * @param status of an answer that is a yes.
 */
export function readTask(status: number, body: unknown): TaskLook {
  const state = textOf(at(body, 'TaskState'));
  const end = ENDS[state];
  if (end === 'done') return { is: 'done' };
  if (end === undefined)
    return status === 202 || state !== '' ? { is: 'under way', state: state || 'Running' } : { is: 'done' };
  const { text } = readMessages(at(body, 'Messages'));
  return { is: 'failed', because: `its task ended as ${state}${text === '' ? '' : `: ${text}`}` };
}

/** Of a task that came as the body of a 202. */
export function taskPath(body: unknown): ResourcePath | undefined {
  return textOf(at(body, 'TaskState')) === '' ? undefined : odataPath(at(body, '@odata.id'));
}
