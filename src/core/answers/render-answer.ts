import { Environment } from 'minijinja-js';
import { debianCodename } from '../images/distributions/debian.ts';
import { enterpriseLevel } from '../images/distributions/enterprise-level.ts';
import type { AnswerKind, Image } from '../images/image.ts';
import type { SyslogPlace } from '../boot/machine-urls.ts';
import { type InstallSource, sourceUrl } from '../images/install-source.ts';
import type { Machine } from '../machines/machine.ts';
import { KICKSTART_TEMPLATE } from './kickstart-template.ts';
import { networkWords } from './network-words.ts';
import { type PackageMirror, packageMirror } from './package-mirror.ts';
import { PRESEED_TEMPLATE } from './preseed-template.ts';
import { applyFilter, FILTERS, type FilterName } from './filters.ts';
import { readVariables } from './read-variables.ts';
import type { VariableValue } from './variable-kinds.ts';

/** The largest template taken, in UTF-16 units; the ones that come with Muster have 7,000. */
export const MAX_TEMPLATE_LENGTH = 256 * 1024;
/** The largest answer file given out, in UTF-16 units. Installers keep it in memory. */
export const MAX_ANSWER_LENGTH = 1024 * 1024;
/**
 * Steps of the template engine for one answer file: some 100 ms, a hundred times what the templates that come
 * with Muster need. It ends endless loops; it does not count the bytes a step makes, so whoever may write
 * templates can still spend memory. Only those who administer Muster may.
 */
export const MAX_TEMPLATE_STEPS = 1_000_000;

/** `.j2`, since the engine escapes for HTML and the like in templates of other names. */
const TEMPLATE_NAME = 'answer.j2';
/** Characters of a template's line that are shown with an error. */
const MAX_EXCERPT = 120;

/** Of the other kinds Muster writes none of its own yet: a profile brings its template. */
export const DEFAULT_TEMPLATES = {
  kickstart: KICKSTART_TEMPLATE,
  preseed: PRESEED_TEMPLATE,
} as const satisfies Readonly<Partial<Record<AnswerKind, string>>>;

/** URLs without spaces and without a slash at their end, made by the door that serves them. */
export interface AnswerUrls {
  /** Where the image's tree is. */
  readonly source: InstallSource;
  readonly answer: string;
  /**
   * `/started`, `/progress`, `/finished` or `/failed` is added, and posted to with a form; `/log` with a piece of the
   * installer's log, `/reporting` with an event of cloud-init's webhook.
   */
  readonly report: string;
  /** Where logs are taken over syslog, if they are. */
  readonly syslog?: SyslogPlace | undefined;
  /** A package mirror that Muster serves for this image. */
  readonly mirror?: string;
  /** Package mirrors that Muster serves are below it, each under its name. */
  readonly mirrors?: string;
}

export interface AnswerInput {
  readonly kind: AnswerKind;
  /** A template in Jinja; absent: the one that comes with Muster. */
  readonly template?: string;
  readonly machine: Machine;
  readonly profile: { readonly name: string; readonly variables: Readonly<Record<string, string>> };
  readonly image: Image;
  readonly urls: AnswerUrls;
  /** Those of the package mirrors. */
  readonly mirrorNames?: readonly string[];
}

export type RenderedAnswer =
  | { readonly rendered: true; readonly text: string }
  | { readonly rendered: false; readonly because: string };

/** The answer file of one machine, or why there is none: in a template, with the line. */
export function renderAnswer(input: AnswerInput): RenderedAnswer {
  const variables = readVariables(input.profile.variables, input.machine.variables);
  if (!variables.read) return { rendered: false, because: variables.because };
  const template = input.template ?? defaultTemplate(input.kind);
  if (template === undefined) return { rendered: false, because: noTemplate(input.kind) };
  const source = template.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const whose = input.template === undefined ? `Muster's own ${input.kind} template` : 'the template';
  if (source.length > MAX_TEMPLATE_LENGTH) {
    return {
      rendered: false,
      because: `the template has ${source.length} characters, and ${MAX_TEMPLATE_LENGTH} are the most`,
    };
  }
  const rendered = renderTemplate(source, {
    ...variables.values,
    ...context(input, variables.values),
  });
  if (!rendered.rendered) return { rendered: false, because: `${whose}${rendered.because}` };
  const { text } = rendered;
  if (text.length > MAX_ANSWER_LENGTH) {
    return {
      rendered: false,
      because: `${whose} made ${text.length} characters, and ${MAX_ANSWER_LENGTH} are the most`,
    };
  }
  return { rendered: true, text: text.endsWith('\n') ? text : `${text}\n` };
}

/** Why an image of that kind has no answer file where its profile has no template, or undefined. */
export function objectionToKind(kind: AnswerKind): string | undefined {
  return defaultTemplate(kind) === undefined ? noTemplate(kind) : undefined;
}

function noTemplate(kind: AnswerKind): string {
  return `Muster writes no ${kind} file of its own yet: give the profile a template with --template`;
}

function defaultTemplate(kind: AnswerKind): string | undefined {
  return Object.entries(DEFAULT_TEMPLATES).find(([name]) => name === kind)?.[1];
}

/** What templates know besides the variables. */
function context(
  input: AnswerInput,
  values: Readonly<Record<string, VariableValue>>,
): Readonly<Record<string, unknown>> {
  const { machine, image, urls } = input;
  const { mirror, domain } = values;
  const major = Number.parseInt(image.release, 10);
  return {
    machine: {
      id: machine.id,
      name: machine.name,
      fqdn: typeof domain === 'string' && domain !== '' ? `${machine.name}.${domain}` : machine.name,
      mac: machine.macs[0] ?? '',
      macs: machine.macs,
      uuid: machine.uuid ?? '',
    },
    image: {
      name: image.name,
      title: image.title,
      release: image.release,
      major: Number.isNaN(major) ? 0 : major,
      architecture: image.architecture,
      family: image.family,
    },
    profile: input.profile.name,
    urls: {
      ...treeWords(urls.source),
      answer: urls.answer,
      report: urls.report,
      mirror: urls.mirror ?? '',
      syslog_host: urls.syslog?.address ?? '',
      syslog_port: urls.syslog?.port ?? 0,
    },
    network: networkWords(values, machine),
    mirrors: mirrorsContext(image, input),
    level: enterpriseLevel(image),
    codename: debianCodename(image) ?? '',
    package_mirror: packageMirror(image, typeof mirror === 'string' && mirror !== '' ? mirror : urls.mirror),
  };
}

/** A tree over NFS has no URL that every installer takes, so templates can ask for its parts. */
function treeWords(source: InstallSource): Readonly<Record<'tree' | 'protocol' | 'server' | 'path', string>> {
  const { server, path } = source.protocol === 'nfs' ? source : { server: '', path: '' };
  return { tree: sourceUrl(source), protocol: source.protocol, server, path };
}

/** `mirrors.NAME.url`, and the same in the parts that the debian-installer asks for. */
function mirrorsContext(
  image: Image,
  { urls, mirrorNames = [] }: Pick<AnswerInput, 'urls' | 'mirrorNames'>,
): Readonly<Record<string, PackageMirror & { readonly url: string }>> {
  if (urls.mirrors === undefined) return {};
  return Object.fromEntries(
    mirrorNames.map((name) => {
      const url = `${urls.mirrors}/${name}`;
      return [name, { url, ...packageMirror(image, url) }];
    }),
  );
}

/** An environment for each render, which takes 50 us: nothing that one template did or broke reaches the next. */
function renderTemplate(source: string, values: Readonly<Record<string, unknown>>): RenderedAnswer {
  const environment = new Environment();
  const refusals: string[] = [];
  try {
    environment.undefinedBehavior = 'strict';
    environment.fuel = MAX_TEMPLATE_STEPS;
    environment.trimBlocks = true;
    environment.lstripBlocks = true;
    environment.keepTrailingNewline = true;
    // It prints everything the template was given, secrets included, into the answer file.
    environment.removeGlobal('debug');
    for (const name of Object.keys(FILTERS) as readonly FilterName[]) {
      environment.addFilter(name, (value: unknown) => {
        const quoted = applyFilter(name, value);
        if (quoted.quoted) return quoted.text;
        refusals.push(
          name === 'refuse' ? quoted.because : `"| ${name}" cannot take this value: ${quoted.because}`,
        );
        return REFUSED;
      });
    }
    return { rendered: true, text: environment.renderNamedStr(TEMPLATE_NAME, source, values) };
  } catch (error) {
    return { rendered: false, because: explain(error, refusals[0], source) };
  } finally {
    release(environment);
  }
}

/**
 * What a filter gives for a value it refuses. The engine cannot convert a symbol, so it stops with an error that
 * has the line. Throwing would do neither: it unwinds through the engine's memory and leaves it unusable.
 */
const REFUSED = Symbol('refused');

/** After a panic the engine still holds the environment and refuses to give it back; it is left to itself then. */
function release(environment: Environment): void {
  try {
    environment.free();
  } catch {
    return;
  }
}

/** From the engine's message to ours: the line, what is wrong, and the tags of that line but none of its text. */
function explain(error: unknown, refusal: string | undefined, source: string): string {
  // Syntax errors go on with an excerpt of the template, which may hold secrets.
  const [message = ''] = String(error instanceof Error ? error.message : error).split('\n');
  const whole = String(error instanceof Error ? error.message : error);
  const line = Number(new RegExp(`\\(in ${TEMPLATE_NAME}:(\\d+)\\)`).exec(whole)?.[1]);
  const words = refusal ?? describe(message.replace(/ \(in [^)]*\)$/, ''));
  if (Number.isNaN(line)) return `: ${words}`;
  const tags = (source.split('\n')[line - 1] ?? '').match(/\{[{%].*?[%}]\}/g) ?? [];
  const excerpt = tags.join(' ').slice(0, MAX_EXCERPT);
  return `, line ${line}: ${words}${excerpt === '' ? '' : `: ${excerpt}`}`;
}

/** The engine's words where a user would not know what to do. */
function describe(message: string): string {
  if (message.startsWith('undefined value')) {
    return 'a variable is used that is not set: set it on the machine or the profile, or give it a default with "| default(…)"';
  }
  if (message.includes('ran out of fuel')) {
    return `it takes more than ${MAX_TEMPLATE_STEPS} steps: look for a loop that does not end`;
  }
  return message;
}
