import { parse } from 'yaml';
import type { TemplateSample } from './template-samples.ts';

/** A script inside an answer file, and how to have it read without being run. */
export interface FoundScript {
  readonly name: string;
  readonly shell: string;
  readonly check: readonly string[];
  readonly text: string;
}

/** Python's own parser in place of its runner. */
const PYTHON = ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'];

/** A section ends with %end, in EL 5 where the next begins. */
const KICKSTART_SCRIPT =
  /^(%(?:pre|post|pre-install|onerror|traceback)\b[^\n]*)\n([\s\S]*?)(?=^%(?:end|pre|post|onerror|traceback)\b|$(?![\s\S]))/gm;
/** debconf joins lines that end with a backslash. */
const PRESEED_COMMAND = /^d-i (\S+_command) string ((?:[^\n]*\\\n)*[^\n]*)$/gm;

/** Every script that an installer would run of this answer file. */
export function scriptsOf(
  { kind, name, beside }: Pick<TemplateSample, 'kind' | 'name' | 'beside'>,
  text: string,
): readonly FoundScript[] {
  switch (kind) {
    case 'autoinstall':
      return beside === undefined ? ofCloudConfig(text) : [];
    case 'autoyast':
      return [...text.matchAll(/<filename>([^<]*)<\/filename>[\s\S]*?<source>([\s\S]*?)<\/source>/g)].map(
        ([, file = '', source = '']) => shell(file, plainXml(source)),
      );
    case 'agama':
      return beside === undefined ? ofAgama(text) : [shell(beside, text)];
    case 'ignition':
      return ofIgnition(text);
    case 'alpine':
      return [shell(beside ?? 'answers', text)];
    case 'script':
      return [{ name, shell: 'bash', check: ['-n'], text }];
    case 'esxi':
      return [...text.matchAll(/^%(\w+) --interpreter=(\w+)\n([\s\S]*?)(?=^%|$(?![\s\S]))/gm)].map(
        ([, section = '', interpreter = '', script = '']) =>
          interpreter === 'python'
            ? { name: section, shell: 'python3', check: PYTHON, text: script }
            : shell(section, script),
      );
    case 'kickstart':
      return [...text.matchAll(KICKSTART_SCRIPT)].map(([, head = '', script = '']) => shell(head, script));
    case 'preseed':
      return [...text.matchAll(PRESEED_COMMAND)].map(([, question = '', command = '']) =>
        shell(question, command.replaceAll('\\\n', '')),
      );
    case 'proxmox':
    case 'unattend':
      return [];
    default:
      return kind satisfies never;
  }
}

function shell(name: string, text: string): FoundScript {
  return { name, shell: 'sh', check: ['-n'], text };
}

function ofCloudConfig(text: string): readonly FoundScript[] {
  const config = parse(text) as {
    readonly write_files: readonly { readonly path: string; readonly content: string }[];
    readonly autoinstall: Readonly<Record<string, readonly string[]>>;
  };
  const commands = ['early-commands', 'late-commands', 'error-commands'].flatMap((key) =>
    (config.autoinstall[key] ?? []).map((command) => shell(key, command)),
  );
  return [...config.write_files.map(({ path, content }) => shell(path, content)), ...commands];
}

function ofAgama(text: string): readonly FoundScript[] {
  const { scripts } = JSON.parse(text) as {
    readonly scripts: Readonly<
      Record<string, readonly { readonly name: string; readonly content: string }[]>
    >;
  };
  return Object.values(scripts).flatMap((list) => list.map(({ name, content }) => shell(name, content)));
}

function ofIgnition(text: string): readonly FoundScript[] {
  const { storage } = JSON.parse(text) as {
    readonly storage: {
      readonly files: readonly { readonly path: string; readonly contents: { readonly source: string } }[];
    };
  };
  return storage.files
    .map(({ path, contents }) => shell(path, decoded(contents.source)))
    .filter((script) => script.text.startsWith('#!'));
}

function decoded(url: string): string {
  return Buffer.from(url.replace(/^data:;base64,/, ''), 'base64').toString('utf8');
}

/** The text of an element, in CDATA or not. */
function plainXml(source: string): string {
  return source.replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1');
}
