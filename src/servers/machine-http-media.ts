import { contentTypeOf } from '../protocols/http/content-type.ts';
import type { BootMedia } from '../services/boot/boot-media.ts';
import type { FileTimeline } from './file-timeline.ts';
import { type HttpAnswer, type HttpRequest, methodNotAllowed, plainText } from './http-answer.ts';

export interface MediaDoorNeeds {
  /** Left out: there are none. */
  readonly bootMedia?: Pick<BootMedia, 'open'> | undefined;
  readonly timeline: Pick<FileTimeline, 'treeFile' | 'refused'>;
}

/** The same words whether there is such a machine or not, so that nobody can find out. */
const NOTHING_HERE = plainText(
  404,
  'Nothing here: a disc is only there while an install of its machine is armed',
);

/** `/media/KEY/MACHINE.iso`, read by BMCs in many small ranges. */
export async function answerMedia(
  { bootMedia, timeline }: MediaDoorNeeds,
  request: HttpRequest,
): Promise<HttpAnswer> {
  if (request.method === 'POST') return methodNotAllowed('GET, HEAD');
  const [, key = '', file = '', ...more] = request.path.parts;
  if (!bootMedia || file === '' || more.length > 0 || request.path.isFolder) return NOTHING_HERE;
  const media = await bootMedia.open(key, file, request.method === 'GET' ? 'fetch' : 'look');
  const { clientAddress } = request;
  if (!media.found) {
    timeline.refused(clientAddress, `the disc ${file}`, media.because, media.bearing);
    return NOTHING_HERE;
  }
  const { source, mtimeMs, image } = media;
  return {
    send: 'file',
    source,
    mtimeMs,
    contentType: contentTypeOf(file),
    onSent: (sent) => {
      if (request.method === 'GET' && (sent.status === 200 || sent.status === 206))
        timeline.treeFile(clientAddress, image.name, sent);
    },
  };
}
