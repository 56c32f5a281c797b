import { type ErrorBody, errorBody, type MESSAGES } from './redfish-resources.ts';

export interface Told {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, where it is an error. */
  readonly error?: ErrorBody;
}

export interface EmulatedTaskOptions {
  /** That find it under way, before the one that finds it over. */
  readonly looks: number;
  /** By a task monitor in Location, by the task itself there, or by nothing but the body of the 202. */
  readonly found: 'by monitor' | 'by task' | 'in the body';
}

interface EmulatedTask {
  readonly work: () => Told;
  left: number;
  ended?: Told;
}

const TASKS = '/redfish/v1/TaskService/Tasks/';
const MONITORS = '/redfish/v1/TaskService/TaskMonitors/';

/** Operations that are taken now and done later (DSP0266, "Asynchronous operations"). */
export class EmulatedTasks {
  readonly #options: EmulatedTaskOptions;
  readonly #tasks = new Map<string, EmulatedTask>();

  constructor(options: EmulatedTaskOptions) {
    this.#options = options;
  }

  /** Nothing of the work is done before somebody found it over. */
  take(work: () => Told): Told {
    const { found, looks } = this.#options;
    const id = String(this.#tasks.size + 1);
    this.#tasks.set(id, { work, left: looks });
    const place = { 'by monitor': MONITORS, 'by task': TASKS, 'in the body': undefined }[found];
    return {
      status: 202,
      body: taskOf(id, 'New'),
      ...(place === undefined ? {} : { headers: { location: `${place}${id}` } }),
    };
  }

  /** Undefined where there is no task at this path. */
  look(path: string): Told | undefined {
    const place = [MONITORS, TASKS].find((one) => path.startsWith(one));
    const id = path.slice(place?.length ?? 0);
    const task = place === undefined ? undefined : this.#tasks.get(id);
    if (task === undefined) return undefined;
    task.left -= 1;
    if (task.left >= 0) return { status: place === MONITORS ? 202 : 200, body: taskOf(id, 'Running') };
    task.ended ??= task.work();
    if (place === MONITORS) {
      this.#tasks.delete(id);
      return task.ended;
    }
    const { status, error } = task.ended;
    return { status: 200, body: taskOf(id, status < 300 ? 'Completed' : 'Exception', error) };
  }
}

function taskOf(id: string, state: string, error?: ErrorBody): object {
  return {
    '@odata.type': '#Task.v1_7_4.Task',
    '@odata.id': `${TASKS}${id}`,
    Id: id,
    Name: `Task ${id}`,
    TaskMonitor: `${MONITORS}${id}`,
    TaskState: state,
    TaskStatus: state === 'Exception' ? 'Critical' : 'OK',
    // The same objects stand in errors and in tasks (DSP8010 Message).
    Messages: error?.error['@Message.ExtendedInfo'] ?? [],
  };
}

export function yes(body: object): Told {
  return { status: 200, body };
}

export function no(status: number, message: keyof typeof MESSAGES): Told {
  const error = errorBody(message);
  return { status, body: error, error };
}
