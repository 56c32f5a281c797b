import type { Command } from 'commander';
import type { z } from 'zod';
import type { Profile } from '../../contract/profile-schemas.ts';
import { asItWasRead } from '../as-it-was-read.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { addLint } from './lint-command.ts';
import { type ProfileFlags, withProfileFlags } from './profile-flags.ts';
import { addRender } from './render-command.ts';
import { loaderOption } from '../loader-option.ts';
import { memoryCheckOption } from '../memory-option.ts';
import { names, pairs } from '../option-values.ts';
import { readText } from '../read-text.ts';
import { ASK_WORDS, passwordNames, withAsked } from '../secrets.ts';
import { sourceOption } from '../source-option.ts';
import type { View } from '../output.ts';
import { countForm, variablesForm } from '../text-forms.ts';
import { addTemplateWords } from './template-words-command.ts';

type WireProfile = z.output<typeof Profile>;

export function addProfileCommands(program: Command, act: Act): void {
  const profile = program
    .command('profile')
    .description('how to install: an image, its answer file, its arguments');
  profile
    .command('set')
    .argument('<name>')
    .description('make a profile, or change one; what is not named stays')
    .option('--image <name>', 'the image to install')
    .option('--template <file>', "the answer file's template; - reads standard input")
    .option('--default-template', 'use the template that comes with Muster again')
    .option('--args <words>', "words for the kernel's command line")
    .option('--var <name=value>', 'for the template; may be repeated', pairs)
    .option('--ask <name>', ASK_WORDS, passwordNames)
    .option('--unset-var <name>', 'take a variable away; may be repeated', names)
    .addOption(loaderOption('the loader machines boot its installer with'))
    .addOption(sourceOption('over what its installers get the tree of the image'))
    .addOption(memoryCheckOption('off: start it on machines with too little memory, too'))
    .action(act<ProfileFlags>(async (context, [name = ''], flags) => await set(context, name, flags)));
  profile
    .command('ls')
    .description('all profiles')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listProfiles', {});
        await output.list(PROFILES, items, 'There is no profile: muster profile set makes one');
      }),
    );
  profile
    .command('show')
    .argument('<name>')
    .description('one profile')
    .action(
      act(async ({ client, output }, [name = '']) => {
        await output.thing(PROFILES, await (await client()).call('getProfile', { params: { name } }));
      }),
    );
  profile
    .command('rm')
    .argument('<name>')
    .description('take a profile away')
    .action(
      act(async (context, [name = '']) => {
        await context.confirm(`Take profile ${name} away?`);
        await (await context.client()).call('deleteProfile', { params: { name } });
        context.output.talk(`Profile ${name} is gone`);
      }),
    );
  addRender(profile, act);
  addTemplateWords(profile, act);
  addLint(profile, act);
}

async function set(context: CliContext, name: string, flags: ProfileFlags): Promise<void> {
  const client = await context.client();
  const params = { name };
  const template =
    flags.template === undefined ? undefined : await readText(context, flags.template, 'the template');
  const asked = await withAsked(context, flags);
  const put = await asItWasRead(async () => {
    const { thing: before, tag } = await client.read('getProfile', { params });
    const image = flags.image ?? before?.image;
    if (image === undefined)
      throw new CliFailure('usage', `There is no profile "${name}" yet: say with --image what it installs`);
    const input = withProfileFlags({ arguments: '', variables: {}, ...before, image }, asked, template);
    return await client.call('putProfile', { params, input }, { tag });
  });
  await context.output.changed(PROFILES, put, `Profile ${name} installs ${put.image}`);
}

const PROFILES: View<WireProfile> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'IMAGE', cell: ({ image }) => image },
    { head: 'TEMPLATE', cell: ({ template }) => (template === undefined ? "Muster's" : 'own') },
    { head: 'ARGUMENTS', cell: (profile) => profile.arguments, gives: 'cut' },
    { head: 'VARIABLES', cell: ({ variables }) => Object.keys(variables).join(', '), gives: 'cut' },
  ],
  details: (profile) => [
    ['name', profile.name],
    ['image', profile.image],
    ['template', templateForm(profile.template)],
    ['arguments', profile.arguments],
    ['variables', variablesForm(profile.variables)],
    ['loader', profile.loader ?? 'any'],
    ['source', profile.source ?? 'auto'],
    ['memory check', profile.memoryCheck ?? 'on'],
  ],
};

function templateForm(template: string | undefined): string {
  if (template === undefined) return 'the one that comes with Muster';
  return `its own, ${countForm(template.split('\n').length, 'line')}; -o yaml shows it`;
}
