import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useKeys, useRow } from '../../data/keyed-store.ts';
import { useChange, useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { announce } from '../../parts/announcer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellProblem } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { IMAGES } from './text.ts';
import { TransferRow } from './transfer-row.tsx';
import { forgetUpload, type Upload, uploads } from './uploads.ts';

const LOOK_EVERY_MS = 1_000;
const TONES = { sending: 'busy', broken: 'wait', arrived: 'good', failed: 'bad' } as const;

/** What is on its way: from this browser with what came of it, and all else as the server tells it. */
export function ArrivalsPanel(): ReactNode {
  const { arrivals: text } = useText(IMAGES);
  const keys = useKeys(uploads);
  const { data } = useRoute('listArrivals', {}, { everyMs: LOOK_EVERY_MS });
  const fromHere = new Set(keys);
  const others = (data?.items ?? []).filter(
    ({ fileName, way, state }) => state !== 'arrived' && !(way === 'upload' && fromHere.has(fileName)),
  );
  if (keys.length === 0 && others.length === 0) return null;
  return (
    <Panel title={text.title} isFlush>
      <ul className="divide-y">
        {keys.map((key) => (
          <UploadRow key={key} fileName={key} />
        ))}
        {others.map((arrival) => (
          <OtherRow key={arrival.name} arrival={arrival} />
        ))}
      </ul>
    </Panel>
  );
}

function UploadRow({ fileName }: { readonly fileName: string }): ReactNode {
  const { arrivals: text } = useText(IMAGES);
  const upload = useRow(uploads, fileName);
  const ending = useEnd();
  const client = useQueryClient();
  const isMoving = upload?.state === 'sending' || upload?.state === 'broken';
  useEffect(() => {
    if (upload?.title === undefined) return;
    announce(`${fileName}: ${text.recognised(upload.title)}`);
    // At once: the event that tells of it may wait for others.
    void client.invalidateQueries({ queryKey: ['listImages'] });
  }, [fileName, upload?.title, text, client]);
  if (!upload) return null;
  const act = (): void => {
    forgetUpload(fileName);
    if (isMoving && upload.arrival !== undefined) ending(upload.arrival);
  };
  return (
    <TransferRow
      name={fileName}
      way="upload"
      measured={upload}
      tone={TONES[upload.state]}
      isMoving={isMoving}
      end={{ act, label: isMoving ? text.end(fileName) : text.hide(fileName) }}
    >
      <WhatCame upload={upload} />
    </TransferRow>
  );
}

function WhatCame({ upload }: { readonly upload: Upload }): ReactNode {
  const { arrivals: text } = useText(IMAGES);
  const { state, because, title, image, here, bytes } = upload;
  switch (state) {
    case 'sending':
      return here === bytes ? text.looking : undefined;
    case 'broken':
      return text.again;
    case 'failed':
      return <span className="text-bad">{because}</span>;
    case 'arrived':
      return (
        <>
          {text.recognised(title ?? '')}{' '}
          {image !== undefined && (
            <Link to="/images/$image" params={{ image }} className="text-accent underline">
              {image}
            </Link>
          )}
          {because !== undefined && <p className="text-wait">{because}</p>}
        </>
      );
    default:
      return state satisfies never;
  }
}

function OtherRow({ arrival }: { readonly arrival: ItemOf<'listArrivals'> }): ReactNode {
  const { arrivals: text } = useText(IMAGES);
  const ending = useEnd();
  const mayEnd = useMay('deleteArrival');
  const { name, fileName, way, state, because } = arrival;
  const hasFailed = state === 'failed';
  return (
    <TransferRow
      name={name}
      way={way}
      measured={arrival}
      tone={hasFailed ? 'bad' : way === 'upload' ? 'wait' : 'busy'}
      isMoving={!hasFailed}
      end={mayEnd ? { label: text.end(name), act: () => ending(name) } : undefined}
    >
      {because !== undefined && <p className="text-bad">{because}</p>}
      {way === 'upload' && (
        <p className="text-dim">
          {fileName}: {text.resume}
        </p>
      )}
    </TransferRow>
  );
}

function useEnd(): (name: string) => void {
  const { mutateAsync } = useChange('deleteArrival', ['listArrivals']);
  return (name) => {
    mutateAsync({ params: { name } }).catch((error: unknown) => tellProblem(name, error));
  };
}
