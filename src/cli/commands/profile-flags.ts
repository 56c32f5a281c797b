import type { z } from 'zod';
import type { ProfileInput } from '../../contract/profile-schemas.ts';
import type { PasswordVariable } from '../../core/answers/password-variables.ts';
import type { LoaderChoice } from '../loader-option.ts';
import type { MemoryCheckChoice } from '../memory-option.ts';
import type { SourceChoice } from '../source-option.ts';

type WireProfileInput = z.input<typeof ProfileInput>;

/** What the command line says of a profile. */
export interface ProfileFlags {
  readonly image?: string;
  readonly template?: string;
  readonly defaultTemplate?: true;
  readonly args?: string;
  readonly var?: readonly (readonly [name: string, value: string])[];
  readonly ask?: readonly PasswordVariable[];
  readonly unsetVar?: readonly string[];
  readonly loader?: LoaderChoice;
  readonly source?: SourceChoice;
  readonly memoryCheck?: MemoryCheckChoice;
}

/** @param template the text of the file that was named, if one was. */
export function withProfileFlags(
  before: WireProfileInput,
  flags: ProfileFlags,
  template: string | undefined,
): WireProfileInput {
  const {
    template: oldTemplate,
    loader: oldLoader,
    source: oldSource,
    memoryCheck: oldCheck,
    ...rest
  } = before;
  const loader = flags.loader ?? oldLoader;
  const source = flags.source ?? oldSource;
  const memoryCheck = flags.memoryCheck ?? oldCheck;
  const kept = flags.defaultTemplate === true ? undefined : (template ?? oldTemplate);
  const gone = new Set(flags.unsetVar);
  const variables = Object.entries(before.variables ?? {}).filter(([name]) => !gone.has(name));
  return {
    ...rest,
    ...(kept === undefined ? {} : { template: kept }),
    ...(flags.args === undefined ? {} : { arguments: flags.args }),
    variables: Object.fromEntries([...variables, ...(flags.var ?? [])]),
    ...(loader === undefined || loader === 'any' ? {} : { loader }),
    ...(source === undefined || source === 'auto' ? {} : { source }),
    ...(memoryCheck === 'off' ? { memoryCheck } : {}),
  };
}
