import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Document, isNode } from 'yaml';
import type { z } from 'zod';
import { EnrolChange } from '../contract/enrol-schemas.ts';
import { check } from '../contract/issues.ts';
import { aliasIn, readYamlSource } from '../core/answers/yaml-source.ts';
import { CliFailure } from './cli-failure.ts';
import type { Terminal } from './terminal.ts';

type WireEnrolChange = z.input<typeof EnrolChange>;

/** @throws CliFailure */
export async function readEnrolRules(terminal: Terminal, file: string): Promise<WireEnrolChange> {
  if (file === '-') return parseEnrolRules('standard input', await terminal.readInput());
  const text = await readFile(resolve(terminal.workingFolder, file), 'utf8').catch((error: Error) => {
    throw new CliFailure('failed', `Cannot read the rules: ${error.message}`);
  });
  return parseEnrolRules(file, text);
}

/**
 * Rules as people write them: a list, or a mapping of `maximum` and `rules`, in YAML or JSON. Every mistake is told with
 * its place, and nothing is sent while there is one.
 *
 * @throws CliFailure
 */
export function parseEnrolRules(path: string, text: string): WireEnrolChange {
  const source = readYamlSource(text, '1.2');
  if (!source.read)
    throw wrong(source.problems.map(({ line, column, because }) => `${path}:${line}:${column}: ${because}`));
  const { document, placeAt } = source;
  const at = (offset: number): string => {
    const { line, column } = placeAt(offset);
    return `${path}:${line}:${column}`;
  };
  const alias = aliasIn(document);
  if (alias) throw wrong([`${at(alias.offset)}: ${alias.because}`]);
  const read: unknown = document.toJS();
  const isList = Array.isArray(read);
  const said: unknown = isList ? { rules: read } : read;
  const checked = check(EnrolChange, said);
  if (checked.fits && typeof said === 'object' && said !== null) return said;
  const issues = checked.fits ? [{ path: '', message: 'a list of rules is wanted' }] : checked.issues;
  throw wrong(
    issues.map((issue) => {
      const keys = keysOf(issue.path);
      const place = placeOf(document, isList ? keys.slice(1) : keys);
      return `${at(place)}: ${issue.path === '' ? '' : `${issue.path}: `}${issue.message}`;
    }),
  );
}

/** `rules[0].when.mac` as its parts. */
function keysOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? (key ?? '') : Number(index),
  );
}

/** Where it stands; what is missing is told at what it is missing in. */
function placeOf(document: Document, keys: readonly (string | number)[]): number {
  for (let depth = keys.length; depth >= 0; depth -= 1) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(keys.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function wrong(sentences: readonly string[]): CliFailure {
  return new CliFailure('failed', sentences.join('\n'));
}
