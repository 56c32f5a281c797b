import { open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { ApiClient } from '../client.ts';
import { names } from '../option-values.ts';
import { ArrivalProgress } from './follow-arrival.ts';
import { describeImage, IMAGES } from './image-view.ts';

interface AddFlags {
  readonly name?: string;
  readonly as?: string;
  readonly kernel?: string;
  readonly initrd?: readonly string[];
  readonly title?: string;
  readonly release?: string;
  readonly arch?: string;
  readonly sha256?: string;
  readonly force?: true;
  readonly upload?: true;
  readonly wait: boolean;
}

/** Bytes sent at once; as many as the API takes. */
const PIECE = 8 * 1024 * 1024;

export function addImageAddCommand(image: Command, act: Act): void {
  image
    .command('add')
    .argument('<source>', 'a folder or disc image on the server, which is served as it is; or a URL')
    .description('add an image: an installation disc, its tree, or any folder')
    .option('--name <name>', 'its name; else made from what it is')
    .option('--as <family>', 'boot it with the words of this family, or serve it as files, whatever it holds')
    .option('--kernel <path>', 'the kernel, relative to the folder, in place of looking')
    .option('--initrd <path>', 'an initial RAM disk, relative to the folder; may be repeated', names)
    .option('--title <text>', 'what people call it')
    .option('--release <release>', 'its release, on which the words of its kernel may depend')
    .option('--arch <architecture>', 'as the kernel says it: x86_64')
    .option('--sha256 <digits>', 'what the sha256 of the disc image must be')
    .option('--force', 'take it, and boot it, although it is damaged')
    .option('--upload', 'send this file of this computer to the server')
    .option('--no-wait', 'do not wait for a download')
    .action(
      act<AddFlags>(async (context, [source = ''], flags) => {
        const { client, terminal } = context;
        const api = await client();
        const chosen = chosenBy(flags);
        if (/^[a-z][a-z\d+.-]*:\/\//i.test(source)) {
          const arrival = await api.call('addArrival', { input: { url: source, ...chosen } });
          if (flags.wait) await finish(context, api, arrival.name);
          else context.output.talk(`${arrival.name} is on its way: muster image ls tells how far it is`);
        } else if (flags.upload === true)
          await upload(context, api, resolve(terminal.workingFolder, source), chosen);
        else await addInPlace(context, api, resolve(terminal.workingFolder, source), chosen);
      }),
    );
}

type Chosen = Readonly<Partial<Record<'name' | 'as' | 'kernel' | 'title' | 'release', string>>> & {
  readonly architecture?: string;
  readonly sha256?: string;
  readonly initrds?: string[];
  readonly force?: boolean;
};

function chosenBy({ initrd, arch, upload: _upload, wait: _wait, ...rest }: AddFlags): Chosen {
  return {
    ...rest,
    ...(arch === undefined ? {} : { architecture: arch }),
    ...(initrd === undefined ? {} : { initrds: [...initrd] }),
  };
}

async function addInPlace(
  { output }: CliContext,
  api: ApiClient,
  folder: string,
  chosen: Chosen,
): Promise<void> {
  const added = await api.call('addImage', { input: { folder, ...chosen } });
  await output.changed(IMAGES, added, `Image ${added.name} is there: ${describeImage(added)}`);
  if (added.note !== undefined) output.talk(`Note: ${added.note}`);
}

async function upload(context: CliContext, api: ApiClient, path: string, chosen: Chosen): Promise<void> {
  const stats = await stat(path).catch((error: Error) => {
    throw new CliFailure('usage', `Cannot read ${path}: ${error.message}`);
  });
  if (!stats.isFile()) throw new CliFailure('usage', `"${path}" is no file: a disc image is sent as one`);
  const input = { fileName: basename(path), bytes: stats.size, ...chosen };
  const arrival = await api.call('addArrival', { input });
  const { name } = arrival;
  if (arrival.here > 0) context.output.talk(`${arrival.here} bytes are there already`);
  const progress = new ArrivalProgress(context);
  const file = await open(path);
  try {
    const piece = new Uint8Array(PIECE);
    for (let offset = arrival.here; offset < stats.size && !context.terminal.gone.aborted; ) {
      const { bytesRead } = await file.read(piece, 0, PIECE, offset);
      if (bytesRead === 0) throw new CliFailure('failed', `"${path}" became shorter while it was sent`);
      const now = await api.call('putArrivalBytes', {
        params: { name },
        query: { offset },
        input: piece.subarray(0, bytesRead),
      });
      offset += bytesRead;
      // Where it was the last, what became of all is told already, and its bytes are elsewhere.
      progress.draw({ ...now, here: offset });
    }
  } finally {
    await file.close();
  }
  await finish(context, api, name, progress);
}

/** Waits until it is an image. */
async function finish(
  context: CliContext,
  api: ApiClient,
  name: string,
  progress = new ArrivalProgress(context),
): Promise<void> {
  const arrived = await progress.toItsEnd(api, name);
  if (arrived === undefined) return;
  const { image = name, note } = arrived;
  const added = await api.call('getImage', { params: { name: image } });
  await context.output.changed(IMAGES, added, `Image ${added.name} is there: ${describeImage(added)}`);
  if (note !== undefined) context.output.talk(`Note: ${note}`);
}
