import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ROUTES } from '../contract/routes.ts';
import type { ByteSource } from '../lib/byte-source.ts';
import type { ApiNeeds } from './api-needs.ts';
import { ApiProblem, found } from './problems.ts';
import { readAsked } from './read-request.ts';

/** Read and sent at once. */
const PIECE = 256 * 1024;

/** A file of an image, for people who look into it; machines have doors of their own. */
export async function answerImageFile(
  { images, imageContents }: Pick<ApiNeeds, 'images' | 'imageContents'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { params, query } = readAsked(ROUTES.readImageFile, request);
  const image = found(await images.byName(params.name), 'image', params.name);
  const opened = await imageContents.open(image, query.path);
  if (!opened.found) throw new ApiProblem('not-found', opened.because);
  await reply
    .header('content-type', 'application/octet-stream')
    .header('content-length', opened.source.size)
    // Looked at by the page, or kept: never shown as a page of ours.
    .header('content-disposition', 'attachment')
    .send(Readable.from(piecesOf(opened.source), { objectMode: false }));
}

async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < source.size; at += PIECE) yield await source.read(at, PIECE);
  } finally {
    await source.close();
  }
}
