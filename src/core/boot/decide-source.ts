import {
  chooseSource,
  type InstallSource,
  type SourceProtocol,
  spoken,
  type TakenSource,
} from '../images/install-source.ts';
import { MEMORY_ADVICE, memoryShort, type MemoryQuestion } from './memory-check.ts';

/** A protocol that somebody wishes for in place of the installer's own order, and who. */
export interface SourceWish {
  readonly protocol: SourceProtocol;
  /** For people: `machine web01`, `profile web`. */
  readonly by: string;
}

interface Wisher {
  readonly name: string;
  readonly source?: SourceProtocol | undefined;
}

export interface SourceQuestion {
  /** As people call the image: `CentOS 7 (image centos-7)`. */
  readonly image: string;
  /** What its installer takes, the best first; nothing where all is in its initrd. */
  readonly taken: readonly TakenSource[];
  readonly offered: readonly InstallSource[];
  /** Why a door is not open, by its protocol. */
  readonly closed: Readonly<Partial<Record<SourceProtocol, string>>>;
  readonly wish?: SourceWish | undefined;
  /** Undefined where it is not to be looked at. */
  readonly memory?: MemoryQuestion | undefined;
}

export type SourceDecision =
  | { readonly decided: true; readonly source: InstallSource; readonly because: string }
  | { readonly decided: false; readonly because: string };

const A_FOLDER = 'this image is a folder of files, so add the disc image itself, or use another source';

/** The machine has the last word. */
export function sourceWish(machine: Wisher | undefined, profile: Wisher | undefined): SourceWish | undefined {
  if (machine?.source !== undefined) return { protocol: machine.source, by: `machine ${machine.name}` };
  if (profile?.source !== undefined) return { protocol: profile.source, by: `profile ${profile.name}` };
  return undefined;
}

/**
 * Over what an installer gets its tree in this boot. A wish that cannot be had is no reason for another way: whoever
 * wished for it had a reason, so it is said instead.
 */
export function decideSource(question: SourceQuestion): SourceDecision {
  const { taken, offered, wish, closed } = question;
  if (wish === undefined) return decideUnasked(question);
  const { protocol, by } = wish;
  const unfit = objectionToWish(question.image, taken, wish);
  if (unfit !== undefined) return { decided: false, because: unfit };
  const fitting = taken.filter((way) => way.protocol === protocol);
  const choice = chooseSource(
    fitting,
    offered.filter((source) => source.protocol === protocol),
  );
  const short = choice.chosen ? memoryShort(question.memory, protocol, taken.length === 0) : undefined;
  if (short !== undefined)
    return {
      decided: false,
      because: `${by} says --source ${protocol}, and ${short}: choose another source, ${MEMORY_ADVICE}`,
    };
  if (choice.chosen)
    return { decided: true, source: choice.source, because: `${choice.says}, for ${by} says so` };
  const isOpen = offered.some((source) => source.protocol === protocol);
  const because = isOpen
    ? `it takes ${fitting.map(spoken).join(', or ')}: ${A_FOLDER}`
    : `${protocol.toUpperCase()} is not open here${reason(closed[protocol])}`;
  return { decided: false, because: `${by} says --source ${protocol}, and ${because}` };
}

/** The first way that is open, or where the machine has too little memory for it, the first for which it has enough. */
function decideUnasked(question: SourceQuestion): SourceDecision {
  const { image, taken, offered, memory } = question;
  const best = chooseSource(taken, offered);
  if (!best.chosen) return { decided: false, because: withReasons(best.because, question) };
  const short = memoryShort(memory, best.source.protocol, taken.length === 0);
  if (short === undefined)
    return {
      decided: true,
      source: best.source,
      because: `${best.says}, the first of its ways that is open`,
    };
  const enough = offered.filter(
    ({ protocol }) => memoryShort(memory, protocol, taken.length === 0) === undefined,
  );
  const lighter = chooseSource(taken, enough);
  return lighter.chosen
    ? { decided: true, source: lighter.source, because: `${lighter.says}, for ${short}` }
    : { decided: false, because: `of ${image} ${short}: ${MEMORY_ADVICE}` };
}

/** Why an image can never be given over what is wished for, whatever is open; undefined where it can. */
export function objectionToWish(
  image: string,
  taken: readonly TakenSource[],
  { protocol, by }: SourceWish,
): string | undefined {
  const says = `${by} says --source ${protocol}, and`;
  if (taken.length === 0) {
    // Its answer file may still come over FTP.
    return protocol === 'nfs'
      ? `${says} ${image} mounts no tree: all of its installer is in its initrd, so http, ftp or auto is wanted`
      : undefined;
  }
  if (taken.some((way) => way.protocol === protocol)) return undefined;
  return `${says} ${image} takes ${taken.map(spoken).join(', or ')}`;
}

function withReasons(because: string, { taken, offered, closed }: SourceQuestion): string {
  const protocols = new Set(taken.map(({ protocol }) => protocol));
  const reasons = [...protocols].flatMap((protocol) => closed[protocol] ?? []);
  const isFolder = taken.some(
    ({ protocol, disc }) => disc === 'whole' && offered.some((source) => source.protocol === protocol),
  );
  if (isFolder) reasons.push(A_FOLDER);
  return reasons.length === 0 ? because : `${because}: ${reasons.join('; ')}`;
}

function reason(because: string | undefined): string {
  return because === undefined ? '' : `: ${because}`;
}
