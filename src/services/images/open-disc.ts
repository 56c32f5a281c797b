import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { FileTree } from '../../lib/file-tree.ts';
import { type Iso9660Disc, openIso9660 } from '../../formats/iso9660/iso9660-disc.ts';
import { openUdf } from '../../formats/udf/disc.ts';
import { identityOf, reasonOf, sourceOfFile } from './folder-tree.ts';

/** A disc image that is open. */
export interface Disc {
  readonly tree: FileTree;
  /** As its maker named it. */
  readonly label: string;
  /** How its tree was read: `ISO 9660 with Rock Ridge`. */
  readonly form: string;
  /** Bytes that it should have and has not: it was not loaded as a whole. */
  readonly missingBytes: number;
  /** Images on it that UEFI boots from, each with a volume of FAT: where they begin. */
  readonly efiImages: readonly { readonly offset: number; readonly bytes: number | undefined }[];
  readonly source: ByteSource;
  /** Another one when the file was replaced or written to. */
  readonly identity: string;
}

export type DiscOpened =
  | { readonly opened: true; readonly disc: Disc }
  | { readonly opened: false; readonly because: string };

const FORMS = {
  'rock ridge': 'ISO 9660 with Rock Ridge',
  joliet: 'ISO 9660 with Joliet',
  enhanced: 'ISO 9660 level 4',
  plain: 'ISO 9660',
} as const;

/**
 * A disc image of this server. Discs with Rock Ridge are read by that, as Linux does; of others that have UDF too, UDF has
 * the whole content: discs of Windows have nothing but a note in ISO 9660.
 *
 * @param path absolute.
 */
export async function openDisc(path: string): Promise<DiscOpened> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) {
      await handle.close();
      return { opened: false, because: `"${path}" is no file` };
    }
    const source = sourceOfFile(handle, stats, path);
    return { opened: true, disc: { ...(await readDisc(source)), source, identity: identityOf(stats) } };
  } catch (error) {
    await handle?.close();
    if (error instanceof DecodeError)
      return { opened: false, because: `"${path}" is no disc image that can be read: ${error.message}` };
    return { opened: false, because: reasonOf(error, path) };
  }
}

async function readDisc(source: ByteSource): Promise<Omit<Disc, 'source' | 'identity'>> {
  const iso = await orRefusal(openIso9660(source));
  if (!(iso instanceof DecodeError) && iso.volume.naming === 'rock ridge') return ofIso(iso);
  const udf = await orRefusal(openUdf(source));
  if (!(udf instanceof DecodeError)) {
    const { tree, label, revision } = udf;
    const efiImages = iso instanceof DecodeError ? [] : efiImagesOf(iso);
    return { tree, label, form: `UDF ${revision}`, missingBytes: 0, efiImages };
  }
  if (iso instanceof DecodeError) throw iso;
  return ofIso(iso);
}

function efiImagesOf({ boot }: Iso9660Disc): Disc['efiImages'] {
  return boot.entries
    .filter(({ platform }) => platform === 'EFI')
    .map(({ offset, bytes }) => ({ offset, bytes }));
}

function ofIso(disc: Iso9660Disc): Omit<Disc, 'source' | 'identity'> {
  const { tree, volume } = disc;
  return {
    tree,
    efiImages: efiImagesOf(disc),
    label: volume.identifier,
    form: FORMS[volume.naming],
    missingBytes: volume.missingBytes,
  };
}

async function orRefusal<T>(opening: Promise<T>): Promise<T | DecodeError> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}
