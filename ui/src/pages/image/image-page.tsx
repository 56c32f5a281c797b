import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Answer } from '../../data/client.ts';
import { useChange, useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone, tellProblem } from '../../parts/toasts.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { ImageState } from '../images/image-state.tsx';
import { IMAGE } from './text.ts';
import { TreePanel } from './tree-panel.tsx';

type Image = Answer<'getImage'>;

/** One image: what it is, how it is, and what is in it. */
export function ImagePage(): ReactNode {
  const text = useText(IMAGE);
  const { image: name } = useParams({ from: '/images/$image' });
  const { data: image, error, refetch } = useRoute('getImage', { params: { name } });
  if (error) return <ErrorState problem={error} retry={() => void refetch()} />;
  if (!image) return null;
  return (
    <>
      <PageHeader
        title={image.name}
        above={
          <Link to="/images" className="hover:text-text hover:underline">
            {text.above}
          </Link>
        }
        lead={
          <span className="flex flex-wrap gap-x-4">
            {image.title} <ImageState image={image} />
          </span>
        }
        actions={<CheckButton image={image} />}
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <TreePanel key={image.name} image={image.name} />
        <Panel title={text.facts}>
          <ImageFacts image={image} />
        </Panel>
      </div>
    </>
  );
}

function CheckButton({ image }: { readonly image: Image }): ReactNode {
  const text = useText(IMAGE);
  const may = useMay('checkImage');
  const checking = useChange('checkImage', ['getImage', 'listImages']);
  const check = async (): Promise<void> => {
    try {
      await checking.mutateAsync({ params: { name: image.name }, input: {} });
      tellDone(text.checking(image.name));
    } catch (error) {
      tellProblem(text.check, error);
    }
  };
  if (!may) return null;
  return (
    <Button
      icon="refresh"
      disabled={image.state === 'checking' || checking.isPending}
      onClick={() => void check()}
    >
      {text.check}
    </Button>
  );
}

function ImageFacts({ image }: { readonly image: Image }): ReactNode {
  const text = useText(IMAGE);
  const format = useFormat();
  const { disc, checksum, because } = image;
  return (
    <Facts>
      <Fact name={text.system}>{image.title}</Fact>
      <Fact name={text.family}>{image.family}</Fact>
      <Fact name={text.release}>{image.release}</Fact>
      <Fact name={text.architecture}>{image.architecture}</Fact>
      <Fact name={text.answerKind}>{image.answerKind}</Fact>
      <Fact name={text.checksum}>
        {checksum.text}
        {because !== undefined && <p className="text-bad">{because}</p>}
        {checksum.sha256 !== undefined && (
          <code className="font-mono text-xs break-all">{checksum.sha256}</code>
        )}
      </Fact>
      <Fact name={text.needs}>{image.needs}</Fact>
      <Fact name={text.size}>{disc && format.bytes(disc.bytes)}</Fact>
      <Fact name={text.form}>{disc && `${disc.form}, ${disc.label}`}</Fact>
      <Fact name={text.sources}>{image.sources.join(', ')}</Fact>
      <Fact name={text.memory}>{memoryText(image.memoryMegabytes)}</Fact>
      <Fact name={text.kernel}>{image.kernel}</Fact>
      <Fact name={text.folder}>{image.folder}</Fact>
      <Fact name={text.added}>{format.dateTime(image.addedAt)}</Fact>
    </Facts>
  );
}

function memoryText(memory: Image['memoryMegabytes']): string {
  return Object.entries(memory ?? {})
    .map(([way, megabytes]) => `${way} ${megabytes} MiB`)
    .join(', ');
}
