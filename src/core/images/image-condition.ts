import type { Image } from './image.ts';

/** How the files of an image are, as they were last looked at. It is kept with the image. */
export interface ImageCondition {
  /** Of the disc image, or of the files of a folder that a boot fetches; another one when they were written to. */
  readonly identity: string;
  /** What a disc image says of itself. */
  readonly disc?: DiscFacts;
  /** Absent while its files are there and are those that were looked into. */
  readonly trouble?: { readonly kind: 'missing' | 'changed'; readonly because: string };
  readonly checksum: Checksum;
  /** What its maker, or its user, says of the whole file. */
  readonly expected?: ExpectedSum;
  /** It is booted although it is damaged, since its user said so. */
  readonly force?: true;
}

export interface DiscFacts {
  /** How its tree is read: `ISO 9660 with Rock Ridge`. */
  readonly form: string;
  readonly label: string;
  readonly bytes: number;
  /** Bytes that it should have and has not. */
  readonly missingBytes: number;
}

/** In hexadecimal digits, and where they stand: `SHA256SUMS`. */
export interface ExpectedSum {
  readonly sha256: string;
  readonly from: string;
}

export type Checksum =
  | { readonly state: 'waiting' }
  | { readonly state: 'matches'; readonly sha256?: string; readonly from: string }
  | {
      readonly state: 'differs';
      readonly sha256?: string;
      readonly from: string;
      /** What differs: `its sha256 is …, and SHA256SUMS says …`. */
      readonly because: string;
    }
  /** There is nothing to compare with. */
  | { readonly state: 'alone'; readonly sha256?: string }
  | { readonly state: 'unreadable'; readonly because: string };

/** Why no machine is told to boot this image now, or undefined. */
export function objectionToImage({ name, condition }: Pick<Image, 'name' | 'condition'>): string | undefined {
  if (condition === undefined) return undefined;
  const { trouble, checksum, disc, force } = condition;
  if (trouble !== undefined) return `image ${name} is ${trouble.kind}: ${trouble.because}`;
  if (force === true) return undefined;
  const allTheSame = `put a whole one in its place, or boot it all the same: muster image check ${name} --force`;
  if (checksum.state === 'differs') return `image ${name} is damaged: ${checksum.because}; ${allTheSame}`;
  if (disc !== undefined && disc.missingBytes > 0)
    return `image ${name} is cut off: ${disc.missingBytes} bytes at its end are missing; ${allTheSame}`;
  return undefined;
}

/** One of few words, for lists and metrics. */
export type ImageState = 'good' | 'checking' | 'missing' | 'changed' | 'damaged' | 'forced';

export const IMAGE_STATES: readonly ImageState[] = [
  'good',
  'checking',
  'missing',
  'changed',
  'damaged',
  'forced',
];

export function stateOfImage({ condition }: Pick<Image, 'condition'>): ImageState {
  if (condition === undefined) return 'good';
  const { trouble, checksum, disc, force } = condition;
  if (trouble !== undefined) return trouble.kind;
  const isDamaged = checksum.state === 'differs' || (disc?.missingBytes ?? 0) > 0;
  if (isDamaged) return force === true ? 'forced' : 'damaged';
  return checksum.state === 'waiting' ? 'checking' : 'good';
}

/** For people: `sha256 … matches SHA256SUMS`. @param percent how far it is, where it is being computed. */
export function checksumText(checksum: Checksum, percent: number | undefined): string {
  if (percent !== undefined) return `checking ${percent} %`;
  switch (checksum.state) {
    case 'waiting':
      return 'waits to be checked';
    case 'matches':
      return `${sumText(checksum.sha256)}matches ${checksum.from}`;
    case 'differs':
      return `does not match ${checksum.from}: ${checksum.because}`;
    case 'alone':
      return `${sumText(checksum.sha256)}nothing to compare with`;
    case 'unreadable':
      return `could not be checked: ${checksum.because}`;
    default:
      return checksum satisfies never;
  }
}

function sumText(sha256: string | undefined): string {
  return sha256 === undefined ? '' : `sha256 ${sha256} `;
}
