import type { ProgramWatch } from '../services/boot/program-watch.ts';
import type { ImageTree, ImageTrees } from '../services/images/image-trees.ts';
import { IMAGES_FOLDER } from '../services/images/image-trees.ts';
import type { NfsExport, NfsExports } from '../protocols/nfs/exports.ts';
import { pathOfNode } from '../protocols/nfs/path-of-node.ts';
import type { ReadSum } from '../protocols/nfs/read-sums.ts';
import { serveNfs } from '../protocols/nfs/server.ts';
import type { NfsServer, NfsServerOptions } from '../protocols/nfs/server-options.ts';
import type { FileTimeline } from './file-timeline.ts';
import { isBootFile } from './machine-http-files.ts';
import { Tellings } from './tellings.ts';

export interface NfsDoorOptions
  extends Pick<NfsServerOptions, 'address' | 'interfaceName' | 'ports' | 'report' | 'mac' | 'plane'> {
  readonly trees: Pick<ImageTrees, 'list' | 'byName' | 'byNumber'>;
  readonly timeline: Pick<FileTimeline, 'fileSent' | 'treeFile' | 'mounted' | 'refused'>;
  readonly programs: Pick<ProgramWatch, 'asked'>;
}

/** The NFS door on one address: each image is an export. Rejects as the system does when a port cannot be had. */
export async function serveNfsDoor(options: NfsDoorOptions): Promise<NfsServer> {
  const { trees, timeline, programs: _, ...wanted } = options;
  const tellings = new Tellings((error) => options.report('failed', error));
  const server = await serveNfs({
    ...wanted,
    exports: exportsOf(trees),
    told: {
      mounted: ({ client, path }) => timeline.mounted(client.address, path),
      refused: ({ client, path, because }) => timeline.refused(client.address, path, because),
      unmounted: () => undefined,
      read: (sum) => tellings.follow(tellRead(options, sum)),
    },
  });
  return {
    address: server.address,
    ports: server.ports,
    get connections() {
      return server.connections;
    },
    get calls() {
      return server.calls;
    },
    get overloaded() {
      return server.overloaded;
    },
    close: async (how) => {
      await server.close(how);
      await tellings.settled();
    },
  };
}

/** Whoever may read an image over HTTP may mount it. */
function exportsOf(trees: NfsDoorOptions['trees']): NfsExports {
  return {
    names: async () => (await trees.list()).map(exportName),
    byName: async (name) => {
      const wanted = (await trees.list()).find((one) => exportName(one) === name);
      return wanted && exportOf(wanted);
    },
    byNumber: async (number) => {
      const wanted = await trees.byNumber(number);
      return wanted && exportOf(wanted);
    },
    admits: async () => ({ may: true }),
  };
}

function exportOf(one: ImageTree): NfsExport {
  return { name: exportName(one), number: one.number, tree: one.tree };
}

function exportName({ image }: Pick<ImageTree, 'image'>): string {
  return `/${IMAGES_FOLDER}/${image.name}`;
}

async function tellRead(
  { trees, timeline, programs }: NfsDoorOptions,
  { client, export: from, node, bytes, firstMs, lastMs }: ReadSum,
): Promise<void> {
  const found = await trees.byNumber(from.number);
  if (found === undefined) return;
  const { image, tree } = found;
  const path = await pathOfNode(tree, node);
  if (path === undefined) return;
  programs.asked(client.address, `${image.name}/${path}`);
  const sent = { status: 0, bytes, milliseconds: lastMs - firstMs, isComplete: true };
  if (isBootFile(image, path)) timeline.fileSent(client.address, `${image.name}/${path}`, sent);
  else timeline.treeFile(client.address, image.name, sent);
}
