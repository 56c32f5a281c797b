import { parseSelector, type Selector } from '../core/machines/selector.ts';
import { badRequest } from './problems.ts';

/** The selector in a field of a request. @throws ApiProblem with the column where it cannot be read. */
export function readSelector(text: string, path = 'selector'): Selector {
  try {
    return parseSelector(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest([{ path, message: error.message }]);
    throw error;
  }
}
