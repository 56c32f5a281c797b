import { readClaims } from '../core/machines/claims-query.ts';
import { contentTypeOf } from '../protocols/http/content-type.ts';
import type { BootFiles } from '../services/boot/boot-files.ts';
import type { ProgramWatch } from '../services/boot/program-watch.ts';
import { type HttpAnswer, type HttpRequest, methodNotAllowed, plainText } from './http-answer.ts';
import type { FileTimeline } from './file-timeline.ts';

export interface BootDoorNeeds {
  readonly bootFiles: Pick<BootFiles, 'openBoot'>;
  readonly timeline: Pick<FileTimeline, 'fileSent' | 'refused'>;
  readonly programs: Pick<ProgramWatch, 'sent' | 'asked'>;
}

/** `/boot/…`: loaders, for firmware that boots over HTTP, and the script of whichever machine asks. */
export async function answerBoot(needs: BootDoorNeeds, request: HttpRequest): Promise<HttpAnswer> {
  if (request.method === 'POST') return methodNotAllowed('GET, HEAD');
  const { clientAddress, localAddress, method, query } = request;
  const name = request.path.parts.slice(1).join('/');
  const answer = await needs.bootFiles.openBoot({
    name,
    clientAddress,
    localAddress,
    says: readClaims(query),
  });
  needs.programs.asked(clientAddress, answer.found ? answer.label : name);
  if (!answer.found) {
    if (!answer.expected) needs.timeline.refused(clientAddress, `/boot/${name}`, answer.because);
    return plainText(404, `Not found: ${answer.because}`);
  }
  return {
    send: 'file',
    source: answer.source,
    // A script is made for the moment, and a loader may be another one after the next update.
    mtimeMs: 0,
    cache: 'never',
    contentType: contentTypeOf(name),
    onSent: (sent) => {
      if (method !== 'GET') return;
      needs.timeline.fileSent(clientAddress, answer.label, sent);
      const { program, label: file, mac, machineId, installId } = answer;
      if (program === undefined || !sent.isComplete) return;
      needs.programs.sent({ ...program, file, address: clientAddress, mac, machineId, installId });
    },
  };
}
