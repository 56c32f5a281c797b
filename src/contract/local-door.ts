import { z } from 'zod';

/**
 * Below the data folder: how this computer's own commands reach the API, and what they show it, so that whoever could
 * read the database anyhow need not log in. It is written anew at each start.
 */
export const LOCAL_DOOR_FILE = 'local-door.json';

export const LocalDoor = z.object({
  url: z.string(),
  token: z.string(),
  /** PEM, where it is reached over TLS. */
  certificate: z.string().exactOptional(),
});

export type LocalDoor = z.output<typeof LocalDoor>;
