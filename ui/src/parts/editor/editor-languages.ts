import { xml } from '@codemirror/lang-xml';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import type { Extension } from '@codemirror/state';
import { tags } from '@lezer/highlight';

/** By the kind of the answer file. Kickstart, preseed and the like have the comments, texts and words of a shell. */
export function languageOf(kind: string): Extension {
  switch (kind) {
    case 'autoinstall':
    case 'agama':
    case 'ignition':
      return yaml();
    case 'autoyast':
    case 'unattend':
      return xml();
    default:
      return StreamLanguage.define(shell);
  }
}

/** The colours of the page, so that both themes have them. */
export const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.comment, color: 'var(--dim)', fontStyle: 'italic' },
    { tag: [tags.string, tags.attributeValue], color: 'var(--good)' },
    {
      tag: [tags.keyword, tags.tagName, tags.propertyName, tags.standard(tags.name)],
      color: 'var(--accent)',
    },
    { tag: [tags.number, tags.bool, tags.attributeName, tags.variableName], color: 'var(--wait)' },
    { tag: tags.invalid, color: 'var(--bad)' },
  ]),
);
