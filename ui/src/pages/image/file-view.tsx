import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { AskProblem, urlOf } from '../../data/client.ts';
import { Button, buttonClass } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Icon } from '../../parts/icon.tsx';
import { LineList } from '../../parts/line-list.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { IMAGE } from './text.ts';
import { textIn } from './tree-path.ts';

/** What is longer is downloaded and not shown. */
const MAX_SHOWN_BYTES = 1024 * 1024;

interface FileViewProps {
  readonly image: string;
  readonly path: string;
  readonly bytes: number;
  readonly close: () => void;
}

/** A file of an image as text, or a way to download it. */
export function FileView({ image, path, bytes, close }: FileViewProps): ReactNode {
  const { tree: text } = useText(IMAGE);
  const format = useFormat();
  const url = urlOf('readImageFile', { name: image }, { path });
  const isShort = bytes <= MAX_SHOWN_BYTES;
  const { data, error } = useQuery<string | null, AskProblem>({
    queryKey: ['readImageFile', image, path],
    queryFn: ({ signal }) => readText(url, signal),
    enabled: isShort,
  });
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
        <Button icon="folder" onClick={close}>
          {text.close}
        </Button>
        <a href={url} download={path.split('/').at(-1)} className={buttonClass()}>
          <Icon name="down" /> {text.download}
        </a>
        <span className="ml-auto text-sm text-dim">{format.bytes(bytes)}</span>
      </div>
      {error && (
        <div className="p-4">
          <ErrorState problem={error} />
        </div>
      )}
      {!isShort && <p className="p-8 text-center text-dim">{text.tooLong(format.bytes(MAX_SHOWN_BYTES))}</p>}
      {data === null && <p className="p-8 text-center text-dim">{text.notText}</p>}
      {typeof data === 'string' && <LineList label={path} lines={data.split('\n')} />}
    </>
  );
}

async function readText(url: string, signal: AbortSignal): Promise<string | null> {
  const response = await fetch(url, { signal });
  if (!response.ok)
    throw new AskProblem((await response.json()) as ConstructorParameters<typeof AskProblem>[0]);
  return textIn(new Uint8Array(await response.arrayBuffer())) ?? null;
}
