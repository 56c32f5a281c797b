import { bearingOf, type InstallBearing } from '../services/installs/install-files.ts';
import type { InstallFacts } from '../services/installs/install-facts.ts';
import { MAX_FACTS_BYTES, parseFacts } from './facts-body.ts';
import type { FileTimeline } from './file-timeline.ts';
import { type HttpAnswer, type HttpRequest, methodNotAllowed, plainText } from './http-answer.ts';

/** The last parts of the URLs of what an installer tells of its hardware, and of the program that does it. */
const FACTS = 'facts';
/** The programs: of the one the facts are told by, and of a tool. */
const FACTS_SCRIPT = 'facts.sh';
const TOOL_SCRIPT = 'tool.sh';

type FactsPart = typeof FACTS | typeof FACTS_SCRIPT | typeof TOOL_SCRIPT;

export function isFactsPart(name: string): name is FactsPart {
  return name === FACTS || name === FACTS_SCRIPT || name === TOOL_SCRIPT;
}

export interface FactsDoorNeeds {
  readonly installFacts: Pick<InstallFacts, 'openScript' | 'openTool' | 'take'>;
  readonly timeline: Pick<FileTimeline, 'refused'>;
}

/**
 * `/installs/TOKEN/facts.sh`, `/installs/TOKEN/tool.sh` and `/installs/TOKEN/facts`.
 *
 * @param nothingHere for whoever has no business here.
 */
export async function answerFacts(
  needs: FactsDoorNeeds,
  request: HttpRequest,
  { token, last, nothingHere }: { token: string; last: FactsPart; nothingHere: HttpAnswer },
): Promise<HttpAnswer> {
  const { clientAddress, localAddress, method } = request;
  const whose = { token, clientAddress, localAddress };
  if (last !== FACTS) {
    if (method === 'POST') return methodNotAllowed('GET, HEAD');
    const { installFacts } = needs;
    const script = await (last === TOOL_SCRIPT
      ? installFacts.openTool(whose)
      : installFacts.openScript(whose));
    if (script.found) return { send: 'text', status: 200, text: script.content };
    needs.timeline.refused(clientAddress, last, script.because, whoseOf(script));
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
