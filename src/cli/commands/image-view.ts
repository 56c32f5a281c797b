import type { z } from 'zod';
import type { Image } from '../../contract/image-schemas.ts';
import type { View } from '../output.ts';
import { bytesForm, timeForm } from '../text-forms.ts';

export type WireImage = z.output<typeof Image>;

/** In a few words, for the sentence that it was added. */
export function describeImage({ title, architecture, kernel, answerKind }: WireImage): string {
  if (kernel === undefined) return 'files to serve, none of which boots';
  const reads = answerKind === 'none' ? 'it reads no answer file' : `its installer reads ${answerKind}`;
  return `${title} ${architecture}`.trim() + `, ${reads}`;
}

export const IMAGES: View<WireImage> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'TITLE', cell: ({ title }) => title, gives: 'cut' },
    { head: 'ARCH', cell: ({ architecture }) => architecture },
    { head: 'ANSWERS', cell: ({ answerKind }) => answerKind },
    { head: 'STATE', cell: stateCell },
    { head: 'FOLDER', cell: ({ folder }) => folder, gives: 'cut' },
  ],
  details: (image) => [
    ['name', image.name],
    ['title', image.title],
    ['state', image.because === undefined ? image.state : `${image.state}: ${image.because}`],
    ['family', image.family],
    ['release', image.release],
    ['architecture', image.architecture],
    ['folder', image.folder],
    ...discDetails(image),
    ['checksum', image.checksum.text],
    ['kernel', image.kernel ?? 'none'],
    ['initrds', image.initrds.join('\n')],
    ...(image.needs === undefined ? [] : ([['needs', image.needs]] as const)),
    ['answer file', image.answerKind],
    ['files over', image.sources.join(', ') || 'nothing'],
    ['memory', memoryForm(image)],
    ['loaders', (image.loaders ?? []).map(({ cpu, first, next }) => `${cpu}: ${first}, ${next}`).join('\n')],
    ...Object.entries(image.facts ?? {}),
    ['added', timeForm(image.addedAt)],
  ],
};

/** `checking 34 %`, or a word. */
function stateCell({ state, checksum }: WireImage): string {
  return state === 'checking' && checksum.percent !== undefined ? `checking ${checksum.percent} %` : state;
}

function discDetails({ disc }: WireImage): readonly (readonly [string, string])[] {
  if (disc === undefined) return [];
  const missing = disc.missingBytes > 0 ? `, ${bytesForm(disc.missingBytes)} missing at its end` : '';
  return [
    ['disc', `${disc.form}, ${bytesForm(disc.bytes)}${missing}`],
    ['label', disc.label],
  ];
}

/** `1024 MiB`, or by protocol where that differs. */
function memoryForm({ memoryMegabytes = {} }: WireImage): string {
  const needs = Object.entries(memoryMegabytes);
  const amounts = new Set(needs.map(([, megabytes]) => megabytes));
  if (amounts.size === 0) return 'not known';
  if (amounts.size === 1) return `${[...amounts].join('')} MiB`;
  return needs.map(([protocol, megabytes]) => `${megabytes} MiB over ${protocol}`).join(', ');
}
