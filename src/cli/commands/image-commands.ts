import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { Image } from '../../contract/schemas.ts';
import type { Act } from '../cli-context.ts';
import { names } from '../option-values.ts';
import type { View } from '../output.ts';
import { timeForm } from '../text-forms.ts';

type WireImage = z.output<typeof Image>;

interface ImageFlags {
  readonly name?: string;
  readonly as?: 'files';
  readonly kernel?: string;
  readonly initrd?: readonly string[];
}

export function addImageCommands(program: Command, act: Act): void {
  const image = program.command('image').description('operating systems that can be installed');
  image
    .command('add')
    .argument('<folder>', 'a folder on the server; it is served as it is')
    .description('add an image: the tree of an installation disc, or any folder')
    .option('--name <name>', 'its name; else made from what it is')
    .addOption(new Option('--as <what>', 'serve it whatever it holds').choices(['files']))
    .option('--kernel <path>', 'the kernel, relative to the folder, in place of looking')
    .option('--initrd <path>', 'an initial RAM disk, relative to the folder; may be repeated', names)
    .action(
      act<ImageFlags>(async ({ client, output, terminal }, [folder = ''], flags) => {
        const { initrd, ...rest } = flags;
        const input = {
          ...rest,
          folder: resolve(terminal.workingFolder, folder),
          ...(initrd === undefined ? {} : { initrds: [...initrd] }),
        };
        const added = await (await client()).call('addImage', { input });
        await output.changed(IMAGES, added, `Image ${added.name} is there: ${describe(added)}`);
        if (added.note !== undefined) output.talk(`Note: ${added.note}`);
      }),
    );
  image
    .command('ls')
    .description('all images')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listImages', {});
        await output.list(IMAGES, items, 'There is no image: muster image add FOLDER makes one');
      }),
    );
  image
    .command('show')
    .argument('<name>')
    .description('one image')
    .action(
      act(async ({ client, output }, [name = '']) => {
        await output.thing(IMAGES, await (await client()).call('getImage', { params: { name } }));
      }),
    );
  image
    .command('rm')
    .argument('<name>')
    .description('forget an image; its folder stays as it is')
    .action(
      act(async (context, [name = '']) => {
        await context.confirm(`Forget image ${name}?`);
        await (await context.client()).call('deleteImage', { params: { name } });
        context.output.talk(`Image ${name} is forgotten; its folder is as it was`);
      }),
    );
}

function describe({ title, architecture, kernel, answerKind }: WireImage): string {
  if (kernel === undefined) return 'files to serve, none of which boots';
  const reads = answerKind === 'none' ? 'it reads no answer file' : `its installer reads ${answerKind}`;
  return `${title} ${architecture}`.trim() + `, ${reads}`;
}

const IMAGES: View<WireImage> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'TITLE', cell: ({ title }) => title, gives: true },
    { head: 'ARCH', cell: ({ architecture }) => architecture },
    { head: 'ANSWERS', cell: ({ answerKind }) => answerKind },
    { head: 'FOLDER', cell: ({ folder }) => folder, gives: true },
  ],
  details: (image) => [
    ['name', image.name],
    ['title', image.title],
    ['family', image.family],
    ['release', image.release],
    ['architecture', image.architecture],
    ['folder', image.folder],
    ['kernel', image.kernel ?? 'none'],
    ['initrds', image.initrds.join('\n')],
    ['answer file', image.answerKind],
    ['added', timeForm(image.addedAt)],
  ],
};
