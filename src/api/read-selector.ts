import { parseSelector, type Selector } from '../core/machines/selector.ts';
import { readField } from './pages.ts';

/** The selector in a field of a request. @throws ApiProblem with the column where it cannot be read. */
export function readSelector(text: string, path = 'selector'): Selector {
  return readField(path, () => parseSelector(text));
}
