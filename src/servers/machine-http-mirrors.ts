import { contentTypeOf } from '../protocols/http/content-type.ts';
import type { MirrorAnswer } from '../services/mirrors/mirror-answer.ts';
import type { MirrorService } from '../services/mirrors/mirror-service.ts';
import { type HttpAnswer, type HttpRequest, methodNotAllowed, plainText, type Sent } from './http-answer.ts';
import type { FileTimeline } from './file-timeline.ts';

export interface MirrorDoorNeeds {
  readonly mirrors: Pick<MirrorService, 'open' | 'sent'>;
  readonly timeline: Pick<FileTimeline, 'mirrorFile' | 'refused'>;
}

/** The first part of the path of package mirrors. */
export const MIRROR_DOOR = 'mirrors';

const STATUS_OF: Readonly<Record<(MirrorAnswer & { readonly found: false })['no'], number>> = {
  missing: 404,
  unreachable: 504,
  wrong: 502,
  busy: 503,
};

/** `/mirrors/NAME/…`: files of a repository elsewhere. */
export async function answerMirrors(needs: MirrorDoorNeeds, request: HttpRequest): Promise<HttpAnswer> {
  if (request.method === 'POST') return methodNotAllowed('GET, HEAD');
  const [, name, ...rest] = request.path.parts;
  const { clientAddress } = request;
  if (name === undefined || rest.length === 0 || request.path.isFolder)
    return plainText(404, 'Not found: the folders of a mirror are not listed, ask for a file');
  const path = rest.join('/');
  const opened = await needs.mirrors.open(name, path);
  if (opened === undefined) {
    const because = `there is no mirror ${name}`;
    needs.timeline.refused(clientAddress, `/${MIRROR_DOOR}/${name}`, because);
    return plainText(404, `Not found: ${because}`);
  }
  if (!opened.found) {
    if (opened.no === 'missing') needs.timeline.mirrorFile(clientAddress, name, 'not found');
    else needs.timeline.refused(clientAddress, `/${MIRROR_DOOR}/${name}/${path}`, opened.because);
    return plainText(STATUS_OF[opened.no], `Mirror ${name} has no ${path}: ${opened.because}`);
  }
  const { source, modifiedMs, etag, ageSeconds, stale } = opened;
  return {
    send: 'file',
    source,
    mtimeMs: modifiedMs,
    contentType: contentTypeOf(path),
    etag: etag ?? 'none',
    headers: {
      Age: String(ageSeconds),
      // RFC 7234 §5.5.1; RFC 9111 has it no more, and people who look for the reason still find it.
      ...(stale === undefined ? {} : { Warning: `111 - "${stale.replaceAll(/[^ -~]|["\\]/g, ' ')}"` }),
    },
    onSent: (sent: Sent) => {
      needs.mirrors.sent(name, sent.bytes);
      if (request.method === 'HEAD' || (sent.status !== 200 && sent.status !== 206)) return;
      needs.timeline.mirrorFile(clientAddress, name, sent);
    },
  };
}
