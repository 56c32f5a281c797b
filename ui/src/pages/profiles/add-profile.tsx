import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAdding, useRoute } from '../../data/queries.ts';
import { AddNamed } from '../../parts/add-named.tsx';
import { Choice } from '../../parts/field.tsx';
import { textOf } from '../../parts/form.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { PROFILES } from './text.ts';

interface AddProfileProps {
  readonly isOpen: boolean;
  readonly close: () => void;
}

/** A name and an image; all else is said on its own page. */
export function AddProfile({ isOpen, close }: AddProfileProps): ReactNode {
  const { dialog: text, add: title } = useText(PROFILES);
  const navigate = useNavigate();
  const { data: images } = useRoute('listImages', {});
  const adding = useAdding('putProfile', ['listProfiles', 'getStatus']);
  const add = async (name: string, form: FormData): Promise<void> => {
    await adding.mutateAsync({ params: { name }, input: { image: textOf(form, 'image') } });
    tellDone(text.done(name));
    await navigate({ to: '/profiles/$profile', params: { profile: name } });
  };
  return (
    <AddNamed title={title} lead={text.lead} isOpen={isOpen} close={close} adding={adding} add={add}>
      <Choice label={text.image} name="image" required>
        {images?.items.map(({ name, title: imageTitle }) => (
          <option key={name} value={name}>{`${name} (${imageTitle})`}</option>
        ))}
      </Choice>
    </AddNamed>
  );
}
