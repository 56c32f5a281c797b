import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { WaveInput } from '../../contract/wave-schemas.ts';
import { WAVE_STATES, type WaveState } from '../../core/waves/wave.ts';
import { allPages } from '../all-pages.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { confirmingErase } from '../confirming-erase.ts';
import { bytes, seconds, wholeNumber } from '../option-values.ts';
import { selectorOption } from '../selector-option.ts';
import { countForm } from '../text-forms.ts';
import { waveProgress } from './wave-progress.ts';
import { MEMBERS, WAVES, type WireWave, type WireWaveWithMembers } from './wave-view.ts';

const SHOWN_WAVES = 100;

interface ListFlags {
  readonly state?: WaveState;
  readonly limit?: number;
}

interface StartFlags {
  readonly profile?: string;
  readonly atOnce?: number;
  readonly bytesPerSecond?: number;
  readonly jitter?: number;
  readonly power?: true;
  readonly selector?: string;
  readonly erase?: true;
}

/** `muster wave start NAME MACHINE… --profile P --at-once 8`, and what looks after it. */
export function addWaveCommands(program: Command, act: Act): void {
  const wave = program
    .command('wave')
    .description('install many machines, so many at one time; who boots too early waits at a menu');
  addStart(wave, act);
  wave
    .command('ls')
    .description('waves, newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(WAVE_STATES))
    .option('--limit <number>', `at most this many (default: ${SHOWN_WAVES})`, wholeNumber)
    .action(
      act<ListFlags>(async ({ client, output }, _, { limit = SHOWN_WAVES, ...query }) => {
        const items = await allPages(await client(), 'listWaves', query, limit);
        const none = 'There is no wave: muster wave start begins one';
        await output.list(WAVES, items, query.state === undefined ? none : `No wave is ${query.state}`);
      }),
    );
  wave
    .command('show')
    .argument('<name>')
    .description('one wave: how far it is, and how each of its machines is')
    .action(
      act(async ({ client, output, terminal }, [name = '']) => {
        const shown = await (await client()).call('getWave', { params: { name } });
        const details = (wave: WireWave): ReturnType<typeof WAVES.details> => [
          ...WAVES.details(wave),
          ['progress', waveProgress(wave, terminal.nowMs())],
        ];
        await output.thing({ ...WAVES, details }, shown);
        if (output.choices.format === 'table') await output.list(MEMBERS, shown.members, '');
      }),
    );
  addChanges(wave, act);
  wave
    .command('rm')
    .argument('<name>')
    .description('forget a wave that is over; its installs stay')
    .action(
      act(async (context, [name = '']) => {
        await context.confirm(`Forget wave ${name}?`);
        await (await context.client()).call('deleteWave', { params: { name } });
        context.output.talk(`Wave ${name} is forgotten`);
      }),
    );
}

function addStart(wave: Command, act: Act): void {
  wave
    .command('start')
    .argument('<name>')
    .argument('[machines...]', 'names, ids or MAC addresses, in the order in which they get their turns')
    .description('install machines, so many at one time; none is started when one of them cannot be')
    .addOption(selectorOption('and those with such labels, by name'))
    .option('--profile <name>', 'how to install them; must be said')
    .option('--at-once <number>', 'installs that are under way at one time (8)', wholeNumber)
    .option('--bytes-per-second <size>', 'start no further one while machines are sent more', bytes)
    .option('--jitter <time>', 'switch each on within this time, at random (10s)', seconds)
    .option('--power', 'switch on the machine whose turn it is')
    .option(
      '--erase',
      'yes, what is on their disks shall be gone, and with --power those that are on are switched off; -y does not say this',
    )
    .action(
      act<StartFlags>(async (context, words, flags) => {
        const [name = '', ...machines] = words;
        if (machines.length === 0 && flags.selector === undefined)
          throw new CliFailure('usage', 'Which machines? Name them, or choose them by their labels with -l');
        const started = await confirmingErase(
          context,
          flags.erase,
          (confirmed) => start(context, { name, machines, ...startInput(flags), ...confirmed }),
          { question: 'Install them all the same?', yes: '--erase has them installed all the same' },
        );
        await context.output.changed(
          WAVES,
          started,
          `Wave ${name} is started for ${countForm(started.members.length, 'machine')}${flags.power ? '' : ': switch them on, who boots too early waits at a menu'}. Look at it with: muster wave show ${name}`,
        );
      }),
    );
}

async function start({ client }: CliContext, input: z.input<typeof WaveInput>): Promise<WireWaveWithMembers> {
  return await (await client()).call('addWave', { input });
}

function startInput(flags: StartFlags): Omit<z.input<typeof WaveInput>, 'name' | 'machines'> {
  const { profile, atOnce, bytesPerSecond, jitter, power, selector } = flags;
  if (profile === undefined)
    throw new CliFailure(
      'usage',
      'How shall they be installed? Say it with --profile; muster profile ls shows which there are',
    );
  return {
    profile,
    budget: {
      ...(atOnce === undefined ? {} : { machines: atOnce }),
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    },
    ...(jitter === undefined ? {} : { jitterSeconds: jitter }),
    ...(power === undefined ? {} : { power: 'on' as const }),
    ...(selector === undefined ? {} : { selector }),
  };
}

function addChanges(wave: Command, act: Act): void {
  wave
    .command('pause')
    .argument('<name>')
    .description('begin nothing else; what is under way goes on')
    .option('--because <why>', 'for the timeline')
    .action(
      act<{ readonly because?: string }>(async ({ client, output }, [name = ''], input) => {
        const paused = await (await client()).call('pauseWave', { params: { name }, input });
        await output.changed(WAVES, paused, `Wave ${name} is paused; muster wave resume ${name} goes on`);
      }),
    );
  wave
    .command('resume')
    .argument('<name>')
    .description('go on with a paused wave')
    .action(
      act(async ({ client, output }, [name = '']) => {
        const resumed = await (await client()).call('resumeWave', { params: { name } });
        await output.changed(WAVES, resumed, `Wave ${name} goes on`);
      }),
    );
  wave
    .command('cancel')
    .argument('<name>')
    .description('machines that wait boot their own disk again; what is under way goes on')
    .option('--because <why>', 'for the timeline')
    .addOption(new Option('--installs', 'cancel installs that are under way, too'))
    .action(
      act<{ readonly because?: string; readonly installs?: true }>(async (context, [name = ''], flags) => {
        await context.confirm(`Cancel wave ${name}${flags.installs ? ' and its installs' : ''}?`);
        const { because } = flags;
        const input = {
          ...(because === undefined ? {} : { because }),
          underWay: flags.installs ? ('is cancelled' as const) : ('goes on' as const),
        };
        const cancelled = await (await context.client()).call('cancelWave', { params: { name }, input });
        await context.output.changed(WAVES, cancelled, `Wave ${name} is cancelled`);
      }),
    );
}
