import { PowerTrouble } from '../../core/power/power-driver.ts';
import { readTask, taskPath, type TaskLook } from '../../core/power/redfish/read-task.ts';
import { odataPath, type ResourcePath } from '../../core/power/redfish/resources.ts';
import { isYes, type RedfishAnswer, type RedfishConnection } from './redfish-connection.ts';

/** How long a task is waited for, in milliseconds. */
export interface TaskWaits {
  readonly taskLookMs: number;
  readonly taskMs: number;
}

/** A task of a BIOS setting goes on until the machine starts anew: nobody waits for that here. */
export const TASK_WAITS: TaskWaits = { taskLookMs: 1000, taskMs: 20_000 };

const ACCEPTED = 202;
/** A monitor may be gone once its task is over (DSP0266, "Asynchronous operations"); the machine is read afterwards. */
const GONE: readonly number[] = [404, 410];

export interface TaskAsked {
  readonly connection: RedfishConnection;
  /** Of the service. */
  readonly base: string;
  /** What was asked for. */
  readonly what: string;
  readonly waits: TaskWaits;
}

/** Waits until what a 202 took is done; any other yes is done already. @throws PowerTrouble where it is not done, or not in time. */
export async function endOfTask(
  taken: RedfishAnswer,
  { connection, base, what, waits: { taskLookMs, taskMs } }: TaskAsked,
): Promise<void> {
  if (taken.status !== ACCEPTED) return;
  const path = locationPath(taken, base) ?? taskPath(taken.body);
  // It says nowhere how it goes on; the machine is read afterwards.
  if (path === undefined) return;
  let look = readTask(taken.status, taken.body);
  for (let waitedMs = 0; look.is === 'under way'; waitedMs += taskLookMs) {
    if (waitedMs >= taskMs)
      throw new PowerTrouble(
        'refused',
        `the BMC took ${what} as a task, which is ${look.state} after ${taskMs / 1000} s: what comes of it is told there`,
      );
    await connection.pause(taskLookMs);
    look = await lookAt(path, connection, what);
  }
  if (look.is === 'failed') throw new PowerTrouble('refused', `the BMC did not do ${what}: ${look.because}`);
}

async function lookAt(path: ResourcePath, connection: RedfishConnection, what: string): Promise<TaskLook> {
  const answer = await connection.ask('GET', path);
  if (GONE.includes(answer.status)) return { is: 'done' };
  if (!isYes(answer)) throw connection.troubleOf(answer, what);
  return readTask(answer.status, answer.body);
}

/** A Location is a path or a whole URL (DSP0266 §13.3.4.1); one of another host is nothing to us. */
export function locationPath(answer: RedfishAnswer, base: string): ResourcePath | undefined {
  const location = answer.header('location');
  if (location === undefined || !URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  return url.origin === new URL(base).origin ? odataPath(url.pathname) : undefined;
}
