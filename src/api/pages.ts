import { badRequest } from './problems.ts';

/** The end of a page: where the next begins, if there is one. */
export function nextOf<Place>(isMore: boolean, place: Place | undefined): { readonly next?: Place } {
  return isMore && place !== undefined ? { next: place } : {};
}

/** A place of installs, which are numbered. @throws ApiProblem */
export function readNumberPlace(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw badRequest([{ path: 'after', message: `"${text}" is not the next of a page: send it as it came` }]);
}

/** What `read` makes of a field of a request. @throws ApiProblem that names the field where it cannot be read. */
export function readField<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest([{ path, message: error.message }]);
    throw error;
  }
}
