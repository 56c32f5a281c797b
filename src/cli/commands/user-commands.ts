import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { User, UserChange } from '../../contract/people-schemas.ts';
import { ROLE_SENTENCES, type Role, ROLES } from '../../lib/roles.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { View } from '../output.ts';
import { timeForm } from '../text-forms.ts';

type WireUser = z.output<typeof User>;

interface UserFlags {
  readonly role?: Role;
  readonly lock?: true;
  readonly unlock?: true;
}

const ROLE_WORDS = Object.entries(ROLE_SENTENCES)
  .map(([role, sentence]) => `${role} ${sentence}`)
  .join('; ');

export function roleOption(words: string): Option {
  return new Option('--role <role>', words).choices(ROLES);
}

/** Who may log in. */
export function addUserCommands(program: Command, act: Act): void {
  const user = program.command('user').description('people who log in, and what each may do');
  user
    .command('add')
    .argument('<name>')
    .description('add a user, and make the link with which they set a password')
    .addOption(roleOption(ROLE_WORDS).default('operator'))
    .action(
      act<{ readonly role: Role }>(async (context, [name = ''], { role }) => {
        const client = await context.client();
        const added = await client.call('addUser', { input: { name, role } });
        context.output.talk(`User ${name} is there, with the role ${role}`);
        await tellLink(context, name, added);
      }),
    );
  user
    .command('ls')
    .description('all users')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listUsers', {});
        await output.list(USERS, items, 'There is no user: muster user add NAME makes one');
      }),
    );
  user
    .command('show')
    .argument('<name>')
    .description('one user')
    .action(
      act(async ({ client, output }, [name = '']) => {
        await output.thing(USERS, await (await client()).call('getUser', { params: { name } }));
      }),
    );
  addChangingCommands(user, act);
}

function addChangingCommands(user: Command, act: Act): void {
  user
    .command('set')
    .argument('<name>')
    .description('change what a user may do; holds at once, for open sessions and tokens as well')
    .addOption(roleOption(ROLE_WORDS))
    .option('--lock', 'nobody logs in as this user, nor do their programs')
    .option('--unlock', 'they log in again')
    .action(act<UserFlags>(async (context, [name = ''], flags) => await change(context, name, flags)));
  user
    .command('link')
    .argument('<name>')
    .description('make a link with which a user sets a new password: good once, for 24 hours')
    .action(act(async (context, [name = '']) => await tellLink(context, name)));
  user
    .command('rm')
    .argument('<name>')
    .description('take a user away, and all sessions and tokens of theirs')
    .action(
      act(async (context, [name = '']) => {
        await context.confirm(`Take user ${name} away, and all tokens of theirs?`);
        await (await context.client()).call('deleteUser', { params: { name } });
        context.output.talk(`User ${name} is gone`);
      }),
    );
}

async function change(context: CliContext, name: string, { role, lock, unlock }: UserFlags): Promise<void> {
  if (lock && unlock) throw new CliFailure('usage', 'Say one of the two: --lock or --unlock');
  const input: z.input<typeof UserChange> = {
    ...(role === undefined ? {} : { role }),
    ...(lock ? { state: 'locked' } : unlock ? { state: 'active' } : {}),
  };
  if (Object.keys(input).length === 0)
    throw new CliFailure('usage', 'Say what to change: --role, --lock or --unlock');
  const changed = await (await context.client()).call('changeUser', { params: { name }, input });
  await context.output.changed(
    USERS,
    changed,
    `User ${name} is ${changed.state}, with the role ${changed.role}`,
  );
}

/** On standard output, since it is what was asked for; whoever has it becomes that user. */
async function tellLink(context: CliContext, name: string, more: object = {}): Promise<void> {
  const link = await (await context.client()).call('makeLoginLink', { params: { name } });
  const url = `${await context.server()}${link.path}`;
  if (context.output.choices.format !== 'table')
    return await context.output.data({ ...more, link: url, linkExpiresAt: link.expiresAt }, [name]);
  context.output.talk(
    `Give ${name} this link, on a way that nobody else reads; it sets a password, once, until ${timeForm(link.expiresAt)}:`,
  );
  context.output.text(`${url}\n`);
}

const USERS: View<WireUser> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'ROLE', cell: ({ role }) => role },
    { head: 'STATE', cell: ({ state }) => state },
    { head: 'PASSWORD', cell: ({ password }) => password },
    { head: 'ADDED', cell: ({ createdAt }) => timeForm(createdAt) },
  ],
  details: (user) => [
    ['name', user.name],
    ['role', user.role],
    ['state', user.state],
    ['password', user.password],
    ['added', timeForm(user.createdAt)],
  ],
};
