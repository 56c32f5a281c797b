import { Autocomplete } from '@base-ui/react/autocomplete';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react';
import { useRoute } from '../data/queries.ts';
import { useSettled } from '../data/settled.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useText } from '../text/language.tsx';
import { offeredActions } from './actions.ts';
import { NAVIGATION } from './navigation.ts';
import type { PaletteListProps } from './palette.tsx';
import { SHELL } from './text.ts';
import { chooseTheme, THEMES } from './theme.ts';

interface Entry {
  readonly value: string;
  readonly label: string;
  readonly icon: IconName;
  readonly run: () => void;
}

interface EntryGroup {
  readonly value: string;
  readonly items: readonly Entry[];
}

/** Machines that are shown at most; a word more finds the others. */
const MAX_MACHINES = 40;

/** What the command palette finds, loaded when it is opened for the first time. */
function PaletteList({ choose: chooseRun, takeEarly }: PaletteListProps): ReactNode {
  const text = useText(SHELL);
  const [wanted, setWanted] = useState('');
  const groups = useEntries(wanted);
  const choose = ({ run }: Entry): void => chooseRun(run);
  return (
    <Autocomplete.Root
      open
      inline
      items={groups}
      filter={null}
      value={wanted}
      onValueChange={setWanted}
      autoHighlight="always"
      itemToStringValue={(entry: Entry) => entry.label}
    >
      <div className="flex items-center gap-2 border-b px-4">
        <Icon name="search" className="text-dim" />
        <Autocomplete.Input
          autoFocus
          aria-label={text.palette.label}
          placeholder={text.palette.label}
          onFocus={() => setWanted((before) => before + takeEarly())}
          onKeyDown={(event) => {
            const first = groups[0]?.items[0];
            if (first && isEnterUnmarked(event)) choose(first);
          }}
          className="h-12 w-full bg-transparent text-lg outline-none"
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        <Autocomplete.Empty>
          {groups.length === 0 && <div className="p-6 text-center text-dim">{text.palette.nothing}</div>}
        </Autocomplete.Empty>
        <Autocomplete.List>
          {(group: EntryGroup) => <FoundGroup key={group.value} group={group} choose={choose} />}
        </Autocomplete.List>
      </div>
      <p className="border-t px-4 py-2 text-xs text-dim">{text.palette.hint}</p>
    </Autocomplete.Root>
  );
}

interface FoundGroupProps {
  readonly group: EntryGroup;
  readonly choose: (entry: Entry) => void;
}

function FoundGroup({ group, choose }: FoundGroupProps): ReactNode {
  return (
    <Autocomplete.Group items={group.items} className="mb-1">
      <Autocomplete.GroupLabel className="px-2 py-1 text-xs font-medium text-dim">
        {group.value}
      </Autocomplete.GroupLabel>
      <Autocomplete.Collection>
        {(entry: Entry) => (
          <Autocomplete.Item
            key={entry.value}
            value={entry}
            onClick={() => choose(entry)}
            className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2 narrow:h-11 data-highlighted:bg-accent-soft data-highlighted:text-accent"
          >
            <Icon name={entry.icon} className="text-dim" />
            <span className="truncate">{entry.label}</span>
          </Autocomplete.Item>
        )}
      </Autocomplete.Collection>
    </Autocomplete.Group>
  );
}

/** Whoever types faster than the first is marked means the first; Enter in an input method means a word. */
function isEnterUnmarked({ key, currentTarget, nativeEvent }: KeyboardEvent<HTMLElement>): boolean {
  return key === 'Enter' && !nativeEvent.isComposing && !currentTarget.getAttribute('aria-activedescendant');
}

/** Pages, what the page that is shown offers, and machines: those whose names hold what was typed. */
function useEntries(wanted: string): readonly EntryGroup[] {
  const text = useText(SHELL);
  const navigate = useNavigate();
  const settled = useSettled(wanted.trim());
  const { data: machines } = useRoute(
    'listMachines',
    { query: { q: settled, limit: MAX_MACHINES } },
    { enabled: settled !== '' },
  );
  return useMemo(() => {
    const word = wanted.trim().toLowerCase();
    const fits = (label: string): boolean => label.toLowerCase().includes(word);
    const pages = NAVIGATION.map(({ to, icon, title }) => ({
      value: to,
      label: title(text),
      icon,
      run: () => void navigate({ to }),
    }));
    const themes = THEMES.map((theme) => ({
      value: `theme ${theme}`,
      label: `${text.theme.label}: ${text.theme[theme]}`,
      icon: 'sun' as const,
      run: () => chooseTheme(theme),
    }));
    const actions = offeredActions().map(({ id, title, icon, run }) => ({
      value: id,
      label: title,
      icon,
      run,
    }));
    const known = word === '' ? [] : (machines?.items ?? []);
    const found = known.map(({ id, name }) => ({
      value: id,
      label: name,
      icon: 'machine' as const,
      run: () => void navigate({ to: '/machines/$machine', params: { machine: name } }),
    }));
    const { groups } = text.palette;
    return [
      { value: groups.pages, items: pages.filter(({ label }) => fits(label)) },
      { value: groups.actions, items: [...actions, ...themes].filter(({ label }) => fits(label)) },
      { value: groups.machines, items: found },
    ].filter(({ items }) => items.length > 0);
  }, [wanted, text, navigate, machines]);
}

// React.lazy takes what a module gives by default.
// oxlint-disable-next-line import/no-default-export
export default PaletteList;
