import { readdirSync, readFileSync } from 'node:fs';

export interface ThreadSeen {
  readonly id: number;
  /** As setpriority(2) counts. */
  readonly niceness: number;
  /** Processor time that it took so far. */
  readonly ranMs: number;
}

/** The threads of a process now, its main one first (proc(5)). */
export function threadsOf(pid: number): readonly [ThreadSeen, ...ThreadSeen[]] {
  const others = readdirSync(`/proc/${pid}/task`).filter((thread) => thread !== String(pid));
  return [threadSeen(pid, String(pid)), ...others.map((thread) => threadSeen(pid, thread))];
}

function threadSeen(pid: number, thread: string): ThreadSeen {
  const read = (name: string): string => readFileSync(`/proc/${pid}/task/${thread}/${name}`, 'utf8');
  // The name of the program, in brackets, is the second field of `stat`, and may have spaces; the niceness is the 19th.
  const [, afterName = ''] = read('stat').split(/\) (?=[A-Z] )/);
  const [nanoseconds] = read('schedstat').split(' ');
  return { id: Number(thread), niceness: Number(afterName.split(' ')[16]), ranMs: Number(nanoseconds) / 1e6 };
}
