import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { texts } from '../option-values.ts';
import { readText } from '../read-text.ts';
import type { GivenAnswers, SetupAnswers } from '../setup/answers.ts';
import type { FileToWrite, FilesToWrite } from '../setup/files-to-write.ts';
import { DHCP_WAYS, type DhcpWay } from '../setup/propose.ts';
import type { SetupFacts } from '../setup/setup-facts.ts';

interface SetupFlags {
  readonly answers?: string;
  readonly interface?: string;
  readonly dhcp?: DhcpWay;
  readonly range?: string;
  readonly images?: string;
  readonly timezone?: string;
  readonly sshKeyFile?: readonly string[];
  readonly settingsFile?: string;
  readonly siteFile?: string;
  readonly dryRun?: true;
}

export function addSetupCommand(program: Command, act: Act): void {
  program
    .command('setup')
    .description(
      'ask five questions, and write what the server needs: settings, and a site file for its first subnet',
    )
    .option(
      '--answers <file>',
      'answers in YAML; what is not in it is asked, or proposed where no terminal is',
    )
    .option('--interface <name>', 'the network card the machines are on')
    .addOption(
      new Option('--dhcp <who>', 'who gives the addresses: Muster, another server, or whoever does').choices(
        DHCP_WAYS,
      ),
    )
    .option('--range <first-last>', 'addresses to give out')
    .option('--images <folder>', 'where disc images are')
    .option('--timezone <name>', 'of what is installed: Europe/Berlin')
    .option(
      '--ssh-key-file <file>',
      'a public key that root of what is installed logs in with; may be repeated',
      texts,
    )
    .option('--settings-file <file>', 'where the settings are written; else where the server looks for them')
    .option('--site-file <file>', 'where the site file is written; else beside the settings')
    .option('--dry-run', 'show the files, and write nothing')
    .action(act<SetupFlags>(setup));
}

async function setup(context: CliContext, _: readonly string[], flags: SetupFlags): Promise<void> {
  const { terminal, local, output } = context;
  const facts = await local.setupFacts();
  const before = await answersBefore(context, flags);
  const way = terminal.inIsTerminal && terminal.outIsTerminal && flags.dryRun !== true ? 'asked' : 'told';
  const answers = await (way === 'asked' ? asked : proposed)(context, facts, before);
  const { filesToWrite, writeFileWhole } = await import('../setup/files-to-write.ts');
  const files = await filesToWrite(answers, facts, {
    workingFolder: terminal.workingFolder,
    settings: flags.settingsFile ?? facts.settingsFile,
    site: flags.siteFile,
  });
  if (flags.dryRun) {
    for (const { path, text } of [files.settings, files.site]) output.text(`# ${path}\n${text}\n`);
    return;
  }
  await permitted(context, [files.settings, files.site], way);
  await writeFileWhole(files.settings);
  await writeFileWhole(files.site);
  await sayNext(context, facts, files, way);
}

/** The file first, then the flags. */
async function answersBefore(context: CliContext, flags: SetupFlags): Promise<GivenAnswers> {
  const { readAnswers } = await import('../setup/answers.ts');
  const { answers, interface: card, dhcp, range, images, timezone, sshKeyFile } = flags;
  const fromFile = answers === undefined ? {} : await readYaml(context, answers);
  const keys = await Promise.all((sshKeyFile ?? []).map(async (file) => await readKey(context, file)));
  const fromFlags = {
    ...(card === undefined ? {} : { interface: card }),
    ...(dhcp === undefined ? {} : { dhcp }),
    ...(range === undefined ? {} : { range }),
    ...(images === undefined ? {} : { images: resolve(context.terminal.workingFolder, images) }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(keys.length === 0 ? {} : { sshKeys: keys }),
  };
  return { ...readAnswers(fromFile, answers ?? ''), ...readAnswers(fromFlags, 'the command line') };
}

async function readYaml(context: CliContext, file: string): Promise<unknown> {
  const { parseYaml } = await import('../yaml-text.ts');
  const text = await readText(context, file, 'the answers');
  try {
    return parseYaml(text);
  } catch (error) {
    throw new CliFailure(
      'badConfiguration',
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function readKey(context: CliContext, file: string): Promise<string> {
  const key = (await readText(context, file, 'the key')).trim();
  if (/^(?:ssh|ecdsa|sk)-\S+ [\w+/=]+/.test(key) && !key.includes('\n')) return key;
  throw new CliFailure(
    'usage',
    `${file} is no public key of SSH: one line is wanted, such as ssh-ed25519 AAAA… (a file that ends in .pub)`,
  );
}

async function asked({ local }: CliContext, facts: SetupFacts, before: GivenAnswers): Promise<SetupAnswers> {
  const { askSetup } = await import('../setup/ask-setup.ts');
  const { chosenCard, completed } = await import('../setup/answers.ts');
  // Said before the first question, where there is no card at all.
  chosenCard(facts, before.interface);
  const { given, others } = await askSetup(
    { facts, otherServers: ({ name }) => local.otherServers(name) },
    before,
  );
  return completed(facts, given, chosenCard(facts, given.interface), others);
}

async function proposed(
  { local, output }: CliContext,
  facts: SetupFacts,
  before: GivenAnswers,
): Promise<SetupAnswers> {
  const { chosenCard, completed } = await import('../setup/answers.ts');
  const { proposeDhcp } = await import('../setup/propose.ts');
  const card = chosenCard(facts, before.interface);
  const others =
    before.dhcp === undefined
      ? await local.otherServers(card.name)
      : ({ looked: false, because: 'it was said who gives the addresses' } as const);
  if (before.dhcp === undefined) output.talk(`${card.name}: ${proposeDhcp(others).because}`);
  return completed(facts, before, card, others);
}

/** @throws CliFailure where nothing may be written. */
async function permitted(
  context: CliContext,
  files: readonly FileToWrite[],
  way: 'asked' | 'told',
): Promise<void> {
  if (way === 'asked') {
    const { agree } = await import('../setup/ask-setup.ts');
    if (await agree(files)) return;
    throw new CliFailure('failed', 'Nothing was written');
  }
  for (const { path, text } of files) context.output.talk(`${path}:\n${text}`);
  const there = files.filter(({ isThere }) => isThere).map(({ path }) => path);
  if (there.length > 0)
    await context.confirm(`Write over ${there.join(' and ')}, and keep what is there as .old?`);
}

async function sayNext(
  context: CliContext,
  facts: SetupFacts,
  files: FilesToWrite,
  way: 'asked' | 'told',
): Promise<void> {
  const sentence = `Both are written. ${await nextOf(context, facts, files)}`;
  if (way === 'told') return context.output.talk(sentence);
  const { sayDone } = await import('../setup/ask-setup.ts');
  sayDone(sentence);
}

async function nextOf(context: CliContext, facts: SetupFacts, { settings }: FilesToWrite): Promise<string> {
  const { isAnswered } = await import('../site/apply-when-up.ts');
  const door = await context.local.localDoor();
  if (door !== undefined && (await isAnswered(context.at(door))))
    return facts.isService === true
      ? 'Next: sudo systemctl restart muster'
      : 'Muster runs here already: stop it, and start it anew; it takes both';
  if (settings.path !== facts.settingsFile) return `Next: muster up --config ${settings.path}`;
  return `Next: ${facts.isService === true ? 'sudo systemctl enable --now muster' : 'muster up'}`;
}
