import type { TreeNode } from '../../lib/file-tree.ts';
import type { Command } from './command.ts';
import { factLine, timeValue } from './facts.ts';
import type { Listing, ListingSubject } from './listing.ts';
import { type FtpReplyCode, quotedPath, ReplyCode } from './reply.ts';
import { namesOf } from '../../lib/resolve-path.ts';
import { type Found, type Outcome, refuse, sayOnly, type SessionState } from './session-action.ts';
import { type PathVerb, rowOf } from './verbs.ts';

/** Answers to what has a path, before and after it has been looked up. */

/** Those that make others ask why: a client that only wants to know whether something is there goes on. */
const TOLD: ReadonlySet<PathVerb> = new Set(['CWD', 'XCWD', 'RETR', 'LIST', 'NLST', 'MLSD']);

const NO_WAY: Outcome = sayOnly(ReplyCode.noDataConnection, 'Use EPSV, PASV or PORT first');

/** What a verb was given as its path. */
export function askedPath(verb: PathVerb, argument: string): string {
  if (rowOf(verb).options === undefined) return argument;
  let rest = argument.trimStart();
  while (rest.startsWith('-')) {
    const space = rest.indexOf(' ');
    rest = space === -1 ? '' : rest.slice(space + 1).trimStart();
  }
  return rest;
}

export function pathNames(state: SessionState, verb: PathVerb, argument: string): readonly string[] {
  return namesOf(askedPath(verb, argument), state.folder);
}

export function pathText(names: readonly string[]): string {
  return `/${names.join('/')}`;
}

export function answerPath(state: SessionState, verb: PathVerb, argument: string): Outcome {
  const row = rowOf(verb);
  if (row.data === 'sends' && state.way === undefined) return NO_WAY;
  const wish = {
    names: pathNames(state, verb, argument),
    last: row.path ?? 'followed',
    wildcards: row.wildcards ?? 'names',
  } as const;
  return { actions: [{ do: 'look up', wish }] };
}

export function answerFound(state: SessionState, verb: PathVerb, command: Command, found: Found): Outcome {
  if (found.found === 'fault') return sayOnly(ReplyCode.localError, 'The server cannot read that now');
  if (found.found === 'nothing') return no(verb, command, ReplyCode.notAvailable, found.because);
  const ask = { state, verb, command };
  if (found.found === 'pattern') return answerListing(ask, { of: 'folder', ...found });
  const { node, target } = found;
  switch (verb) {
    case 'CWD':
    case 'XCWD':
      return answerFolder(ask, node);
    case 'RETR':
      return answerRetrieve(ask, node);
    case 'LIST':
    case 'NLST':
    case 'MLSD':
    case 'STAT':
      return answerListing(
        ask,
        node.kind === 'folder' ? { of: 'folder', folder: node } : { of: 'file', node },
      );
    case 'MLST':
      return answerFacts(ask, node, target);
    case 'SIZE':
      return answerSize(ask, node);
    case 'MDTM':
      if (node.kind !== 'file') return no(verb, command, ReplyCode.notAvailable, 'it is no file');
      return sayOnly(ReplyCode.fileStatus, timeValue(node.mtimeMs));
    default:
      return verb satisfies never;
  }
}

interface Ask {
  readonly state: SessionState;
  readonly verb: PathVerb;
  readonly command: Command;
}

function answerFolder({ state, verb, command }: Ask, node: TreeNode): Outcome {
  if (node.kind !== 'folder') return no(verb, command, ReplyCode.notAvailable, 'it is no folder');
  const folder = pathNames(state, verb, command.argument);
  return {
    ...sayOnly(ReplyCode.fileAction, `The folder is ${quotedPath(pathText(folder))}`),
    change: { folder },
  };
}

function answerRetrieve({ state, verb, command }: Ask, node: TreeNode): Outcome {
  const { offset, type, way } = state;
  if (node.kind !== 'file')
    return no(verb, command, ReplyCode.notAvailable, 'it is a folder, and only files are sent');
  if (way === undefined) return NO_WAY;
  if (type === 'A' && offset > 0) {
    // The place would be counted in the text as sent (RFC 3659 §5.2), which nobody has at hand.
    return no(verb, command, ReplyCode.badRestart, 'a file is sent from the middle in TYPE I only');
  }
  if (offset > node.size)
    return no(verb, command, ReplyCode.badRestart, `it has ${node.size} bytes, so none from ${offset} on`);
  const path = pathText(pathNames(state, verb, command.argument));
  const transfer = { kind: 'file', node, path, offset, as: type === 'A' ? 'text' : 'bytes', way } as const;
  return { actions: [{ do: 'transfer', transfer }] };
}

function answerListing({ state, verb, command }: Ask, subject: ListingSubject): Outcome {
  if (verb === 'MLSD' && subject.of === 'file')
    return no(verb, command, ReplyCode.badArgument, 'it is no folder: MLST tells of files');
  const form = verb === 'NLST' || verb === 'MLSD' ? verb : 'LIST';
  const asked = askedPath(verb, command.argument);
  const listing: Listing = { form, subject, asked, facts: state.facts };
  if (verb === 'STAT') return { actions: [{ do: 'read listing', listing }] };
  const { way } = state;
  if (way === undefined) return NO_WAY;
  const path = pathText(pathNames(state, verb, command.argument));
  return { actions: [{ do: 'transfer', transfer: { kind: 'listing', listing, path, way } }] };
}

/** The facts stand behind one space, and the path is the whole one (RFC 3659 §7.3.1). */
function answerFacts({ state, verb, command }: Ask, node: TreeNode, target: string | undefined): Outcome {
  const path = pathText(pathNames(state, verb, command.argument));
  return sayOnly(ReplyCode.fileAction, 'Facts:', factLine(node, path, state.facts, target), 'End');
}

function answerSize({ state, verb, command }: Ask, node: TreeNode): Outcome {
  if (node.kind !== 'file') return no(verb, command, ReplyCode.notAvailable, 'it is no file');
  // It would be that of the text as sent (RFC 3659 §4.1), for which the whole file would have to be read.
  if (state.type === 'A') return no(verb, command, ReplyCode.notAvailable, 'sizes are told in TYPE I only');
  return sayOnly(ReplyCode.fileStatus, String(node.size));
}

/** The name stands behind the reason: installers look for words such as "No such file" in front. */
function no(verb: PathVerb, command: Command, code: FtpReplyCode, because: string): Outcome {
  const whole = `${because}: ${quotedPath(askedPath(verb, command.argument))}`;
  const outcome = refuse(command, code, whole);
  return TOLD.has(verb) ? outcome : { actions: outcome.actions.filter((action) => action.do === 'reply') };
}
