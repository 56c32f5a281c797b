import { contentTypeOf } from '../protocols/http/content-type.ts';
import type { Image } from '../core/images/image.ts';
import type { ImageStore } from '../core/images/image-store.ts';
import { listInsideFolder } from '../services/folder-listing.ts';
import type { ProgramWatch } from '../services/program-watch.ts';
import type { OpenInsideFolder } from '../services/loader-service.ts';
import { type HttpAnswer, type HttpRequest, methodNotAllowed, plainText, type Sent } from './http-answer.ts';
import type { HttpTimeline } from './http-timeline.ts';
import { listingPage } from './listing-page.ts';

export interface ImageDoorNeeds {
  readonly images: Pick<ImageStore, 'byName' | 'list'>;
  readonly openInsideFolder: OpenInsideFolder;
  readonly timeline: Pick<HttpTimeline, 'fileSent' | 'treeFile' | 'refused'>;
  readonly programs: Pick<ProgramWatch, 'look' | 'sent' | 'asked'>;
}

/** `/images/`: the names of the images; `/images/NAME/…`: their files and folders. */
export async function answerImages(needs: ImageDoorNeeds, request: HttpRequest): Promise<HttpAnswer> {
  if (request.method === 'POST') return methodNotAllowed('GET, HEAD');
  const [, name, ...rest] = request.path.parts;
  if (name === undefined) return await listImages(needs);
  const image = await needs.images.byName(name);
  if (!image) {
    const because = `there is no image ${name}`;
    needs.timeline.refused(request.clientAddress, `/images/${name}`, because);
    return plainText(404, `Not found: ${because}`);
  }
  return await answerImage(needs, request, image, rest);
}

async function answerImage(
  { openInsideFolder, timeline, programs }: ImageDoorNeeds,
  request: HttpRequest,
  image: Image,
  parts: readonly string[],
): Promise<HttpAnswer> {
  const path = parts.join('/');
  const { clientAddress } = request;
  if (path !== '' && !request.path.isFolder) {
    const opened = await openInsideFolder(image.folder, path);
    const label = `${image.name}/${path}`;
    programs.asked(clientAddress, label);
    if (opened.found) {
      const program = await programs.look(clientAddress, label, opened.source);
      const onSent = (sent: Sent): void => {
        // HEAD, 304 and 416 move nothing that anybody would want to read of.
        if (request.method === 'HEAD' || (sent.status !== 200 && sent.status !== 206)) return;
        const isBootFile = path === image.kernel || image.initrds.includes(path);
        if (program !== undefined && sent.isComplete) programs.sent(program);
        if (isBootFile || program !== undefined) timeline.fileSent(clientAddress, label, sent);
        else timeline.treeFile(clientAddress, image.name, sent);
      };
      const { source, mtimeMs } = opened;
      return { send: 'file', source, mtimeMs, contentType: contentTypeOf(path), onSent };
    }
  }
  const listing = await listInsideFolder(image.folder, path);
  if (listing.found) {
    const text = listingPage(request.path.parts, listing.entries, listing.isCut);
    return { send: 'text', status: 200, text, contentType: 'text/html; charset=utf-8' };
  }
  timeline.treeFile(clientAddress, image.name, 'not found');
  return plainText(404, `Not found in image ${image.name}`);
}

async function listImages({ images }: ImageDoorNeeds): Promise<HttpAnswer> {
  const entries = (await images.list()).map(({ name }) => ({ name, kind: 'folder' as const }));
  return {
    send: 'text',
    status: 200,
    text: listingPage(['images'], entries, false),
    contentType: 'text/html; charset=utf-8',
  };
}
