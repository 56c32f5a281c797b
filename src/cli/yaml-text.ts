import { parse, stringify } from 'yaml';
import { escapeLateControls, holdsControls } from './printable.ts';

/**
 * Modules that are loaded when they are wanted import this one and not `yaml` itself: a bundled program has no names to
 * take out of that, since it is CommonJS.
 */

/** YAML that is safe to look at on a terminal: where escapes are needed, every text stands in double quotes. */
export function yamlText(value: unknown): string {
  // Many readers are of YAML 1.1, where no is a boolean and 52:54:00:12:34:56 a number: both are quoted for it.
  const options = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;
  const plain = stringify(value, options);
  if (!holdsControls(plain)) return plain;
  const quoted = stringify(value, {
    ...options,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'QUOTE_DOUBLE',
  });
  return escapeLateControls(quoted);
}

/** @throws Error with line and column for what is no YAML. */
export function parseYaml(text: string): unknown {
  return parse(text);
}
