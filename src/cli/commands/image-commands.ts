import type { Command } from 'commander';
import type { Act } from '../cli-context.ts';
import { addImageAddCommand } from './image-add-command.ts';
import { addImageContentCommands } from './image-content-commands.ts';
import { addImageCheckCommand } from './image-check-command.ts';
import { arrivalLine } from './arrival-text.ts';
import { IMAGES } from './image-view.ts';

export function addImageCommands(program: Command, act: Act): void {
  const image = program.command('image').description('operating systems that can be installed');
  addImageAddCommand(image, act);
  image
    .command('ls')
    .description('all images, and disc images on their way')
    .action(
      act(async ({ client, output }) => {
        const api = await client();
        const { items } = await api.call('listImages', {});
        const arrivals = (await api.call('listArrivals', {})).items;
        if (arrivals.length === 0 || items.length > 0 || output.choices.format !== 'table')
          await output.list(IMAGES, items, 'There is no image: muster image add FILE.iso makes one');
        for (const arrival of arrivals) output.talk(arrivalLine(arrival));
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
  addImageCheckCommand(image, act);
  image
    .command('rm')
    .argument('<name>')
    .description('forget an image, whose files stay as they are; or end a download or an upload')
    .action(
      act(async (context, [name = '']) => {
        const api = await context.client();
        const { items } = await api.call('listArrivals', {});
        if (items.some((arrival) => arrival.name === name)) {
          await context.confirm(`End the way of ${name} to the server?`);
          await api.call('deleteArrival', { params: { name } });
          context.output.talk(`${name} is ended, and nothing is left of it`);
          return;
        }
        await context.confirm(`Forget image ${name}?`);
        await api.call('deleteImage', { params: { name } });
        context.output.talk(`Image ${name} is forgotten; its folder is as it was`);
      }),
    );
  addImageContentCommands(image, act);
}
