import { z } from 'zod';

/** How a site speaks of a secret that it does not hold: a file of it is kept and shown. */

const MAX_FILE_NAME_LENGTH = 128;

export interface SaidOfSecret {
  readonly secret?: 'kept' | 'none';
  readonly secretFile?: string;
  readonly newSecret?: string;
}

/** @param secret what a secret of this kind may be. */
export function siteSecret(secret: z.ZodString) {
  return {
    secret: z
      .enum(['kept', 'none'])
      .exactOptional()
      .describe('kept: the one that is there, and there has to be one; none: no secret; left out: as it is'),
    secretFile: z
      .string()
      .max(MAX_FILE_NAME_LENGTH)
      .regex(
        /^[A-Za-z0-9_][A-Za-z0-9._-]*$/,
        'the name of a file is wanted, without a folder: muster apply --secrets names that',
      )
      .exactOptional()
      .describe('In files: the file with the secret, which muster apply reads and sends as newSecret'),
    newSecret: secret
      .exactOptional()
      .describe('Over the API: the secret itself; written, and never read again'),
  };
}

export function hasOneSecret({ secret, secretFile, newSecret }: SaidOfSecret): boolean {
  return [secret, secretFile, newSecret].filter((one) => one !== undefined).length <= 1;
}

export const ONE_SECRET = 'one of secret, secretFile and newSecret is wanted, or none';
