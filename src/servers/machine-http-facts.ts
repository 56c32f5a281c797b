import { bearingOf, type InstallBearing } from '../services/install-files.ts';
import type { InstallFacts } from '../services/install-facts.ts';
import { MAX_FACTS_BYTES, parseFacts } from './facts-body.ts';
import type { FileTimeline } from './file-timeline.ts';
import { type HttpAnswer, type HttpRequest, methodNotAllowed, plainText } from './http-answer.ts';

/** The last parts of the URLs of what an installer tells of its hardware, and of the program that does it. */
export const FACTS = 'facts';
export const FACTS_SCRIPT = 'facts.sh';

export interface FactsDoorNeeds {
  readonly installFacts: Pick<InstallFacts, 'openScript' | 'take'>;
  readonly timeline: Pick<FileTimeline, 'refused'>;
}

/**
 * `/installs/TOKEN/facts.sh` and `/installs/TOKEN/facts`.
 *
 * @param nothingHere for whoever has no business here.
 */
export async function answerFacts(
  needs: FactsDoorNeeds,
  request: HttpRequest,
  {
    token,
    last,
    nothingHere,
  }: { token: string; last: typeof FACTS | typeof FACTS_SCRIPT; nothingHere: HttpAnswer },
): Promise<HttpAnswer> {
  const { clientAddress, localAddress, method } = request;
  const whose = { token, clientAddress, localAddress };
  if (last === FACTS_SCRIPT) {
    if (method === 'POST') return methodNotAllowed('GET, HEAD');
    const script = await needs.installFacts.openScript(whose);
    if (script.found) return { send: 'text', status: 200, text: script.content };
    needs.timeline.refused(clientAddress, FACTS_SCRIPT, script.because, whoseOf(script));
    return nothingHere;
  }
  if (method !== 'POST') return methodNotAllowed('POST');
  const body = await request.readBody(MAX_FACTS_BYTES);
  if (body === undefined) return plainText(413, `Facts may have ${MAX_FACTS_BYTES} bytes`);
  const said = parseFacts(body);
  if (!said.read) return plainText(400, said.because);
  const taken = await needs.installFacts.take(whose, said.facts);
  if (taken.reported) return plainText(200, 'ok');
  needs.timeline.refused(clientAddress, 'facts of its hardware', taken.because, whoseOf(taken));
  return taken.refusal === 'not now' ? plainText(409, taken.because) : nothingHere;
}

function whoseOf({ installId, machineId, mac }: InstallBearing): InstallBearing {
  return bearingOf({ installId, machineId, mac });
}
