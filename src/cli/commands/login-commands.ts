import type { Command } from 'commander';
import type { Act, CliContext } from '../cli-context.ts';
import type { ApiClient } from '../client.ts';
import { CliFailure } from '../cli-failure.ts';
import { readPassword } from '../secrets.ts';
import { keepSession } from '../session-file.ts';

interface LoginFlags {
  readonly user?: string;
  readonly link?: string;
}

/** How people come in by the command line, and go. */
export function addLoginCommands(program: Command, act: Act): void {
  program
    .command('login')
    .description(
      'log in to the server that --server names, until muster logout, or half a day without a command',
    )
    .option('--user <name>', 'the name; asked for where it is left out')
    .option('--link <link>', 'a link for one time, which sets a new password')
    .action(act<LoginFlags>(async (context, _, flags) => await logIn(context, flags)));
  program
    .command('logout')
    .description('end the session that muster login began')
    .action(
      act(async (context) => {
        await (await context.client()).call('logOut', {});
        const server = await context.server();
        await keepSession(context.terminal, server, undefined);
        context.output.talk(`Nobody is logged in to ${server} any more`);
      }),
    );
  program
    .command('passwd')
    .description('set another password of your own; all your other sessions end')
    .action(
      act(async (context) => {
        const old = await askOld(context);
        const next = await readPassword(context, 'new password');
        const client = await context.client();
        await client.call('changePassword', { input: { old, new: next } });
        await keep(context, client);
        context.output.talk('The password is changed, and all other sessions of yours are over');
      }),
    );
}

async function logIn(context: CliContext, { user, link }: LoginFlags): Promise<void> {
  const client = await context.client();
  const session = await client.call('logIn', { input: await shown(context, user, link) });
  const file = await keep(context, client);
  context.output.talk(
    `You are ${session.who ?? ''} at ${await context.server()}, with the role ${session.role ?? 'none'} (kept in ${file})`,
  );
}

async function shown(context: CliContext, user: string | undefined, link: string | undefined) {
  if (link === undefined) {
    const name = user ?? (await askName(context));
    return { user: name, password: await askOld(context) };
  }
  const newPassword = await readPassword(context, 'new password');
  return { link: link.replace(/^.*#login=/, ''), newPassword, ...(user === undefined ? {} : { user }) };
}

async function askName({ terminal }: CliContext): Promise<string> {
  if (!terminal.inIsTerminal)
    throw new CliFailure('usage', 'There is no terminal to ask for a name on: say --user');
  return (await terminal.ask('User: ')).trim();
}

async function askOld({ terminal }: CliContext): Promise<string> {
  if (terminal.inIsTerminal) return await terminal.askSecret('Password: ');
  const [line = ''] = (await terminal.readInput()).split(/\r?\n/);
  return line;
}

async function keep(context: CliContext, { session }: ApiClient): Promise<string> {
  return await keepSession(context.terminal, await context.server(), session);
}
