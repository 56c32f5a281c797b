import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Answer, ask, type AskProblem } from '../../data/client.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { FileView } from './file-view.tsx';
import { IMAGE } from './text.ts';
import { below, folderOf, stepsTo } from './tree-path.ts';

type Entry = Answer<'listImageTree'>['entries'][number];
interface OpenFile {
  readonly path: string;
  readonly bytes: number;
}

const ICONS: Readonly<Record<Entry['kind'], IconName>> = { file: 'file', folder: 'folder', link: 'link' };

/** The files of an image, folder by folder. */
export function TreePanel({ image }: { readonly image: string }): ReactNode {
  const { tree: text } = useText(IMAGE);
  const [folder, setFolder] = useState('');
  const [file, setFile] = useState<OpenFile>();
  const go = (path: string): void => {
    setFile(undefined);
    setFolder(path);
  };
  return (
    <Panel title={text.title} isFlush>
      <nav aria-label={text.path} className="flex flex-wrap items-center gap-1 border-b px-4 py-2">
        <StepButton name={text.root} go={() => go('')} />
        {stepsTo(file?.path ?? folder).map(({ name, path }) => (
          <span key={path} className="inline-flex items-center gap-1">
            <Icon name="right" className="text-dim" />
            {path === file?.path ? (
              <span className="px-1">{name}</span>
            ) : (
              <StepButton name={name} go={() => go(path)} />
            )}
          </span>
        ))}
      </nav>
      {file ? (
        <FileView image={image} path={file.path} bytes={file.bytes} close={() => go(folderOf(file.path))} />
      ) : (
        <Folder image={image} path={folder} go={go} open={setFile} />
      )}
    </Panel>
  );
}

function StepButton({ name, go }: { readonly name: string; readonly go: () => void }): ReactNode {
  return (
    <button
      type="button"
      onClick={go}
      className="inline-flex min-h-7 items-center rounded-md px-1 text-accent hover:underline narrow:min-h-11"
    >
      {name}
    </button>
  );
}

interface FolderProps {
  readonly image: string;
  readonly path: string;
  readonly go: (path: string) => void;
  readonly open: (file: OpenFile) => void;
}

function Folder({ image, path, go, open }: FolderProps): ReactNode {
  const { tree: text } = useText(IMAGE);
  const { data, error, refetch, hasNextPage, fetchNextPage } = useFolder(image, path);
  if (error)
    return (
      <div className="p-4">
        <ErrorState problem={error} retry={() => void refetch()} />
      </div>
    );
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <>
      {data && entries.length === 0 && <p className="p-8 text-center text-dim">{text.empty}</p>}
      <ul aria-label={text.label} className="divide-y">
        {entries.map((entry) => (
          <EntryRow
            key={entry.name}
            entry={entry}
            choose={() => {
              const there = below(path, entry.name);
              if (entry.kind === 'folder') go(there);
              else open({ path: there, bytes: entry.bytes ?? 0 });
            }}
          />
        ))}
      </ul>
      {hasNextPage && (
        <div className="p-3 text-center">
          <Button onClick={() => void fetchNextPage()}>{text.more}</Button>
        </div>
      )}
    </>
  );
}

function useFolder(image: string, path: string) {
  return useInfiniteQuery<Answer<'listImageTree'>, AskProblem, PagesOf, readonly string[], number>({
    queryKey: ['listImageTree', image, path],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      ask(
        'listImageTree',
        {
          params: { name: image },
          query: { ...(path === '' ? {} : { path }), ...(pageParam === 0 ? {} : { after: pageParam }) },
        },
        signal,
      ),
    getNextPageParam: ({ next }) => next,
  });
}

interface PagesOf {
  readonly pages: readonly Answer<'listImageTree'>[];
}

function EntryRow({ entry, choose }: { readonly entry: Entry; readonly choose: () => void }): ReactNode {
  const format = useFormat();
  const { name, kind, bytes, target } = entry;
  return (
    <li>
      <button
        type="button"
        onClick={choose}
        className="flex h-9 w-full items-center gap-2.5 px-4 text-left hover:bg-raised narrow:h-11"
      >
        <Icon name={ICONS[kind]} className={kind === 'folder' ? 'text-accent' : 'text-dim'} />
        <span className="min-w-0 flex-1 truncate">
          {name}
          {target !== undefined && <span className="text-dim"> → {target}</span>}
        </span>
        {bytes !== undefined && <span className="text-sm text-dim">{format.bytes(bytes)}</span>}
      </button>
    </li>
  );
}
