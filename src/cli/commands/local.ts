import type { Command } from 'commander';
import { applyWhenUp } from '../site/apply-when-up.ts';
import type { Act } from '../cli-context.ts';
import type { ConfigShowOptions, SettingsOptions } from '../local-commands.ts';
import { texts } from '../option-values.ts';

interface GivenSettings {
  readonly config?: string;
  readonly set?: readonly string[];
}

/** Commands that run here and ask no server. */
export function addLocalCommands(program: Command, act: Act): void {
  withSettings(program.command('up'))
    .description('run the server in the foreground, until it is told to stop')
    .option(
      '--site <file>',
      'apply this site file, or this folder of them, as soon as it runs, in place of that of the settings (site.file)',
    )
    .action(
      act<GivenSettings & { readonly site?: string }>(async (context, _, { site, ...options }) => {
        const settings = settingsOf(options);
        const running = context.local.up({ ...settings, ...context.talk });
        const over = new AbortController();
        const applied = applyWhenUp(context, { file: site, settings, over: over.signal });
        context.endWith(await running.finally(() => over.abort()));
        await applied;
      }),
    );
  program
    .command('demo')
    .description('install a virtual machine in a private network, and show each step (needs root and QEMU)')
    .action(
      act(async (context) => {
        context.endWith(await context.local.demo(context.talk));
      }),
    );
  const config = program.command('config').description('what the server needs to start');
  withSettings(config.command('check'))
    .description('whether the settings can be used; says where they cannot')
    .action(
      act<GivenSettings>(async (context, _, options) => {
        context.endWith(await context.local.configCheck(settingsOf(options)));
      }),
    );
  withSettings(config.command('show'))
    .description('the settings as they hold here')
    .option('--origin', 'say where each comes from')
    .action(
      act<GivenSettings & { readonly origin?: true }>(async (context, _, options) => {
        const show: ConfigShowOptions = {
          origin: options.origin === true,
          format: context.output.choices.format,
        };
        context.endWith(await context.local.configShow({ ...settingsOf(options), ...show }));
      }),
    );
}

function withSettings(command: Command): Command {
  return command
    .option('--config <file>', 'read this settings file in place of the usual ones')
    .option('--set <name=value>', 'a setting, over all files and variables; may be repeated', texts);
}

function settingsOf({ config, set }: GivenSettings): SettingsOptions {
  return { ...(config === undefined ? {} : { config }), set: set ?? [] };
}
