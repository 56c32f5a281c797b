/** `tsx bench/api/api-load.ts WISH`: asks the rows of the table, each at its rate. WISH is an `ApiLoadWish` as JSON; so is the report. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { StreamDecoder } from '../../src/contract/events.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { type ApiLoadReport, type ApiLoadWish, ROW_HEADER } from './api-load-wish.ts';
import { API_ROWS, type ApiRow } from './api-rows.ts';

const wish = JSON.parse(process.argv[2] ?? '') as ApiLoadWish;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });
const answersMs: Record<string, number[]> = Object.fromEntries(API_ROWS.map(({ name }) => [name, []]));
const refused: Record<string, number> = {};
const eventsMs: number[] = [];
const TICK_MS = 2;

const countsFromMs = performance.now() + wish.uncountedSeconds * 1000;
const identity = wish.token === undefined ? {} : { authorization: `Bearer ${wish.token}` };

/** When it is due is said by the table: a server that is slow does not get fewer questions. */
async function askRow(row: ApiRow, at: number, endMs: number): Promise<void> {
  // Each row has a beat of its own: programs and pages do not ask in step.
  const startMs = performance.now() + (at * 1000) / API_ROWS.length / row.perSecond;
  const under: Promise<void>[] = [];
  for (let turn = 0; ; turn += 1) {
    const dueMs = startMs + (turn * 1000) / row.perSecond;
    if (dueMs >= endMs) break;
    while (performance.now() < dueMs) await sleep(TICK_MS);
    under.push(askOnce(row, turn, dueMs));
  }
  await Promise.all(under);
}

async function askOnce(row: ApiRow, turn: number, dueMs: number): Promise<void> {
  const body = row.body === undefined ? undefined : JSON.stringify(row.body(turn));
  const status = await new Promise<number>((resolve, reject) => {
    const asked = request(
      `${wish.origin}${API_PREFIX}${row.path(turn)}`,
      {
        agent,
        method: row.method,
        headers: {
          ...identity,
          [ROW_HEADER]: row.name,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
  if (status !== 200) refused[`${row.name} ${status}`] = (refused[`${row.name} ${status}`] ?? 0) + 1;
  else if (dueMs >= countsFromMs) answersMs[row.name]?.push(performance.now() - dueMs);
}

/** One that reads like a page does. */
async function readStream(enough: AbortSignal): Promise<void> {
  const url = `${wish.origin}${API_PREFIX}/events/stream`;
  const response = await fetch(url, { headers: identity, signal: enough });
  const decoder = new StreamDecoder();
  const letters = new TextDecoder();
  for await (const piece of response.body ?? [])
    for (const { data } of decoder.push(letters.decode(piece as Uint8Array, { stream: true }))) {
      const { at } = JSON.parse(data) as { at: string };
      if (performance.now() >= countsFromMs) eventsMs.push(Date.now() - Date.parse(at));
    }
}

const enough = new AbortController();
const streams = Array.from({ length: wish.streams }, () =>
  readStream(enough.signal).catch((error: unknown) => {
    if (!enough.signal.aborted) throw error;
  }),
);
const endMs = countsFromMs + wish.seconds * 1000;
await Promise.all(API_ROWS.map((row, at) => askRow(row, at, endMs)));
enough.abort();
await Promise.all(streams);
const eventsPerSecond = wish.streams === 0 ? 0 : eventsMs.length / wish.streams / wish.seconds;
const report: ApiLoadReport = { answersMs, eventsMs, eventsPerSecond, refused };
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
