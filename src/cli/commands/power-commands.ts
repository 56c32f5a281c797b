import type { Command } from 'commander';
import type { z } from 'zod';
import type { MachinePower, PowerAction, PowerDone } from '../../contract/power-schemas.ts';
import { allPages } from '../all-pages.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { View } from '../output.ts';
import { nothingChosen, selectorOption } from '../selector-option.ts';
import { recentTimeForm, timeForm } from '../text-forms.ts';
import { type PowerFlags, powerInputOf, withPowerFlags } from './power-flags.ts';

type WirePower = z.output<typeof MachinePower>;
type WireDone = z.output<typeof PowerDone>;
type Action = z.output<typeof PowerAction>;

interface WhichFlags {
  readonly selector?: string;
}

/** Machines asked about at one time; the server has a limit of its own. */
const AT_ONCE = 8;

const ACTIONS: readonly (readonly [command: string, action: Action, sentence: string])[] = [
  ['on', 'on', 'switch machines on'],
  ['off', 'off', 'switch machines off, at once and without asking their operating systems'],
  ['shutdown', 'shutdown', 'ask the operating systems of machines to shut down'],
  ['cycle', 'cycle', 'switch machines off and on; those that are off go on'],
  ['reset', 'reset', 'reset machines that are on'],
  ['pxe-next', 'pxe-next', 'have machines boot from the network the next time they boot, and only then'],
  ['boot-network', 'boot-network', 'have machines boot from the network now: switched on, or off and on'],
];

export function addPowerCommands(program: Command, act: Act): void {
  const power = program.command('power').description('switch machines on and off, and say how that is done');
  for (const [name, action, sentence] of ACTIONS) {
    const command = power.command(name).argument('[machines...]').description(sentence);
    command
      .addOption(selectorOption('those with such labels'))
      .action(
        act<WhichFlags>(async (context, machines, flags) => await actOn(context, action, machines, flags)),
      );
  }
  power
    .command('status')
    .argument('[machines...]')
    .description('ask machines now whether they are on')
    .addOption(selectorOption('those with such labels'))
    .action(act<WhichFlags>(async (context, machines, flags) => await askStatus(context, machines, flags)));
  addSettings(power, act);
}

function addSettings(power: Command, act: Act): void {
  power
    .command('ls')
    .description('all machines whose power is set, as it was read last')
    .action(
      act(async (context) => {
        const { items } = await (await context.client()).call('listPower', {});
        await context.output.list(
          powerView(context),
          items,
          'No power is set: muster power set MACHINE says it',
        );
      }),
    );
  power
    .command('show')
    .argument('<machine>')
    .description("how a machine's power is reached, and what was last seen of it")
    .action(
      act(async (context, [machine = '']) => {
        const shown = await (await context.client()).call('getPower', { params: { machine } });
        await context.output.thing(powerView(context), shown);
      }),
    );
  withPowerFlags(power.command('set').argument('<machine>').argument('[command...]'))
    .description(
      "say how a machine's power is reached, in place of what was said before; behind -- stands the program of driver command and its arguments",
    )
    .action(
      act<PowerFlags>(async (context, [machine = '', ...argv], flags) => {
        const input = await powerInputOf(context.terminal, flags, argv);
        const set = await (await context.client()).call('setPower', { params: { machine }, input });
        const sentence = `The power of ${set.machine} is reached by ${set.settings.driver}: muster power status ${set.machine} tries it`;
        await context.output.changed(powerView(context), set, sentence);
      }),
    );
  power
    .command('rm')
    .argument('<machine>')
    .description("forget how a machine's power is reached, and the password")
    .action(
      act(async (context, [machine = '']) => {
        await context.confirm(`Forget how the power of ${machine} is reached?`);
        await (await context.client()).call('deletePower', { params: { machine } });
        context.output.talk(`How the power of ${machine} is reached is forgotten`);
      }),
    );
}

async function actOn(
  context: CliContext,
  action: Action,
  machines: readonly string[],
  flags: WhichFlags,
): Promise<void> {
  const client = await context.client();
  const { got, failures } = await forEach(await chosen(context, machines, flags), (machine) =>
    client.call('actOnPower', { params: { machine, action } }),
  );
  if (got.length > 0) await context.output.list(DONE, got, '');
  endWith(context, failures);
}

async function askStatus(context: CliContext, machines: readonly string[], flags: WhichFlags): Promise<void> {
  const client = await context.client();
  const { got, failures } = await forEach(await chosen(context, machines, flags), (machine) =>
    client.call('readPower', { params: { machine } }),
  );
  if (got.length > 0) await context.output.list(powerView(context), got, '');
  endWith(context, failures);
}

/** Those that were named, or those with the labels: never all by accident. */
async function chosen(
  context: CliContext,
  machines: readonly string[],
  { selector }: WhichFlags,
): Promise<readonly string[]> {
  if ((selector === undefined) === (machines.length === 0))
    throw new CliFailure('usage', 'Which machines? Name them, or say their labels with --selector');
  if (selector === undefined) return machines;
  const items = await allPages(await context.client(), 'listMachines', { selector });
  if (items.length === 0) throw new CliFailure('failed', nothingChosen(selector));
  return items.map(({ name }) => name);
}

/** Some at one time, in the order given; what one refuses keeps nobody else back. */
async function forEach<T>(
  machines: readonly string[],
  ask: (machine: string) => Promise<T>,
): Promise<{ readonly got: readonly T[]; readonly failures: readonly CliFailure[] }> {
  const results: (T | CliFailure)[] = [];
  const next = machines.entries();
  const worker = async (): Promise<void> => {
    for (const [at, machine] of next) {
      results[at] = await ask(machine).catch((error: unknown) => {
        if (error instanceof CliFailure) return error;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, machines.length) }, worker));
  const failures = results.filter((result) => result instanceof CliFailure);
  return { got: results.filter((result) => !(result instanceof CliFailure)) as T[], failures };
}

/** One line for each that was not done; the last is the command's own. */
function endWith({ output }: CliContext, failures: readonly CliFailure[]): void {
  const last = failures.at(-1);
  for (const { message } of failures.slice(0, -1)) output.talk(`muster: ${message}`);
  if (last !== undefined) throw last;
}

function didForm({ did, wanted, state, because }: WireDone): string {
  if (did.length === 0) return because;
  const now =
    wanted !== undefined && state !== undefined && state !== wanted ? `, but it is read as ${state}` : '';
  return `${did.join(', ')}${now}`;
}

const DONE: Pick<View<WireDone>, 'columns' | 'nameOf'> = {
  nameOf: ({ machine }) => machine,
  columns: [
    { head: 'MACHINE', cell: ({ machine }) => machine },
    {
      head: 'STATE',
      cell: ({ state }) => state ?? 'not told',
      tone: ({ state, wanted }) =>
        wanted === undefined || state === undefined || state === wanted ? 'good' : 'bad',
    },
    { head: 'DONE', cell: didForm, gives: 'cut' },
  ],
};

function powerView({ terminal }: CliContext): View<WirePower> {
  return {
    nameOf: ({ machine }) => machine,
    columns: [
      { head: 'MACHINE', cell: ({ machine }) => machine },
      { head: 'DRIVER', cell: ({ settings: { driver } }) => driver },
      { head: 'STATE', cell: ({ state }) => state ?? 'not read' },
      {
        head: 'READ',
        cell: ({ stateAt }) => (stateAt === undefined ? '' : recentTimeForm(stateAt, terminal.nowMs())),
      },
      { head: 'TROUBLE', cell: ({ trouble }) => trouble?.because ?? '', tone: () => 'bad', gives: 'cut' },
    ],
    details: ({ machine, settings, secret, setAt, state, stateAt, trouble }) => [
      ['machine', machine],
      ...Object.entries(settings).map(([name, value]) => [name, settingForm(value)] as const),
      ['secret', secret],
      [
        'state',
        stateAt === undefined ? 'not read yet' : `${state ?? 'unknown'}, read at ${timeForm(stateAt)}`,
      ],
      ['trouble', trouble === undefined ? '' : `${trouble.because} (${timeForm(trouble.at)})`],
      ['set', timeForm(setAt)],
    ],
  };
}

function settingForm(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') : String(value);
}
