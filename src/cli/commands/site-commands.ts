import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { SITE_KINDS, type SiteOutcome } from '../../contract/site-schemas.ts';
import type { SiteFault } from '../../core/site/site-nodes.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { EXIT, type ExitName } from '../exit-codes.ts';
import { texts } from '../option-values.ts';
import { jsonText } from '../output.ts';
import { printable } from '../printable.ts';
import { changeLines, diffText, SECTION_OF, summaryOf } from '../site/outcome-text.ts';
import { withSecretFiles } from '../site/secret-files.ts';
import { readSiteFiles } from '../site/site-files.ts';

type Outcome = z.output<typeof SiteOutcome>;
type Kind = (typeof SITE_KINDS)[number];

interface FileFlags {
  readonly file: readonly string[];
  readonly prune?: true;
  readonly secrets?: string;
}

/** All that is set up, as files that fit in git. */
export function addSiteCommands(program: Command, act: Act): void {
  withFiles(program.command('apply'))
    .description('make all as a site file says, or change nothing')
    .option('--dry-run', 'change nothing, and tell what would be')
    .action(
      act<FileFlags & { readonly dryRun?: true }>(
        async (context, _, flags) => await applyFiles(context, flags),
      ),
    );
  withFiles(program.command('diff'))
    .description('what a site file would change: exit 0 for nothing, 1 for something, 78 for a faulty file')
    .action(
      act<FileFlags>(async (context, _, { file, prune, secrets }) => {
        const outcome = await ask(context, { file, prune, secrets, dryRun: true, exit: 'badConfiguration' });
        const { format, color } = context.output.choices;
        if (format === 'table') context.output.text(await diffText(outcome, file.join(' '), color));
        else await context.output.data(outcome, outcome.changes.map(nameOf));
        context.endWith(outcome.changes.length === 0 ? EXIT.ok : EXIT.failed);
      }),
    );
  addExport(program, act);
}

function withFiles(command: Command): Command {
  return command
    .addOption(
      new Option('-f, --file <file>', 'a file, a folder of them, or - for what comes in; may be repeated')
        .argParser(texts)
        .makeOptionMandatory(),
    )
    .option('--prune', 'take away what is not in a section that the file has')
    .option('--secrets <folder>', 'where the files are that the site names as secretFile');
}

function addExport(program: Command, act: Act): void {
  program
    .command('export')
    .description('all that is set up, as a site file: applied again, it changes nothing')
    .addOption(new Option('--kind <kind>', 'only things of this kind; may be repeated').argParser(readKind))
    .option(
      '--with-secrets',
      'hashes of passwords and the like, too, never a password or a key; left out, apply keeps those that are there',
    )
    .action(
      act<{ readonly kind?: readonly Kind[]; readonly withSecrets?: true }>(
        async ({ client, output }, _, { kind, withSecrets }) => {
          const query = { secrets: withSecrets ? ('with' as const) : ('without' as const) };
          const site = await (await client()).call('exportSite', { query });
          const sections = kind?.map((one) => SECTION_OF[one]);
          const wanted = Object.fromEntries(
            Object.entries(site).filter(([section]) => sections?.some((one) => one === section) ?? true),
          );
          if (output.choices.format === 'json') output.text(`${jsonText(wanted, 2)}\n`);
          else {
            const { siteText } = await import('../site/site-text.ts');
            output.text(siteText(wanted));
          }
        },
      ),
    );
}

function readKind(text: string, before: readonly Kind[] = []): readonly Kind[] {
  const kind = SITE_KINDS.find((known) => known === text);
  if (kind === undefined) throw new CliFailure('usage', `--kind ${text}: it may be ${SITE_KINDS.join(', ')}`);
  return [...before, kind];
}

/** @throws CliFailure where nothing was changed. */
export async function applyFiles(
  context: CliContext,
  { file, prune, secrets, dryRun }: FileFlags & { readonly dryRun?: true },
): Promise<void> {
  const asked = { file, prune, secrets, exit: 'failed' } as const;
  const told = dryRun || prune ? await ask(context, { ...asked, dryRun: true }) : undefined;
  const going = told?.changes.filter(({ change }) => change === 'remove') ?? [];
  if (!dryRun && going.length > 0)
    await context.confirm(`Take away ${going.map(nameOf).join(', ')}, which the file does not have?`);
  const outcome =
    dryRun && told ? told : await ask(context, { ...asked, dryRun: false, agreed: going.map(nameOf) });
  const { output } = context;
  if (output.choices.format === 'table') output.text(changeLines(outcome, output.choices.color));
  else await output.data(outcome, outcome.changes.map(nameOf));
  output.talk(summaryOf(outcome));
}

function nameOf({ kind, name }: Outcome['changes'][number]): string {
  return kind === 'policy' ? 'policy' : `${kind} ${name}`;
}

interface Asking {
  readonly file: readonly string[];
  readonly prune?: true | undefined;
  readonly secrets?: string | undefined;
  readonly dryRun: boolean;
  readonly agreed?: readonly string[];
  /** How a fault in the file ends the command. */
  readonly exit: ExitName;
}

/** @throws CliFailure when the site has faults; each was told on a line of its own, with where it is. */
async function ask(
  context: CliContext,
  { file, prune, secrets, dryRun, agreed, exit }: Asking,
): Promise<Outcome> {
  const { readSite } = await import('../../core/site/read-site.ts');
  const read = readSite(await readSiteFiles(context, file, exit));
  if (!read.read) throw faulty(context, exit, read.faults, read.untold);
  const { site, issues } = await withSecretFiles(read.site, secrets, context.terminal);
  if (issues.length > 0) throw faulty(context, exit, read.placed(issues), 0);
  const input = {
    site,
    prune: prune === true,
    dryRun,
    ...(prune && agreed ? { agreed: [...agreed] } : {}),
  };
  try {
    return await (await context.client()).call('applySite', { input });
  } catch (error) {
    if (!(error instanceof CliFailure) || error.issues.length === 0) throw error;
    throw faulty(context, exit, read.placed(error.issues), 0);
  }
}

/** Each fault on a line of its own, as compilers tell them, so that editors find the place. */
function faulty(
  { terminal }: CliContext,
  exit: ExitName,
  faults: readonly SiteFault[],
  untold: number,
): CliFailure {
  for (const { place, because } of faults) {
    const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `;
    terminal.err(`${printable(`${where}${because}`)}\n`);
  }
  const count = faults.length + untold;
  return new CliFailure(exit, `Nothing was changed: ${count === 1 ? 'one fault' : `${count} faults`}`);
}
