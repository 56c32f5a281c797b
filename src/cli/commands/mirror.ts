import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { Mirror, MirrorRefresh } from '../../contract/mirror-schemas.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { ApiClient } from '../client.ts';
import { bytes } from '../option-values.ts';
import type { View } from '../output.ts';
import { bytesForm, countForm, timeForm } from '../text-forms.ts';
import { followCheck } from './follow-check.ts';

type WireMirror = z.output<typeof Mirror>;
type WireRefresh = z.output<typeof MirrorRefresh>;

interface AddFlags {
  readonly kind?: 'debian' | 'rpm';
  readonly maxSize?: number;
}

interface SetFlags {
  readonly maxSize?: number;
  readonly offline?: true;
  readonly online?: true;
}

export function addMirrorCommands(program: Command, act: Act): void {
  const mirror = program
    .command('mirror')
    .description('package repositories elsewhere, kept here as they are used');
  addAdd(mirror, act);
  addSet(mirror, act);
  mirror
    .command('ls')
    .description('all mirrors')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listMirrors', {});
        await output.list(MIRRORS, items, 'There is no mirror: muster mirror add NAME URL makes one');
      }),
    );
  mirror
    .command('show')
    .argument('<name>')
    .description('one mirror: what it keeps, what it saves, whether its upstream can be reached')
    .action(
      act(async ({ client, output }, [name = '']) => {
        await output.thing(MIRRORS, await (await client()).call('getMirror', { params: { name } }));
      }),
    );
  mirror
    .command('rm')
    .argument('<name>')
    .description('take a mirror away, and all that is kept of it')
    .action(
      act(async (context, [name = '']) => {
        await context.confirm(`Take mirror ${name} and all that is kept of it away?`);
        await (await context.client()).call('deleteMirror', { params: { name } });
        context.output.talk(`Mirror ${name} is gone`);
      }),
    );
  addRefresh(mirror, act);
  mirror
    .command('check')
    .argument('<name>')
    .description(
      'read all that is kept, and throw away what is damaged; muster mirror show tells how far it is',
    )
    .option('--wait', 'show how far it is, and fail where something was damaged')
    .action(
      act<{ readonly wait?: true }>(async (context, [name = ''], { wait }) => {
        const { client, output } = context;
        const api = await client();
        const checked = await api.call('checkMirror', { params: { name } });
        if (wait) return await seeChecked(context, api, name);
        const files = countForm(checked.check?.files ?? checked.files, 'file');
        await output.changed(MIRRORS, checked, `Mirror ${name} is being checked: ${files} are read`);
      }),
    );
}

/** @throws CliFailure where something was damaged. */
async function seeChecked(context: CliContext, api: ApiClient, name: string): Promise<void> {
  const wasSeen = await followCheck(context, name, async () => {
    const { check } = await api.call('getMirror', { params: { name } });
    if (check === undefined || check.state === 'done') return undefined;
    return { done: check.checked, whole: check.files, unit: 'files' };
  });
  if (!wasSeen)
    return context.output.talk(`Mirror ${name} is checked without you: muster mirror show ${name}`);
  const mirror = await api.call('getMirror', { params: { name } });
  await context.output.changed(MIRRORS, mirror, `Mirror ${name} is checked: ${checkForm(mirror)}`);
  const damaged = mirror.check?.damaged ?? 0;
  if (damaged > 0)
    throw new CliFailure('failed', `${countForm(damaged, 'file')} of ${name} were damaged, and are gone`);
}

function addAdd(mirror: Command, act: Act): void {
  mirror
    .command('add')
    .argument('<name>')
    .argument('<url>', 'the repository: what stands in sources.list, or as baseurl; http or https')
    .description('add a mirror; nothing is fetched before a machine asks for it')
    .addOption(
      new Option('--kind <kind>', 'whose rules verify its files; else both').choices(['debian', 'rpm']),
    )
    .option('--max-size <size>', 'keep at most so much of it, such as 50G', bytes)
    .action(
      act<AddFlags>(async ({ client, output }, [name = '', url = ''], { kind, maxSize }) => {
        const input = {
          name,
          url,
          ...(kind === undefined ? {} : { kind }),
          ...(maxSize === undefined ? {} : { maxBytes: maxSize }),
        };
        const added = await (await client()).call('addMirror', { input });
        const sentence = `Mirror ${name} is there: machines find it at ${added.path} of the HTTP port, and in templates it is {{ mirrors["${name}"].url }}`;
        await output.changed(MIRRORS, added, sentence);
      }),
    );
}

function addSet(mirror: Command, act: Act): void {
  mirror
    .command('set')
    .argument('<name>')
    .description('change a mirror')
    .option('--max-size <size>', 'keep at most so much of it, such as 50G', bytes)
    .option('--offline', 'serve what is kept, and never ask the upstream')
    .option('--online', 'ask the upstream again')
    .action(
      act<SetFlags>(async ({ client, output }, [name = ''], { maxSize, offline, online }) => {
        if (offline && online) throw new CliFailure('usage', 'Offline or online? Say one of the two');
        const mode: WireMirror['mode'] | undefined = offline ? 'offline' : online ? 'online' : undefined;
        const input = {
          ...(maxSize === undefined ? {} : { maxBytes: maxSize }),
          ...(mode === undefined ? {} : { mode }),
        };
        const changed = await (await client()).call('changeMirror', { params: { name }, input });
        const sentence = `Mirror ${name} is ${changed.mode}, and keeps at most ${bytesForm(changed.maxBytes)}`;
        await output.changed(MIRRORS, changed, sentence);
      }),
    );
}

function addRefresh(mirror: Command, act: Act): void {
  mirror
    .command('refresh')
    .argument('<name>')
    .description('ask the upstream now for the indexes that are kept')
    .action(
      act(async (context, [name = '']) => {
        const { items } = await (await context.client()).call('refreshMirror', { params: { name } });
        await context.output.list(
          REFRESHED,
          items,
          'No machine asked for an index yet, so there is none to refresh',
        );
        if (items.some(({ result }) => result === 'kept'))
          throw new CliFailure('failed', 'Not all could be had: what was kept is served as it was');
      }),
    );
}

/** Of the requests that got a file, how many needed nothing new from the upstream. */
function hitShare({ requests }: WireMirror): string {
  const { hit = 0, shared = 0, stale = 0, miss = 0, direct = 0 } = requests;
  const all = hit + shared + stale + miss + direct;
  return all === 0 ? 'none asked for' : `${Math.round((100 * (hit + shared + stale)) / all)} %`;
}

function stateForm({ mode, unreachable }: WireMirror): string {
  if (mode === 'offline') return 'offline';
  return unreachable === undefined ? 'online' : 'unreachable';
}

function checkForm({ check }: WireMirror): string {
  if (check === undefined) return 'never since Muster started';
  const damaged = `${check.damaged} damaged`;
  if (check.endedAt === undefined)
    return `${check.checked} of ${countForm(check.files, 'file')} so far, ${damaged}`;
  return `${countForm(check.files, 'file')} at ${timeForm(check.endedAt)}, ${damaged}`;
}

const REFRESHED: Pick<View<WireRefresh>, 'columns' | 'nameOf'> = {
  nameOf: ({ folder }) => folder,
  columns: [
    { head: 'INDEXES', cell: ({ folder }) => folder },
    {
      head: 'RESULT',
      cell: ({ result }) => result,
      tone: ({ result }) => (result === 'kept' ? 'bad' : 'good'),
    },
    { head: 'BECAUSE', cell: ({ because }) => because ?? '', gives: 'cut' },
  ],
};

const MIRRORS: View<WireMirror> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    {
      head: 'STATE',
      cell: stateForm,
      tone: ({ unreachable }) => (unreachable === undefined ? 'good' : 'bad'),
    },
    { head: 'FILES', cell: ({ files }) => String(files) },
    { head: 'SIZE', cell: ({ bytes: kept }) => bytesForm(kept) },
    { head: 'LIMIT', cell: ({ maxBytes }) => bytesForm(maxBytes) },
    { head: 'HITS', cell: hitShare },
    { head: 'URL', cell: ({ url }) => url, gives: 'cut' },
  ],
  details: (mirror) => [
    ['name', mirror.name],
    ['upstream', mirror.url],
    ['served at', mirror.path],
    ['kind', mirror.kind],
    [
      'state',
      mirror.unreachable === undefined || mirror.mode === 'offline'
        ? stateForm(mirror)
        : `unreachable since ${timeForm(mirror.unreachable.since)}: ${mirror.unreachable.because}`,
    ],
    ['indexes checked', mirror.refreshedAt === undefined ? 'none kept yet' : timeForm(mirror.refreshedAt)],
    [
      'kept',
      `${countForm(mirror.files, 'file')}, ${bytesForm(mirror.bytes)} of at most ${bytesForm(mirror.maxBytes)}`,
    ],
    ['unverified', `${countForm(mirror.unverifiedFiles, 'file')} kept, ${mirror.unverified} sent`],
    ['not as indexed', String(mirror.mismatches)],
    ['cannot be read', mirror.unreadable.map(({ file, because }) => `${file}: ${because}`).join('\n')],
    ['hits', hitShare(mirror)],
    [
      'requests',
      Object.entries(mirror.requests)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(', '),
    ],
    ['sent', bytesForm(mirror.sentBytes)],
    ['fetched', bytesForm(mirror.fetchedBytes)],
    ['saved', bytesForm(Math.max(0, mirror.sentBytes - mirror.fetchedBytes))],
    ['checked', checkForm(mirror)],
    ['added', timeForm(mirror.addedAt)],
  ],
};
