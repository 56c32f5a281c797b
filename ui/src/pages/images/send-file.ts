import { type Answer, ask, AskProblem, urlOf } from '../../data/client.ts';

type Arrival = Answer<'getArrival'>;

/** As many bytes as the API takes at once. */
export const PIECE_BYTES = 8 * 1024 * 1024;
/** Between two looks whether a server that went away is there again, or whether an image is recognised. */
const LOOK_AGAIN_MS = 1_500;

interface Wanted {
  readonly file: File;
  readonly tell: (arrival: Arrival, isBroken: boolean) => void;
  readonly signal: AbortSignal;
}

/** Sends a file in pieces until it is an image or cannot be one; goes on by itself where the connection broke. @throws AskProblem */
export async function sendFile({ file, tell, signal }: Wanted): Promise<Arrival> {
  let arrival = await ask('addArrival', { input: { fileName: file.name, bytes: file.size } }, signal);
  tell(arrival, false);
  while (arrival.state === 'under way') {
    try {
      arrival = await nextStep(arrival, file, signal);
      tell(arrival, false);
    } catch (error) {
      if (!(error instanceof AskProblem && error.type === 'unreachable')) throw error;
      tell(arrival, true);
      arrival = await whereItIs(arrival, signal);
    }
  }
  return arrival;
}

async function nextStep(arrival: Arrival, file: File, signal: AbortSignal): Promise<Arrival> {
  const { name, here } = arrival;
  if (here < file.size) return await sendPiece(name, here, file.slice(here, here + PIECE_BYTES), signal);
  await pause(signal);
  return await ask('getArrival', { params: { name } }, signal);
}

async function sendPiece(name: string, offset: number, piece: Blob, signal: AbortSignal): Promise<Arrival> {
  let response: Response;
  try {
    response = await fetch(urlOf('putArrivalBytes', { name }, { offset }), {
      method: 'PUT',
      body: piece,
      headers: { 'content-type': 'application/octet-stream' },
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new AskProblem({ type: 'unreachable', title: '', status: 0, detail: String(error) });
  }
  if (!response.ok)
    throw new AskProblem((await response.json()) as ConstructorParameters<typeof AskProblem>[0]);
  return (await response.json()) as Arrival;
}

/** The server alone knows how much of a piece that broke has come. */
async function whereItIs(arrival: Arrival, signal: AbortSignal): Promise<Arrival> {
  await pause(signal);
  try {
    return await ask('getArrival', { params: { name: arrival.name } }, signal);
  } catch (error) {
    if (error instanceof AskProblem && error.type === 'unreachable') return arrival;
    throw error;
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => {
    window.setTimeout(resolve, LOOK_AGAIN_MS);
  });
  signal.throwIfAborted();
}
