import type { Command } from 'commander';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { ApiClient } from '../client.ts';
import { followCheck } from './follow-check.ts';
import { IMAGES } from './image-view.ts';

interface CheckFlags {
  readonly force?: true;
  readonly sha256?: string;
  readonly wait?: true;
}

export function addImageCheckCommand(image: Command, act: Act): void {
  image
    .command('check')
    .argument('<name>')
    .description('compute its checksum anew, in the background')
    .option('--sha256 <digits>', 'what the sha256 of the disc image must be')
    .option('--force', 'boot it whatever comes of that')
    .option('--wait', 'show how far it is, and fail where the checksum is wrong')
    .action(
      act<CheckFlags>(async (context, [name = ''], { wait, ...input }) => {
        const { client, output } = context;
        const api = await client();
        const checked = await api.call('checkImage', { params: { name }, input });
        if (wait) return await seeChecked(context, api, name);
        const forced = input.force === true ? ', and machines boot it whatever comes of that' : '';
        await output.changed(IMAGES, checked, `Image ${name} is checked${forced}: muster image show ${name}`);
      }),
    );
}

/** @throws CliFailure where it is damaged. */
async function seeChecked(context: CliContext, api: ApiClient, name: string): Promise<void> {
  const wasSeen = await followCheck(context, name, async () => {
    const { state, checksum, disc } = await api.call('getImage', { params: { name } });
    // One that is booted whatever comes of it is checked all the same.
    if (state !== 'checking' && checksum.percent === undefined) return undefined;
    const { percent = 0 } = checksum;
    if (disc === undefined) return { done: percent, whole: 100, unit: 'percent' };
    return { done: (disc.bytes * percent) / 100, whole: disc.bytes, unit: 'bytes' };
  });
  if (!wasSeen) return context.output.talk(`Image ${name} is checked without you: muster image show ${name}`);
  const image = await api.call('getImage', { params: { name } });
  await context.output.changed(IMAGES, image, `Image ${name}: ${image.checksum.text}`);
  if (image.state === 'damaged')
    throw new CliFailure('failed', `Image ${name} is damaged: ${image.because ?? image.checksum.text}`);
}
