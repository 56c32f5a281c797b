import type { IconName } from '../parts/icon.tsx';

/** Something a page offers to the command palette while it is shown. */
export interface PaletteAction {
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  readonly run: () => void;
}

const offered = new Map<string, PaletteAction>();

/** @returns what takes them away again: from the effect of a page. */
export function offerActions(actions: readonly PaletteAction[]): () => void {
  for (const action of actions) offered.set(action.id, action);
  return () => {
    for (const action of actions) offered.delete(action.id);
  };
}

export function offeredActions(): readonly PaletteAction[] {
  return [...offered.values()];
}
