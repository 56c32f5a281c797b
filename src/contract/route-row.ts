import { z } from 'zod';
import type { Role } from '../lib/roles.ts';
import { ipv4, machineReference, MAX_NAME_LENGTH, name } from './fields.ts';

/** What a row of the API's table says, and the small pieces that rows are made of. */

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * `thing`: 200 with the output. `created`: 201 with the output. `nothing`: 204 without a body. `stream`: 200 and
 * server-sent events, each with the output as its data. `bytes`: 200 and the bytes of a file.
 */
export type Answers = 'thing' | 'created' | 'nothing' | 'stream' | 'bytes';

/** The least role that may ask it, or why everybody may. */
export type Access = Role | { readonly public: string };

export interface RouteRow<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Answer extends Answers = Answers,
> {
  readonly method: Method;
  /** Below `API_PREFIX`; `{word}` stands for a parameter. */
  readonly path: string;
  readonly params: Params;
  readonly query: Query;
  /** The body; `nothing` where none is wanted. */
  readonly input: Input;
  readonly output: Output;
  readonly answers: Answer;
  /** The body is no JSON but bytes as they are (application/octet-stream). */
  readonly takes?: 'bytes';
  /** Where a body may be larger than others are, or is smaller. */
  readonly maxBodyBytes?: number;
  readonly role: Access;
  /** Why it may be asked by those who change nothing, where it is no GET. */
  readonly harmless?: string;
  /** Why nobody needs to know later who asked it, where it is no GET. */
  readonly notAudited?: string;
  readonly sentence: string;
}

const noFields = z.strictObject({});
export const nothing = z.undefined();
type NoFields = typeof noFields;
type Nothing = typeof nothing;

interface RowDraft<P, Q, I, O, A> {
  readonly method: Method;
  readonly path: `/${string}`;
  readonly params?: P;
  readonly query?: Q;
  readonly input?: I;
  readonly output?: O;
  readonly answers: A;
  readonly takes?: 'bytes';
  readonly maxBodyBytes?: number;
  readonly role: Access;
  /** Why it may be asked by those who change nothing, where it is no GET. */
  readonly harmless?: string;
  readonly notAudited?: string;
  readonly sentence: string;
}

export function row<
  A extends Answers,
  P extends z.ZodObject = NoFields,
  Q extends z.ZodObject = NoFields,
  I extends z.ZodType = Nothing,
  O extends z.ZodType = Nothing,
>(draft: RowDraft<P, Q, I, O, A>): RouteRow<P, Q, I, O, A> {
  const { params = noFields, query = noFields, input = nothing, output = nothing } = draft;
  // Where the draft leaves a schema out, its type parameter is the default, which is that of the schema put in.
  return { ...draft, params: params as P, query: query as Q, input: input as I, output: output as O };
}

/** Lists stand in an object, so that what goes with them has a place beside them. */
export function listOf<T extends z.ZodType>(item: T): z.ZodObject<{ items: z.ZodArray<T> }> {
  return z.object({ items: z.array(item).describe('All that fit') });
}

export const byName = z.strictObject({ name: name.describe('Its name') });
export const byAddress = z.strictObject({ address: ipv4.describe('Its address') });
export const byMachine = z.strictObject({ machine: machineReference.describe('Name, id or MAC address') });
export const byInstallId = z.strictObject({ id: z.string().max(MAX_NAME_LENGTH).describe('Its id') });
