import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useText } from '../../text/language.tsx';
import { IMAGES } from './text.ts';
import { upload } from './uploads.ts';

interface DropPlaceProps {
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

/** All that is in it takes files that are dropped on it. */
export function DropPlace({ isOpen, children }: DropPlaceProps): ReactNode {
  const { drop: text } = useText(IMAGES);
  // Every element inside tells of its own entering and leaving; over is what was entered more often than left.
  const depth = useRef(0);
  const [isOver, setOver] = useState(false);
  const move = (by: number) => (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    depth.current += by;
    setOver(depth.current > 0);
  };
  const take = (event: DragEvent): void => {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    sendAll(event.dataTransfer.files);
  };
  if (!isOpen) return children;
  return (
    <div
      className="relative flex min-h-full flex-1 flex-col"
      onDragEnter={move(1)}
      onDragLeave={move(-1)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={take}
    >
      {children}
      {isOver && (
        <div className="pointer-events-none absolute inset-0 z-20 flex items-center justify-center rounded-lg border-2 border-dashed border-accent bg-accent-soft/90">
          <span className="flex items-center gap-2 text-lg font-semibold text-accent">
            <Icon name="upload" className="size-5" /> {text.here}
          </span>
        </div>
      )}
    </div>
  );
}

/** The same for who cannot drag. */
export function ChooseFile(): ReactNode {
  const { drop: text } = useText(IMAGES);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look="main" icon="upload" title={text.hint} onClick={() => input.current?.click()}>
        {text.choose}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".iso,.img"
        multiple
        hidden
        aria-label={text.choose}
        onChange={({ target }) => {
          sendAll(target.files);
          // The same file may be chosen again, to go on with it.
          target.value = '';
        }}
      />
    </>
  );
}

function sendAll(files: FileList | null): void {
  for (const file of files ?? []) void upload(file);
}
