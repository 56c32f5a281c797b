import type { MacAddress } from '../lib/addresses.ts';
import { REPORTS } from '../core/boot/machine-urls.ts';
import type { DiscoveryService } from '../services/machines/discovery-service.ts';
import { MAX_FACTS_BYTES, parseFacts } from './facts-body.ts';
import type { FileTimeline } from './file-timeline.ts';
import { type HttpAnswer, type HttpRequest, methodNotAllowed, plainText } from './http-answer.ts';

export interface DiscoveryDoorNeeds {
  readonly discovery?: Pick<DiscoveryService, 'open' | 'take' | 'hears'> | undefined;
  readonly timeline: Pick<FileTimeline, 'refused'>;
}

/** The same words whatever the reason, so that nobody can find out which tokens there are. */
const NOTHING_HERE = plainText(
  404,
  'Nothing here for this machine: it is only for one that is told to tell its hardware',
);

/** `/discoveries/TOKEN/…`: what an unknown machine reads, and what it tells. */
export async function answerDiscoveries(
  { discovery, timeline }: DiscoveryDoorNeeds,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const [, token = '', last = '', ...more] = request.path.parts;
  if (discovery === undefined || last === '' || more.length > 0) return NOTHING_HERE;
  const { clientAddress, localAddress, method } = request;
  const whose = { token, clientAddress, localAddress };
  const refused = (because: string, mac: MacAddress | undefined): HttpAnswer => {
    timeline.refused(clientAddress, `/discoveries/…/${last}`, because, mac === undefined ? {} : { mac });
    return NOTHING_HERE;
  };
  if (last === 'facts') {
    if (method !== 'POST') return methodNotAllowed('POST');
    const body = await request.readBody(MAX_FACTS_BYTES);
    if (body === undefined) return plainText(413, `Facts may have ${MAX_FACTS_BYTES} bytes`);
    const said = parseFacts(body);
    if (!said.read) return plainText(400, said.because);
    const taken = await discovery.take(whose, said.facts);
    return taken.taken ? plainText(200, 'ok') : refused(taken.because, taken.mac);
  }
  if (Object.hasOwn(REPORTS, last)) {
    if (method !== 'POST') return methodNotAllowed('POST');
    // Its program reports as in an install; what counts are the facts.
    return (await discovery.hears(whose)) ? plainText(200, 'ok') : NOTHING_HERE;
  }
  if (method === 'POST') return methodNotAllowed('GET, HEAD');
  const answer = await discovery.open(whose, last);
  return answer.found
    ? { send: 'text', status: 200, text: answer.text }
    : refused(answer.because, answer.mac);
}
