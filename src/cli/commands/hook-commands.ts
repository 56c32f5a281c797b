import type { Command } from 'commander';
import type { z } from 'zod';
import type { Hook, HookChange, HookDelivery } from '../../contract/hook-schemas.ts';
import type { Act } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { names } from '../option-values.ts';
import type { View } from '../output.ts';
import { selectorOption } from '../selector-option.ts';
import type { Terminal } from '../terminal.ts';
import { shortTimeForm, timeForm } from '../text-forms.ts';
import { readSecret } from './power-flags.ts';

type WireHook = z.output<typeof Hook>;
type WireHookChange = z.input<typeof HookChange>;
type WireDelivery = z.output<typeof HookDelivery>;

interface HookFlags {
  readonly events?: readonly string[];
  readonly url?: string;
  readonly secretFile?: string;
  readonly selector?: string;
  readonly allMachines?: true;
  readonly on?: true;
  readonly off?: true;
}

export function addHookCommands(program: Command, act: Act): void {
  const hook = program.command('hook').description('servers and programs that are told what happens');
  addAdd(hook, act);
  addSet(hook, act);
  hook
    .command('ls')
    .description('all hooks')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listHooks', {});
        await output.list(HOOKS, items, 'There is no hook: muster hook add NAME makes one');
      }),
    );
  hook
    .command('show')
    .argument('<name>')
    .description('one hook')
    .action(
      act(async ({ client, output }, [name = '']) => {
        await output.thing(HOOKS, await (await client()).call('getHook', { params: { name } }));
      }),
    );
  addTest(hook, act);
  hook
    .command('deliveries')
    .argument('<name>')
    .description('what came of the last events for a hook, the newest first')
    .action(
      act(async ({ client, output }, [name = '']) => {
        const { items } = await (await client()).call('listDeliveries', { params: { name } });
        await output.list(DELIVERIES, items, 'Nothing was delivered yet: muster hook test tries it');
      }),
    );
  hook
    .command('rm')
    .argument('<name>')
    .description('take a hook away')
    .action(
      act(async (context, [name = '']) => {
        await context.confirm(`Take hook ${name} away?`);
        await (await context.client()).call('deleteHook', { params: { name } });
        context.output.talk(`Hook ${name} is gone`);
      }),
    );
}

function addAdd(hook: Command, act: Act): void {
  withFlags(hook.command('add').argument('<name>').argument('[command...]'))
    .description(
      'add a hook; behind -- stands a program and its arguments, in place of --url. It is told of what happens from now on',
    )
    .action(
      act<HookFlags>(async ({ client, output, terminal }, [name = '', ...argv], flags) => {
        const { events, ...change } = await changeOf(terminal, flags, argv);
        if (events === undefined)
          throw new CliFailure(
            'usage',
            "Told of what? Say the kinds of events with --events, such as 'install.*'",
          );
        if (change.url === undefined && change.argv === undefined)
          throw new CliFailure('usage', 'Who is told? Say it with --url, or write a program behind --');
        const { machines, mode: _mode, ...rest } = change;
        const input = { name, events, ...rest, ...(typeof machines === 'string' ? { machines } : {}) };
        const added = await (await client()).call('addHook', { input });
        await output.changed(
          HOOKS,
          added,
          `Hook ${name} is told of ${added.events.join(', ')}: muster hook test ${name} tries it`,
        );
      }),
    );
}

function addSet(hook: Command, act: Act): void {
  withFlags(hook.command('set').argument('<name>').argument('[command...]'))
    .description('change a hook; what is not named stays')
    .option('--all-machines', 'events of all machines, and of none')
    .option('--off', 'tell it nothing')
    .option('--on', 'tell it again, of what happens from now on')
    .action(
      act<HookFlags>(async ({ client, output, terminal }, [name = '', ...argv], flags) => {
        const input = await changeOf(terminal, flags, argv);
        if (Object.keys(input).length === 0)
          throw new CliFailure('usage', 'What shall change? muster hook set --help shows what there is');
        const changed = await (await client()).call('changeHook', { params: { name }, input });
        await output.changed(HOOKS, changed, `Hook ${name} is ${changed.mode}`);
      }),
    );
}

function addTest(hook: Command, act: Act): void {
  hook
    .command('test')
    .argument('<name>')
    .description('send a hook an event that did not happen, once and now')
    .action(
      act(async ({ client, output }, [name = '']) => {
        const tried = await (await client()).call('testHook', { params: { name } });
        if (output.choices.format === 'table') {
          if (tried.printed !== undefined) output.text(`${tried.printed}\n`);
          if (tried.result === 'done') output.talk(`Hook ${name} was told: ${tried.said}`);
        } else await output.data(tried, [name]);
        if (tried.result !== 'done')
          throw new CliFailure('failed', `Hook ${name} was not told: ${tried.said}`);
      }),
    );
}

function withFlags(command: Command): Command {
  return command
    .option('--events <kinds>', "kinds of events, with commas or repeated: 'install.*,power.failed'", names)
    .option('--url <url>', 'a server that is sent each event as a signed POST')
    .option('--secret-file <file>', 'a file with the key that signs it; - reads it from standard input')
    .addOption(selectorOption('only events of machines with such labels'));
}

/** @param argv the words behind `--`. */
async function changeOf(
  terminal: Terminal,
  flags: HookFlags,
  argv: readonly string[],
): Promise<WireHookChange> {
  const { events, url, secretFile, selector, allMachines, on, off } = flags;
  if (url !== undefined && argv.length > 0)
    throw new CliFailure('usage', 'A server or a program? Say --url, or write a program behind --');
  if (selector !== undefined && allMachines)
    throw new CliFailure('usage', 'All machines, or those with labels?');
  if (on && off) throw new CliFailure('usage', 'On or off? Say one of the two');
  return {
    ...(events === undefined ? {} : { events: [...events] }),
    ...(url === undefined ? {} : { url }),
    ...(argv.length === 0 ? {} : { argv: [...argv] }),
    ...(secretFile === undefined ? {} : { secret: await readSecret(terminal, secretFile) }),
    ...(selector === undefined ? {} : { machines: selector }),
    ...(allMachines ? { machines: null } : {}),
    ...(on ? { mode: 'on' as const } : off ? { mode: 'off' as const } : {}),
  };
}

const HOOKS: View<WireHook> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'MODE', cell: ({ mode }) => mode },
    { head: 'EVENTS', cell: ({ events }) => events.join(', '), gives: 'cut' },
    { head: 'MACHINES', cell: ({ machines }) => machines ?? 'all', gives: 'cut' },
    { head: 'TELLS', cell: ({ url, argv }) => url ?? (argv ?? []).join(' '), gives: 'cut' },
  ],
  details: (hook) => [
    ['name', hook.name],
    ['mode', hook.mode],
    ['events', hook.events.join('\n')],
    ['machines', hook.machines ?? 'all, and events of no machine'],
    ['tells', hook.url ?? (hook.argv ?? []).join(' ')],
    ['key', hook.secret],
    ['added', timeForm(hook.createdAt)],
  ],
};

const DELIVERIES: Pick<View<WireDelivery>, 'columns' | 'nameOf'> = {
  nameOf: ({ delivery }) => delivery,
  columns: [
    { head: 'DELIVERY', cell: ({ delivery }) => delivery },
    { head: 'KIND', cell: ({ kind }) => kind },
    { head: 'STATE', cell: ({ state }) => state, tone: ({ state }) => (state === 'done' ? 'good' : 'bad') },
    { head: 'ATTEMPTS', cell: ({ attempts }) => String(attempts) },
    { head: 'LAST', cell: ({ lastAt }) => timeForm(lastAt), short: ({ lastAt }) => shortTimeForm(lastAt) },
    { head: 'RESULT', cell: ({ result }) => result, gives: 'cut' },
  ],
};
