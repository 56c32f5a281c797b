import { DISC_ENDING } from '../core/boot/offered-sources.ts';
import { contentTypeOf } from '../protocols/http/content-type.ts';
import type { Image } from '../core/images/image.ts';
import type { ImageStore } from '../core/images/image-store.ts';
import type { Listing } from '../services/images/folder-listing.ts';
import type { ProgramWatch } from '../services/boot/program-watch.ts';
import type { OpenInsideFolder } from '../services/boot/loader-service.ts';
import { type HttpAnswer, type HttpRequest, methodNotAllowed, plainText, type Sent } from './http-answer.ts';
import type { FileTimeline } from './file-timeline.ts';
import { listingPage } from './listing-page.ts';

export interface ImageDoorNeeds {
  readonly images: Pick<ImageStore, 'byName' | 'list'>;
  /** Of a folder or a disc image. */
  readonly openInsideFolder: OpenInsideFolder;
  readonly listInside: (root: string, path: string) => Promise<Listing>;
  readonly timeline: Pick<FileTimeline, 'fileSent' | 'treeFile' | 'refused'>;
  readonly programs: Pick<ProgramWatch, 'look' | 'sent' | 'asked'>;
}

/** `/images/`: the names of the images; `/images/NAME/…`: their files and folders. */
export async function answerImages(needs: ImageDoorNeeds, request: HttpRequest): Promise<HttpAnswer> {
  if (request.method === 'POST') return methodNotAllowed('GET, HEAD');
  const [, name, ...rest] = request.path.parts;
  if (name === undefined) return await listImages(needs);
  const image = (await needs.images.byName(name)) ?? (await imageOfDisc(needs, request.path, name));
  if (!image) {
    const because = `there is no image ${name}`;
    needs.timeline.refused(request.clientAddress, `/images/${name}`, because);
    return plainText(404, `Not found: ${because}`);
  }
  return await answerImage(needs, request, image, rest);
}

/** Of a disc image as a whole, which is asked for as `/images/NAME.iso`. */
export async function imageOfDisc(
  { images }: Pick<ImageDoorNeeds, 'images'>,
  { parts, isFolder }: Pick<HttpRequest['path'], 'parts' | 'isFolder'>,
  name: string,
): Promise<Image | undefined> {
  if (isFolder || parts.length !== 2 || !name.endsWith(DISC_ENDING)) return undefined;
  return await images.byName(name.slice(0, -DISC_ENDING.length));
}

async function answerImage(
  { openInsideFolder, listInside, timeline, programs }: ImageDoorNeeds,
  request: HttpRequest,
  image: Image,
  parts: readonly string[],
): Promise<HttpAnswer> {
  const path = parts.join('/');
  const { clientAddress } = request;
  const isDisc = request.path.parts[1] !== image.name;
  if ((path !== '' || isDisc) && !request.path.isFolder) {
    const opened = await openInsideFolder(image.folder, path);
    const label = isDisc ? `${image.name}${DISC_ENDING}` : `${image.name}/${path}`;
    programs.asked(clientAddress, label);
    if (opened.found) {
      const program = await programs.look(clientAddress, label, opened.source);
      const onSent = (sent: Sent): void => {
        // HEAD, 304 and 416 move nothing that anybody would want to read of.
        if (request.method === 'HEAD' || (sent.status !== 200 && sent.status !== 206)) return;
        if (program !== undefined && sent.isComplete) programs.sent(program);
        if (isBootFile(image, path) || isDisc || program !== undefined)
          timeline.fileSent(clientAddress, label, sent);
        else timeline.treeFile(clientAddress, image.name, sent);
      };
      const { source, mtimeMs } = opened;
      return { send: 'file', source, mtimeMs, contentType: contentTypeOf(label), onSent };
    }
  }
  if (isDisc) return plainText(404, `Not found: image ${image.name} is no disc image`);
  const listing = await listInside(image.folder, path);
  if (listing.found) {
    const text = listingPage(request.path.parts, listing.entries, listing.isCut);
    return { send: 'text', status: 200, text, contentType: 'text/html; charset=utf-8' };
  }
  timeline.treeFile(clientAddress, image.name, 'not found');
  return plainText(404, `Not found in image ${image.name}`);
}

/** Each of which is told of by itself. */
export function isBootFile({ kernel, initrds }: Image, path: string): boolean {
  return path === kernel || initrds.includes(path);
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
