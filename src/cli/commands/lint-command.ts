import type { Command } from 'commander';
import type { z } from 'zod';
import type { AnswerFinding } from '../../contract/lint-schemas.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { readText } from '../read-text.ts';
import { countForm } from '../text-forms.ts';

type WireFinding = z.output<typeof AnswerFinding> & {
  /** As people find it: a file's name, or `profile web`, or `profile web (kickstart of web01)`. */
  readonly file: string;
};

interface Look {
  readonly findings: readonly WireFinding[];
  /** One sentence for each profile that no answer file comes of. */
  readonly passedOver: readonly string[];
}

interface LintFlags {
  readonly machine?: string;
  readonly file?: string;
  readonly kind?: string;
  readonly release?: string;
}

export function addLint(profile: Command, act: Act): void {
  profile
    .command('lint')
    .argument('[profiles...]', 'which ones; else all')
    .description('what is wrong with answer files, before an installer reads them; nothing changes')
    .option('--machine <machine>', 'as this machine would get them; else as one that has nothing of its own')
    .option('--file <file>', 'look through this answer file instead; - reads standard input')
    .option('--kind <kind>', 'which installer reads that file: kickstart, preseed, autoinstall, …')
    .option('--release <system>', 'which system it installs: "Rocky Linux 9.4", "Fedora 42"')
    .action(
      act<LintFlags>(async (context, profiles, flags) => {
        const { findings, passedOver } =
          flags.file === undefined
            ? await lintProfiles(context, profiles, flags)
            : await lintFile(context, profiles, { ...flags, file: flags.file });
        const lines = findings.map(findingLine);
        if (context.output.choices.format !== 'table') await context.output.data(findings, lines);
        else if (lines.length > 0) context.output.text(`${lines.join('\n')}\n`);
        for (const sentence of passedOver) context.output.talk(sentence);
        const errors = findings.filter(({ level }) => level === 'error').length;
        if (findings.length === 0) context.output.talk('Nothing is wrong');
        else
          context.output.talk(
            `${countForm(errors, 'error')}, ${countForm(findings.length - errors, 'warning')}`,
          );
        if (errors > 0) context.endWith(EXIT.failed);
      }),
    );
}

async function lintProfiles(
  { client }: CliContext,
  names: readonly string[],
  { machine, kind, release }: LintFlags,
): Promise<Look> {
  if (kind !== undefined || release !== undefined)
    throw new CliFailure('usage', '--kind and --release go with --file: a profile has its own');
  const api = await client();
  const all = names.length > 0 ? names : (await api.call('listProfiles', {})).items.map(({ name }) => name);
  const findings: WireFinding[] = [];
  const passedOver: string[] = [];
  for (const name of all) {
    const query = machine === undefined ? {} : { machine };
    const linted = await api.call('lintProfile', { params: { name }, query });
    if (linted.because !== undefined)
      passedOver.push(printable(`profile ${name}: nothing to look through: ${linted.because}`));
    const answer = `profile ${name} (${linted.kind} of ${linted.machine})`;
    findings.push(
      ...linted.findings.map((finding) => ({
        ...finding,
        file: finding.file === 'answer' ? answer : finding.file,
      })),
    );
  }
  return { findings, passedOver };
}

async function lintFile(
  context: CliContext,
  profiles: readonly string[],
  { file, kind, release, machine }: LintFlags & { readonly file: string },
): Promise<Look> {
  if (profiles.length > 0 || machine !== undefined)
    throw new CliFailure('usage', 'A profile or a --file? Say one of the two');
  if (kind === undefined)
    throw new CliFailure('usage', 'Which installer reads the file? Say it with --kind, such as kickstart');
  const text = await readText(context, file, 'the answer file');
  const system =
    release === undefined ? {} : { title: release, release: /\d[\d.]*/.exec(release)?.[0] ?? release };
  const { items } = await (await context.client()).call('lintAnswer', { input: { kind, text, ...system } });
  const name = file === '-' ? 'standard input' : file;
  return { findings: items.map((finding) => ({ ...finding, file: name })), passedOver: [] };
}

/** `profile web:12:5: error: what is wrong`, as compilers say it. */
export function findingLine({ file, line, column, level, text }: WireFinding): string {
  const place = column === undefined ? `${line}` : `${line}:${column}`;
  return printable(`${file}:${place}: ${level}: ${text}`);
}
