import { z } from 'zod';
import { absolutePath, line, MAX_PATH_LENGTH, MAX_TEXT_LENGTH, name, relativePath, time } from './fields.ts';

/** What the API says of images besides their records: on their way, what is in them, how they are. */

/** Initrds of one image. */
const MAX_INITRDS = 16;
/** Characters of a URL. */
const MAX_URL_LENGTH = 2048;
/** Bytes of one piece of an upload. */
export const MAX_PIECE_BYTES = 8 * 1024 * 1024;

const sha256 = z.string().regex(/^[\da-fA-F]{64}$/, 'the 64 hexadecimal digits of a sha256 are wanted');

/** What a user says of an image instead of what is found. */
export const chosenFields = {
  name: name.exactOptional().describe('Its name; left out: made from what it is'),
  as: line(32)
    .exactOptional()
    .describe('The family whose words it boots with, or files; left out: it must be recognised'),
  kernel: relativePath.exactOptional().describe('The kernel, relative to the folder, in place of looking'),
  initrds: z
    .array(relativePath)
    .max(MAX_INITRDS)
    .exactOptional()
    .describe('The initial RAM disks, relative to the folder'),
  title: line(MAX_TEXT_LENGTH).min(1).exactOptional().describe('What people call it'),
  release: line(32).min(1).exactOptional().describe('Its release: 6.3'),
  architecture: line(32).min(1).exactOptional().describe('As the kernel says it: x86_64'),
  sha256: sha256.exactOptional().describe('What the sha256 of the disc image must be'),
  force: z.boolean().exactOptional().describe('Take it, and boot it, although it is damaged'),
};

export const ImageInput = z
  .strictObject({
    folder: absolutePath.describe('The folder or disc image on the server, as an absolute path'),
    ...chosenFields,
  })
  .describe('An image to add');

export const ImageCheckInput = z
  .strictObject({ sha256: chosenFields.sha256, force: chosenFields.force })
  .describe('What is known of it, and whether it is booted whatever comes of the check');

/** How it is, beside its record. */
export const conditionFields = {
  state: z
    .enum(['good', 'checking', 'missing', 'changed', 'damaged', 'forced'])
    .describe('Whether machines boot it: missing, changed and damaged do not'),
  because: z.string().exactOptional().describe('Why no machine boots it'),
  checksum: z
    .object({
      state: z
        .enum(['waiting', 'matches', 'differs', 'alone', 'unreadable', 'unknown'])
        .describe('alone: there is nothing to compare with'),
      text: z.string().describe('The same in words'),
      sha256: z.string().exactOptional().describe('Of the disc image'),
      percent: z.int().exactOptional().describe('How far it is'),
    })
    .describe('What came of comparing its files with their checksums'),
  disc: z
    .object({
      form: z.string().describe('How its tree is read: ISO 9660 with Rock Ridge'),
      label: z.string().describe('As its maker named it'),
      bytes: z.int().describe('Its size'),
      missingBytes: z.int().describe('Bytes at its end that are not there'),
    })
    .exactOptional()
    .describe('The disc image, where it is one'),
  memoryMegabytes: z
    .object({
      http: z.int().exactOptional().describe('Over HTTP'),
      ftp: z.int().exactOptional().describe('Over FTP'),
      nfs: z.int().exactOptional().describe('Over NFS'),
    })
    .exactOptional()
    .describe('The least memory of a machine that boots it, by how it gets its files, in MiB'),
  needs: z.string().exactOptional().describe('What is missing before it boots'),
  facts: z.record(z.string(), z.string()).exactOptional().describe('What its family found in it'),
  sources: z.array(z.string()).describe('Over what its installer takes its files, the best way first'),
};

export const ArrivalInput = z
  .strictObject({
    url: z.string().max(MAX_URL_LENGTH).exactOptional().describe('Where it is loaded from; http or https'),
    fileName: line(MAX_TEXT_LENGTH).exactOptional().describe('What an upload is called: x.iso'),
    bytes: z.int().min(1).exactOptional().describe('The size of an upload'),
    ...chosenFields,
  })
  .describe('A disc image to load (url), or to take (fileName and bytes)');

export const Arrival = z
  .object({
    name: z.string().describe('Its name'),
    way: z.enum(['download', 'upload']).describe('Loaded from elsewhere, or sent here'),
    state: z.enum(['under way', 'failed', 'arrived']).describe('arrived: it is an image now'),
    because: z.string().exactOptional().describe('Why it does not go on'),
    url: z.string().exactOptional().describe('Where it is loaded from'),
    fileName: z.string().describe('Its file in the folder of images'),
    here: z.int().describe('Bytes that are here'),
    bytes: z.int().exactOptional().describe('Bytes in all, where that is known'),
    bytesPerSecond: z.int().exactOptional().describe('How fast it comes'),
    image: z.string().exactOptional().describe('The image that it became'),
    note: z.string().exactOptional().describe('What to know before using it'),
    startedAt: time.describe('When it began'),
  })
  .describe('A disc image on its way to the server');

/** Bytes as they are. */
export const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes are wanted');

export const pathQuery = z.string().max(MAX_PATH_LENGTH).describe('A path in the image; left out: its root');

export const ImageTree = z
  .object({
    entries: z
      .array(
        z.object({
          name: z.string().describe('Its name'),
          kind: z.enum(['file', 'folder', 'link']).describe('What it is'),
          bytes: z.int().exactOptional().describe('Size of a file'),
          target: z.string().exactOptional().describe('Where a symbolic link leads'),
        }),
      )
      .describe('What is there'),
    next: z.int().exactOptional().describe('Where the next page begins'),
  })
  .describe('A page of a folder of an image');

export const ANSWER_KINDS = [
  'kickstart',
  'preseed',
  'autoinstall',
  'autoyast',
  'agama',
  'ignition',
  'alpine',
  'proxmox',
  'esxi',
  'unattend',
  'script',
] as const;

export const Image = z
  .object({
    name: z.string().describe('Its name'),
    folder: z.string().describe('Its folder or disc image on the server'),
    family: z.string().describe('The distribution it was recognised as; files when nothing in it boots'),
    title: z.string().describe('As people say it: CentOS 6.3'),
    release: z.string().describe('Its release: 6.3'),
    architecture: z.string().describe('As the kernel says it: x86_64'),
    kernel: z.string().exactOptional().describe('The kernel, relative to the folder'),
    initrds: z.array(z.string()).describe('The initial RAM disks, relative to the folder, in loading order'),
    answerKind: z.enum([...ANSWER_KINDS, 'none']).describe('The answer file its installer reads'),
    loaders: z
      .array(
        z.object({
          cpu: z.string().describe('The processor, as UEFI names it: x64'),
          first: z.string().describe('The shim, relative to the folder'),
          next: z.string().describe('The GRUB that goes with it'),
        }),
      )
      .exactOptional()
      .describe('Its own signed loaders of UEFI'),
    ...conditionFields,
    addedAt: time.describe('When it was added'),
  })
  .describe('An operating system that can be booted and installed');

export const AddedImage = Image.extend({
  note: z.string().exactOptional().describe('What to know before using it'),
}).describe('The image, and what to know before using it');
