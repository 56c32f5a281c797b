import { Option } from 'commander';
import { EMPTY_SELECTOR_SENTENCE, parseSelector } from '../core/machines/selector.ts';
import { CliFailure } from './cli-failure.ts';

/** `-l`: machines by their labels, written as for kubectl. */
export function selectorOption(what: string): Option {
  return new Option(
    '-l, --selector <selector>',
    `${what}: rack=a,role!=db,env in (lab,test),zone notin (x),gpu,!old`,
  ).argParser(selectorText);
}

/**
 * Read here, too, before anything is asked: a text that is no selector means that nothing is done.
 *
 * @throws CliFailure with the column.
 */
function selectorText(text: string): string {
  try {
    parseSelector(text);
    return text;
  } catch (error) {
    if (error instanceof SyntaxError) throw new CliFailure('failed', `Selector, ${error.message}`);
    throw error;
  }
}

/** What is said where nothing was chosen. */
export function nothingChosen(selector: string): string {
  return selector.trim() === ''
    ? `No machine is chosen: ${EMPTY_SELECTOR_SENTENCE}`
    : `No machine has labels such as ${selector}`;
}
