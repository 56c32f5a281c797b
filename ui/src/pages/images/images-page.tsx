import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { useChange, useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { SearchField } from '../../parts/field.tsx';
import { NAMED_LINK } from '../../parts/named-link.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import type { SameWords } from '../../text/catalogue.ts';
import { useFormat, useText } from '../../text/language.tsx';
import { AddImage } from './add-image.tsx';
import { ArrivalsPanel } from './arrivals-panel.tsx';
import { ChooseFile, DropPlace } from './drop-place.tsx';
import { fitting, type ImageRow, imageRows } from './image-rows.ts';
import { ImageState } from './image-state.tsx';
import { IMAGES } from './text.ts';

const NO_ROWS: readonly never[] = [];

/** What can be installed, and the place to drop more of it. */
export function ImagesPage(): ReactNode {
  const text = useText(IMAGES);
  const [isAdding, setAdding] = useState(false);
  const maySend = useMay('addArrival');
  const mayAdd = useMay('addImage');
  const { data: images, error, refetch } = useRoute('listImages', {});
  const { data: profiles } = useRoute('listProfiles', {});
  const rows = useMemo(
    () => imageRows(images?.items ?? NO_ROWS, profiles?.items ?? NO_ROWS),
    [images, profiles],
  );
  const actions = (
    <>
      {mayAdd && (
        <Button icon="add" onClick={() => setAdding(true)}>
          {text.add.open}
        </Button>
      )}
      {maySend && <ChooseFile />}
    </>
  );
  return (
    <DropPlace isOpen={maySend}>
      <PageHeader title={text.title} lead={text.lead} actions={rows.length > 0 && actions} />
      <div className="flex flex-1 flex-col gap-4">
        {error && <ErrorState problem={error} retry={() => void refetch()} />}
        <ArrivalsPanel />
        {images && rows.length === 0 && (
          <EmptyState
            icon="image"
            title={text.empty.title}
            actions={actions}
            command="muster image add --upload x.iso"
          >
            {text.empty.text}
          </EmptyState>
        )}
        {rows.length > 0 && <ImageTable rows={rows} />}
      </div>
      <AddImage isOpen={isAdding} close={() => setAdding(false)} />
    </DropPlace>
  );
}

function ImageTable({ rows }: { readonly rows: readonly ImageRow[] }): ReactNode {
  const text = useText(IMAGES);
  const [search, setSearch] = useState('');
  const [leaving, setLeaving] = useState<string>();
  const removing = useChange('deleteImage', ['listImages', 'getStatus']);
  const shown = useMemo(() => fitting(rows, search), [rows, search]);
  const columns = useColumns(setLeaving);
  return (
    <section aria-label={text.table} className="flex min-h-96 flex-1 flex-col rounded-lg border bg-panel">
      <div className="flex flex-wrap items-center gap-3 border-b p-3">
        <SearchField label={text.search} value={search} onChange={setSearch} />
      </div>
      <div className="min-h-0 flex-1 basis-0">
        <DataTable label={text.table} rows={shown} columns={columns} keyOf={({ image }) => image.name} />
      </div>
      <Confirm
        title={text.removal.title(leaving ?? '')}
        action={text.removal.action}
        isOpen={leaving !== undefined}
        close={() => setLeaving(undefined)}
        act={async () => {
          await removing.mutateAsync({ params: { name: leaving ?? '' } });
          tellDone(text.removal.done(leaving ?? ''));
        }}
      >
        {text.removal.text}
      </Confirm>
    </section>
  );
}

function useColumns(remove: (name: string) => void): readonly Column<ImageRow>[] {
  const text = useText(IMAGES);
  const format = useFormat();
  const mayRemove = useMay('deleteImage');
  return useMemo((): readonly Column<ImageRow>[] => {
    const { columns } = text;
    const all: readonly Column<ImageRow>[] = [
      {
        id: 'name',
        title: columns.name,
        width: 'minmax(8rem, 2fr)',
        narrowWidth: 'minmax(0, 1fr)',
        sortBy: ({ image }) => image.name,
        cell: ({ image: { name } }) => <ImageLink name={name} />,
      },
      {
        id: 'title',
        title: columns.title,
        width: 'minmax(8rem, 2fr)',
        isExtra: true,
        sortBy: ({ image }) => image.title,
        cell: ({ image: { title, architecture } }) => (
          <>
            {title} <span className="text-sm text-dim">{architecture}</span>
          </>
        ),
      },
      {
        id: 'state',
        title: columns.state,
        width: '10rem',
        narrowWidth: '8rem',
        sortBy: ({ image }) => image.state,
        cell: ({ image }) => <ImageState image={image} />,
      },
      {
        id: 'profiles',
        title: columns.profiles,
        width: 'minmax(6rem, 1fr)',
        isExtra: true,
        sortBy: ({ profiles }) => profiles.length,
        cell: ({ profiles }) =>
          profiles.length > 0 ? profiles.join(', ') : <span className="text-dim">{text.unused}</span>,
      },
      {
        id: 'bytes',
        title: columns.bytes,
        width: '6rem',
        align: 'end',
        isExtra: true,
        sortBy: ({ image }) => image.disc?.bytes ?? 0,
        cell: ({ image: { disc } }) => (disc ? format.bytes(disc.bytes) : '–'),
      },
    ];
    return mayRemove ? [...all, removeColumn(text, remove)] : all;
  }, [text, format, mayRemove, remove]);
}

function removeColumn(
  { remove: label, columns }: SameWords<(typeof IMAGES)['en']>,
  remove: (name: string) => void,
): Column<ImageRow> {
  return {
    id: 'remove',
    title: columns.remove,
    width: '4.5rem',
    narrowWidth: '3.5rem',
    cell: ({ image: { name } }) => (
      <IconButton icon="remove" label={label(name)} onClick={() => remove(name)} />
    ),
  };
}

function ImageLink({ name }: { readonly name: string }): ReactNode {
  return (
    <Link to="/images/$image" params={{ image: name }} className={NAMED_LINK}>
      {name}
    </Link>
  );
}
