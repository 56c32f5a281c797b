import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouteName } from '../../../src/contract/routes.ts';
import { changeCarefully, type Meanwhile } from './careful-change.ts';
import {
  type Answer,
  API_PREFIX,
  ask,
  type Asked,
  type AskedRoute,
  AskProblem,
  askIfStill,
  askTagged,
  type Tagged,
  urlOf,
} from './client.ts';
import { differencesOf } from './difference.ts';
import { refresh } from './queries.ts';
import { useMay } from './session.tsx';

/** Pairs of rows: one shows a thing, the other writes it and answers with the same. */
interface Pair<Get extends AskedRoute> {
  readonly get: Get;
  readonly refreshes: readonly RouteName[];
  /** What of the thing is changed here; left out: all of it. */
  readonly fieldsOf?: (thing: Answer<Get>) => unknown;
}

/** What somebody else did meanwhile, and who, where that may be known. */
export interface ChangedMeanwhile<Thing> extends Meanwhile<Thing> {
  readonly who?: string;
  readonly at?: string;
}

export interface CarefulChange<Get extends AskedRoute, Put extends AskedRoute> {
  /** @param was what is written over. @returns what is there now; undefined where nothing was written. */
  readonly save: (asked: Asked<Put>, was: Tagged<Answer<Get>>) => Promise<Tagged<Answer<Get>> | undefined>;
  readonly meanwhile: ChangedMeanwhile<Answer<Get>> | undefined;
  readonly error: AskProblem | undefined;
  readonly isPending: boolean;
  readonly reset: () => void;
}

interface State<Get extends AskedRoute> {
  readonly meanwhile?: ChangedMeanwhile<Answer<Get>>;
  readonly error?: AskProblem;
  readonly isPending?: boolean;
}

/** The one way in which pages save: over what was read, and over nothing newer. */
export function useCarefulChange<Get extends AskedRoute, Put extends AskedRoute>(
  put: Put,
  { get, refreshes, fieldsOf = (thing) => thing }: Pair<Get>,
): CarefulChange<Get, Put> {
  const client = useQueryClient();
  const maySeeAudit = useMay('listAudit');
  const [state, setState] = useState<State<Get>>({});
  const save: CarefulChange<Get, Put>['save'] = async (asked, was) => {
    setState({ isPending: true });
    // A row that writes a thing has the parameters of the one that shows it.
    const where = { params: asked.params } as Asked<Get>;
    try {
      const outcome = await changeCarefully<Answer<Get>>({
        was,
        read: () => askTagged(get, where),
        write: async (tag) => await askIfStill(put, asked, tag),
        fieldsOf,
      });
      if (outcome.is === 'changed') {
        const { meanwhile } = outcome;
        const by = maySeeAudit
          ? await whoChanged(put, asked, fieldsOf(meanwhile.theirs.thing), fieldsOf)
          : {};
        setState({ meanwhile: { ...meanwhile, ...by } });
        return undefined;
      }
      setState({});
      return outcome.now;
    } catch (error) {
      if (!(error instanceof AskProblem)) throw error;
      setState({ error });
      return undefined;
    } finally {
      void refresh(client, refreshes);
    }
  };
  const { meanwhile, error, isPending = false } = state;
  return { save, meanwhile, error, isPending, reset: () => setState({}) };
}

const FIRST_BAD_STATUS = 400;
const ENTRIES_LOOKED_AT = 20;
/** Stands in the audit log where a secret would. */
const HIDDEN = '(secret)';

/** Who wrote what is there now, by the audit log. */
async function whoChanged<Get extends AskedRoute, Put extends AskedRoute>(
  put: Put,
  { params }: Asked<Put>,
  now: unknown,
  fieldsOf: (thing: Answer<Get>) => unknown,
): Promise<{ readonly who?: string; readonly at?: string }> {
  const path = urlOf(put, params).slice(API_PREFIX.length);
  try {
    const { items } = await ask('listAudit', { query: { path, limit: ENTRIES_LOOKED_AT } });
    const entry = items.find(
      (one) =>
        one.path === path &&
        one.status < FIRST_BAD_STATUS &&
        one.after !== undefined &&
        differencesOf(fieldsOf(one.after as Answer<Get>), now).every(({ before }) => before === HIDDEN),
    );
    return entry === undefined || entry.who === '' ? {} : { who: entry.who, at: entry.at };
  } catch (error) {
    if (error instanceof AskProblem) return {};
    throw error;
  }
}
