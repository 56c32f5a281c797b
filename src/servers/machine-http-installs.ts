import {
  ANSWER_FILES,
  INSTALL_LOG,
  INSTALL_REPORTING,
  type ReportName,
  REPORTS,
} from '../core/boot/machine-urls.ts';
import { bearingOf, type InstallFiles } from '../services/installs/install-files.ts';
import { type HttpAnswer, type HttpRequest, methodNotAllowed, plainText } from './http-answer.ts';
import type { FileTimeline } from './file-timeline.ts';
import { answerFacts, type FactsDoorNeeds, isFactsPart } from './machine-http-facts.ts';
import { type SayingDoorNeeds, takeLog, takeReporting } from './machine-http-sayings.ts';
import { MAX_BODY_BYTES, parseReport } from './report-body.ts';

export interface InstallDoorNeeds extends Pick<FactsDoorNeeds, 'installFacts'>, SayingDoorNeeds {
  readonly installFiles: Pick<InstallFiles, 'openAnswer' | 'report'>;
  readonly timeline: Pick<FileTimeline, 'answerSent' | 'refused'>;
}

/** The same words whether there is such an install or not, so that nobody can find out. */
const NOTHING_HERE = plainText(
  404,
  'Nothing here for this machine: an install is only for the machine it was armed for, while it is under way',
);

/** `/installs/TOKEN/FILE` and the reports, which are posted to `/installs/TOKEN/EVENT`. */
export async function answerInstalls(needs: InstallDoorNeeds, request: HttpRequest): Promise<HttpAnswer> {
  const [, token = '', last = '', ...more] = request.path.parts;
  if (last === '' || more.length > 0) return NOTHING_HERE;
  if (isFactsPart(last)) return await answerFacts(needs, request, { token, last, nothingHere: NOTHING_HERE });
  if (isReport(last)) {
    return request.method === 'POST'
      ? await takeReport(needs, request, token, last)
      : methodNotAllowed('POST');
  }
  if (last === INSTALL_LOG || last === INSTALL_REPORTING) {
    if (request.method !== 'POST') return methodNotAllowed('POST');
    const said = await (last === INSTALL_LOG ? takeLog : takeReporting)(needs, request, token);
    return said === 'nothing here' ? NOTHING_HERE : said;
  }
  if (request.method === 'POST') {
    // Proxmox's installer posts what it found of the machine, and takes its answers for the reply.
    if (last !== ANSWER_FILES.proxmox) return methodNotAllowed('GET, HEAD');
    await request.readBody();
  }
  const { clientAddress, localAddress } = request;
  const purpose = request.method === 'HEAD' ? 'look' : 'fetch';
  const answer = await needs.installFiles.openAnswer({
    token,
    file: last,
    clientAddress,
    localAddress,
    purpose,
  });
  if (!answer.found) {
    const { because, installId, machineId, mac } = answer;
    needs.timeline.refused(
      clientAddress,
      'an answer file',
      because,
      bearingOf({ installId, machineId, mac }),
    );
    return NOTHING_HERE;
  }
  const { content, label, installId, machineId, mac } = answer;
  return {
    send: 'text',
    status: 200,
    text: content,
    ...(typeof content === 'string' ? {} : { contentType: 'application/octet-stream' }),
    ...(purpose === 'look'
      ? {}
      : {
          onSent: (sent) => needs.timeline.answerSent(label, sent, bearingOf({ installId, machineId, mac })),
        }),
  };
}

async function takeReport(
  needs: InstallDoorNeeds,
  request: HttpRequest,
  token: string,
  name: ReportName,
): Promise<HttpAnswer> {
  const body = await request.readBody();
  if (body === undefined) return plainText(413, `A report may have ${MAX_BODY_BYTES} bytes`);
  const details = parseReport(request.contentType, body);
  const reported = await needs.installFiles.report(token, name, details, request.clientAddress);
  if (reported.reported) return plainText(200, 'ok');
  const { because, refusal, installId, machineId, mac } = reported;
  needs.timeline.refused(
    request.clientAddress,
    `the report "${name}"`,
    because,
    bearingOf({ installId, machineId, mac }),
  );
  return refusal === 'not now' ? plainText(409, because) : NOTHING_HERE;
}

function isReport(name: string): name is ReportName {
  return Object.hasOwn(REPORTS, name);
}
