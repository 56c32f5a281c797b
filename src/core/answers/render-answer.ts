import { debianCodename } from '../images/distributions/debian.ts';
import { enterpriseLevel } from '../images/distributions/enterprise-level.ts';
import type { AnswerKind, Image } from '../images/image.ts';
import type { SyslogPlace } from '../boot/machine-urls.ts';
import { type InstallSource, sourceUrl } from '../images/install-source.ts';
import type { Machine } from '../machines/machine.ts';
import { networkWords } from './network-words.ts';
import { type PackageMirror, packageMirror } from './package-mirror.ts';
import { readVariables } from './read-variables.ts';
import type { Snippet } from './snippet.ts';
import { neededSnippets } from './snippet-references.ts';
import {
  failureText,
  MAX_TEMPLATE_LENGTH,
  type TemplateJob,
  type TemplateOutcome,
  type TemplatePlace,
} from './template-job.ts';
import { DEFAULT_TEMPLATES } from './templates/all.ts';
import type { VariableValue } from './variable-kinds.ts';

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
  /** Butane that comes of it is translated. */
  readonly becomes?: TemplateJob['becomes'];
  /** What errors call it, where it is not that of the profile. */
  readonly templateName?: string;
  /** All that there are. */
  readonly snippets?: readonly Snippet[];
  readonly machine: Machine;
  readonly profile: { readonly name: string; readonly variables: Readonly<Record<string, string>> };
  readonly image: Image;
  readonly urls: AnswerUrls;
  /** Those of the package mirrors. */
  readonly mirrorNames?: readonly string[];
}

export type RenderedAnswer =
  | { readonly rendered: true; readonly text: string }
  | { readonly rendered: false; readonly because: string; readonly at?: TemplatePlace };

export type PreparedAnswer =
  | { readonly prepared: true; readonly job: TemplateJob }
  | { readonly prepared: false; readonly because: string };

/** What the template engine is to do for one machine, or why nothing can come of it. */
export function prepareAnswer(input: AnswerInput): PreparedAnswer {
  const variables = readVariables(input.profile.variables, input.machine.variables);
  if (!variables.read) return { prepared: false, because: variables.because };
  const template = input.template ?? DEFAULT_TEMPLATES[input.kind];
  const source = plainLines(template);
  if (source.length > MAX_TEMPLATE_LENGTH) {
    const because = `the template has ${source.length} characters, and ${MAX_TEMPLATE_LENGTH} are the most`;
    return { prepared: false, because };
  }
  const all = Array.from(input.snippets ?? [], ({ name, text }) => [name, plainLines(text)] as const);
  const needed = neededSnippets(source, new Map(all));
  if (!needed.found) return { prepared: false, because: needed.because };
  const own = input.templateName ?? `profile ${input.profile.name}`;
  const name = input.template === undefined ? `Muster's own ${input.kind} template` : own;
  const values = { ...variables.values, ...context(input, variables.values) };
  const becomes = input.becomes === undefined ? {} : { becomes: input.becomes };
  return { prepared: true, job: { name, source, snippets: needed.snippets, values, ...becomes } };
}

/** The answer file that came of it, or why there is none: in a template, with the line and column. */
export function answerFrom(outcome: TemplateOutcome): RenderedAnswer {
  if (!outcome.made) {
    const at = outcome.at === undefined ? {} : { at: outcome.at };
    return { rendered: false, because: failureText(outcome), ...at };
  }
  return { rendered: true, text: outcome.text.endsWith('\n') ? outcome.text : `${outcome.text}\n` };
}

/** Editors of other systems leave a byte order mark and line ends that installers stumble over. */
function plainLines(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
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
