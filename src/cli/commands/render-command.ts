import type { Command } from 'commander';
import type { z } from 'zod';
import type { DraftAnswer, Profile } from '../../contract/profile-schemas.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { ApiClient } from '../client.ts';
import { EXIT } from '../exit-codes.ts';
import { pairs } from '../option-values.ts';
import { readText } from '../read-text.ts';
import { withAsked } from '../secrets.ts';
import { findingLine } from './lint-command.ts';
import { withProfileFlags } from './profile-flags.ts';

interface RenderFlags {
  readonly profile?: string;
  readonly machine?: string;
  readonly file?: string;
  readonly draft?: string;
  readonly image?: string;
  readonly var?: readonly (readonly [name: string, value: string])[];
}

export function addRender(profile: Command, act: Act): void {
  profile
    .command('render')
    .argument('<machine>', 'its name, id or MAC address; with --machine, the name of the profile')
    .description('the answer file as a machine would get it; nothing changes')
    .option('--profile <name>', 'by which profile; else that of its newest install')
    .option('--machine <machine>', 'for which machine, where the profile is named first')
    .option('--file <name>', 'a file that its installer fetches beside the answer file, such as meta-data')
    .option('--draft <file>', 'as if the profile had this template; - reads standard input')
    .option('--image <name>', 'with --draft: as if it installed this image')
    .option('--var <name=value>', 'with --draft: as if it had this variable; may be repeated', pairs)
    .action(
      act<RenderFlags>(async (context, [first = ''], flags) => {
        if (flags.machine !== undefined && flags.profile !== undefined)
          throw new CliFailure('usage', 'The machine is named twice: MACHINE --profile NAME is enough');
        const machine = flags.machine ?? first;
        const name = flags.machine === undefined ? flags.profile : first;
        const { draft } = flags;
        if (draft === undefined) await render(context, machine, name, flags);
        else await renderDraft(context, machine, name, { ...flags, draft });
      }),
    );
}

async function render(
  { client, output }: CliContext,
  machine: string,
  profile: string | undefined,
  { file: wanted, image, var: variables }: RenderFlags,
): Promise<void> {
  if (image !== undefined || variables !== undefined)
    throw new CliFailure('usage', '--image and --var go with --draft: a profile that is kept has its own');
  const query = {
    ...(profile === undefined ? {} : { profile }),
    ...(wanted === undefined ? {} : { file: wanted }),
  };
  const answer = await (await client()).call('renderMachine', { params: { machine }, query });
  const { file, files, findings } = answer;
  if (output.choices.format === 'table') output.text(answer.text);
  else await output.data(answer, [file]);
  for (const finding of findings)
    output.talk(findingLine({ ...finding, file: `${answer.kind} of ${machine}` }));
  const others = files.filter((other) => other !== file);
  if (others.length > 0) output.talk(`Beside it: ${others.join(', ')}; --file NAME shows one`);
}

async function renderDraft(
  context: CliContext,
  machine: string,
  name: string | undefined,
  flags: RenderFlags & { readonly draft: string },
): Promise<void> {
  if (flags.file !== undefined)
    throw new CliFailure('usage', '--draft shows the answer file: leave --file out');
  const template = await readText(context, flags.draft, 'the draft');
  const client = await context.client();
  const before = await draftedFrom(client, machine, name);
  const image = flags.image ?? before.image;
  if (image === undefined)
    throw new CliFailure('usage', 'There is no profile to try it with: say --profile NAME or --image NAME');
  const asked = await withAsked(context, flags.var === undefined ? {} : { var: flags.var });
  const input = withProfileFlags({ arguments: '', variables: {}, ...before, image }, asked, template);
  await show(context, await client.call('renderDraft', { params: { machine }, input }));
}

/** What the draft is a change of: the profile that is named, or that of the newest install, as it is kept. */
async function draftedFrom(
  client: ApiClient,
  machine: string,
  named: string | undefined,
): Promise<Partial<z.output<typeof Profile>>> {
  if (named !== undefined) {
    const { thing } = await client.read('getProfile', { params: { name: named } });
    return thing ?? { name: named };
  }
  const [newest] = (await client.call('listInstalls', { query: { machine, limit: 1 } })).items;
  if (newest === undefined) return {};
  // It may be the install of a tool, which is no profile.
  const { items } = await client.call('listProfiles', {});
  return items.find(({ name }) => name === newest.profile) ?? {};
}

async function show(context: CliContext, answer: z.output<typeof DraftAnswer>): Promise<void> {
  const { output } = context;
  const { text, kind, machine, findings, because } = answer;
  if (output.choices.format !== 'table') await output.data(answer, [answer.profile]);
  else if (text !== undefined) output.text(text);
  for (const finding of findings) {
    const file = finding.file === 'answer' ? `${kind} of ${machine}` : finding.file;
    output.talk(findingLine({ ...finding, file }));
  }
  if (because !== undefined) output.talk(because);
  if (text === undefined) context.endWith(EXIT.failed);
}
