import type { Command } from 'commander';
import type { z } from 'zod';
import type { ApiToken, AuditEntry, WhoAsks } from '../../contract/people-schemas.ts';
import type { Role } from '../../lib/roles.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { integer, names, seconds } from '../option-values.ts';
import { jsonText, type View } from '../output.ts';
import { shortTimeForm, timeForm } from '../text-forms.ts';
import { roleOption } from './user-commands.ts';

type WireToken = z.output<typeof ApiToken>;
type WireEntry = z.output<typeof AuditEntry>;
type WireSession = z.output<typeof WhoAsks>;

interface TokenFlags {
  readonly user?: string;
  readonly role?: Role;
  readonly only?: readonly string[];
  readonly expires?: number;
}

interface AuditFlags {
  readonly who?: string;
  readonly route?: string;
  readonly path?: string;
  readonly limit?: number;
}

/** What programs log in with. */
export function addTokenCommands(program: Command, act: Act): void {
  const token = program.command('token').description('what programs show the API in place of a log-in');
  token
    .command('add')
    .argument('<title>', 'what it is for')
    .description('make a token; its secret is told this once, on standard output')
    .option('--user <name>', 'whose it is; left out: whoever asks')
    .addOption(roleOption('what it may, and no more than its user; left out: viewer'))
    .option('--only <paths>', 'only these parts of the API, such as machines,installs', names)
    .option('--expires <time>', 'good for so long: 90d, 12h; left out: until it is taken away', seconds)
    .action(act<TokenFlags>(async (context, [title = ''], flags) => await add(context, title, flags)));
  token
    .command('ls')
    .description('tokens, newest first')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listTokens', {});
        await output.list(TOKENS, items, 'There is no token: muster token add TITLE makes one');
      }),
    );
  token
    .command('rm')
    .argument('<id>')
    .description('take a token away; what asks with it is refused from then on')
    .action(
      act(async (context, [id = '']) => {
        await context.confirm(`Take token ${id} away?`);
        await (await context.client()).call('deleteToken', { params: { id } });
        context.output.talk(`Token ${id} is gone`);
      }),
    );
}

async function add(
  context: CliContext,
  title: string,
  { user, role, only, expires }: TokenFlags,
): Promise<void> {
  const { secret, ...token } = await (await context.client()).call('addToken', {
    input: {
      title,
      ...(user === undefined ? {} : { user }),
      ...(role === undefined ? {} : { role }),
      ...(only === undefined ? {} : { only: [...only] }),
      ...(expires === undefined ? {} : { expiresSeconds: expires }),
    },
  });
  if (context.output.choices.format !== 'table')
    return await context.output.data({ ...token, secret }, [secret]);
  context.output.talk(
    `Token ${token.id} of ${token.user} is made, with the role ${token.role}; this is told once, keep it in a file for --token-file:`,
  );
  context.output.text(`${secret}\n`);
}

/** Who asks, and who changed what. */
export function addAuditCommands(program: Command, act: Act): void {
  program
    .command('whoami')
    .description('who this command line is to the server, and what it may')
    .action(
      act(async ({ client, output }) => {
        const session = await (await client()).call('getSession', {});
        await output.thing(SESSION, session);
      }),
    );
  program
    .command('audit')
    .description('who changed what, oldest first')
    .option('--who <user>', 'only what this user did')
    .option('--route <name>', 'only this kind of request, such as putSubnet')
    .option('--path <path>', 'only what begins so, such as /machines/web01')
    .option('--limit <number>', 'the newest so many; 100 unless said', integer)
    .action(
      act<AuditFlags>(async ({ client, output }, _, { limit, ...flags }) => {
        const query = { ...flags, ...(limit === undefined ? {} : { limit: String(limit) }) };
        const { items } = await (await client()).call('listAudit', { query });
        await output.list(AUDIT, items.toReversed(), 'Nothing was changed yet');
      }),
    );
}

const TOKENS: View<WireToken> = {
  nameOf: ({ id }) => id,
  columns: [
    { head: 'ID', cell: ({ id }) => id },
    { head: 'USER', cell: ({ user }) => user },
    { head: 'FOR', cell: ({ title }) => title, gives: 'cut' },
    { head: 'ROLE', cell: ({ role }) => role },
    { head: 'ONLY', cell: ({ only }) => only.join(', '), gives: 'cut' },
    { head: 'EXPIRES', cell: ({ expiresAt }) => (expiresAt === undefined ? 'never' : timeForm(expiresAt)) },
    { head: 'USED', cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? 'never' : timeForm(lastUsedAt)) },
  ],
  details: (token) => [['id', token.id]],
};

const SESSION: View<WireSession> = {
  nameOf: ({ who }) => who ?? '',
  columns: [],
  details: ({ who, role, by, only }) => [
    ['who', who ?? 'nobody: log in on the page, or say --token-file'],
    ['role', role ?? 'none'],
    ['shown by', by ?? 'nothing'],
    ['for', only === undefined ? 'all' : only.join(', ')],
  ],
};

const AUDIT: View<WireEntry> = {
  nameOf: ({ id }) => String(id),
  columns: [
    { head: 'AT', cell: ({ at }) => timeForm(at), short: ({ at }) => shortTimeForm(at) },
    { head: 'WHO', cell: ({ who, by }) => (who === '' ? '(nobody)' : `${who} (${by})`) },
    { head: 'FROM', cell: ({ address }) => address, gives: 'whole' },
    { head: 'WHAT', cell: ({ route }) => route },
    { head: 'PATH', cell: ({ path }) => path, gives: 'cut' },
    { head: 'STATUS', cell: ({ status }) => String(status) },
    { head: 'BECAME', cell: changedText, gives: 'cut' },
  ],
  details: (entry) => [['id', String(entry.id)]],
};

/** The fields that differ; all of it is in -o json. */
function changedText({ before, after }: WireEntry): string {
  if (!isRecord(before) || !isRecord(after)) return '';
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => jsonText(before[name] ?? null) !== jsonText(after[name] ?? null)).join(', ');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
