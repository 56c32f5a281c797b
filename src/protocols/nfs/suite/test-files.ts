import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource, Extent } from '../../../lib/byte-source.ts';
import { sourceOfPieces } from '../../../lib/pieces.ts';
import { BytesElsewhere } from './memory-tree.ts';

/** Files of a folder of this computer as contents of a tree in memory: the kernel can send them. */
export class TestFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'muster-nfs-files-'));
  /** Opened and not closed. */
  open = 0;

  /** A file with these bytes, or with so many zeros that were never written. */
  whole(name: string, content: Uint8Array | number): BytesElsewhere {
    const size = this.#write(name, content);
    return new BytesElsewhere(size, async () => {
      const { source, file } = await this.#source(name, size);
      return { ...source, file };
    });
  }

  /** The same bytes as parts of a larger file, as on a disc image. */
  parts(name: string, content: Uint8Array, extents: readonly Extent[]): BytesElsewhere {
    const image = new Uint8Array(Math.max(...extents.map(({ offset, length }) => offset + length))).fill(
      0xee,
    );
    let at = 0;
    for (const { offset, length } of extents) {
      image.set(content.subarray(at, at + length), offset);
      at += length;
    }
    this.#write(name, image);
    return new BytesElsewhere(at, async () => {
      const { source, file } = await this.#source(name, image.length);
      const pieces = sourceOfPieces(source, extents);
      return { ...pieces, parts: { file, extents }, close: () => source.close() };
    });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(name: string, content: Uint8Array | number): number {
    writeFileSync(this.path(name), typeof content === 'number' ? '' : content);
    if (typeof content === 'number') truncateSync(this.path(name), content);
    return typeof content === 'number' ? content : content.length;
  }

  async #source(
    name: string,
    size: number,
  ): Promise<{ source: ByteSource; file: { descriptor: number; identity: string } }> {
    const handle = await open(this.path(name));
    this.open += 1;
    return {
      source: sourceOf(handle, size, () => (this.open -= 1)),
      file: { descriptor: handle.fd, identity: name },
    };
  }
}

function sourceOf(handle: FileHandle, size: number, closed: () => void): ByteSource {
  return {
    size,
    readInto: async (offset, into) => (await handle.read(into, 0, into.length, offset)).bytesRead,
    read: async (offset, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: async () => {
      closed();
      await handle.close();
    },
  };
}
