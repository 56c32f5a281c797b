import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { completionsAfter, type TemplateWord } from './completions.ts';
import { colours, languageOf } from './editor-languages.ts';
import { jinjaMarks } from './jinja-marks.ts';

export interface Finding {
  readonly level: 'error' | 'warning';
  readonly line: number;
  readonly column?: number;
  readonly text: string;
}

/** What the page does to the text, besides what is typed. */
export interface EditorHandle {
  /** At the cursor, in place of what is selected there. */
  readonly insert: (text: string) => void;
}

interface TemplateEditorProps {
  readonly label: string;
  readonly kind: string;
  /** What is there at first; from then on the editor has it, until `version` is another. */
  readonly initial: string;
  readonly version: number;
  readonly isReadOnly: boolean;
  readonly findings: readonly Finding[];
  readonly words: readonly TemplateWord[];
  readonly onChange: (text: string) => void;
  readonly handle?: Ref<EditorHandle>;
}

const look = EditorView.theme({
  '&': { height: '60vh', background: 'var(--page)', color: 'var(--text)', fontSize: '13px' },
  '.cm-scroller': { fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace' },
  '.cm-gutters': { background: 'var(--page)', color: 'var(--dim)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'var(--raised)' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-tooltip, .cm-panels': { background: 'var(--panel)', color: 'var(--text)' },
  '.cm-completionInfo': { maxWidth: '24rem' },
  '.cm-jinja, .cm-jinja *': { color: 'var(--accent)', fontWeight: '600' },
  '.cm-jinja-comment, .cm-jinja-comment *': { color: 'var(--dim)', fontStyle: 'italic' },
});

/**
 * It lives in a shadow root: there its styles are sheets of their own, and not `<style>` elements, which the
 * Content-Security-Policy of the page forbids.
 */
export function TemplateEditor(props: TemplateEditorProps): ReactNode {
  const { label, kind, initial, version, isReadOnly, findings, handle } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const text = useRef(initial);
  const shown = useRef(version);
  const newest = useRef(props);
  useEffect(() => {
    newest.current = props;
  });
  useImperativeHandle(
    handle,
    () => ({ insert: (piece) => view.current && insertInto(view.current, piece) }),
    [],
  );
  useEffect(() => {
    if (view.current) show(view.current, findings);
  }, [findings]);
  useEffect(() => {
    if (shown.current === version) return;
    shown.current = version;
    text.current = newest.current.initial;
    if (view.current) replaceText(view.current, text.current);
  }, [version]);
  useEffect(() => {
    const place = host.current;
    if (!place) return undefined;
    const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' });
    const extensions: readonly Extension[] = [
      basicSetup,
      lintGutter(),
      languageOf(kind),
      colours,
      jinjaMarks,
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorState.readOnly.of(isReadOnly),
      completion(() => newest.current.words),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        text.current = update.state.doc.toString();
        newest.current.onChange(text.current);
      }),
    ];
    const editor = new EditorView({ doc: text.current, extensions: [...extensions], parent: root, root });
    view.current = editor;
    show(editor, newest.current.findings);
    return () => {
      view.current = undefined;
      editor.destroy();
    };
  }, [kind, label, isReadOnly]);
  return <div ref={host} />;
}

/** What the editor asks with. */
interface CompletionContext {
  readonly pos: number;
  readonly state: EditorState;
}

/** The editor's own completion asks each language for words; templates have some in every language. */
function completion(words: () => readonly TemplateWord[]): Extension {
  const autocomplete = ({ state, pos }: CompletionContext) => {
    const line = state.doc.lineAt(pos);
    const found = completionsAfter(line.text.slice(0, pos - line.from), words());
    return found && { from: line.from + found.from, options: found.options, validFor: /^[\w.]*$/ };
  };
  return EditorState.languageData.of(() => [{ autocomplete }]);
}

function insertInto(editor: EditorView, piece: string): void {
  if (editor.state.readOnly) return;
  editor.dispatch(editor.state.replaceSelection(piece), { scrollIntoView: true });
  editor.focus();
}

function replaceText(editor: EditorView, text: string): void {
  const { doc } = editor.state;
  if (doc.toString() !== text) editor.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
}

function show(editor: EditorView, findings: readonly Finding[]): void {
  editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor, findings)));
}

/** Those of lines that are not there any more are left away. */
function diagnosticsOf({ state }: EditorView, findings: readonly Finding[]): Diagnostic[] {
  return findings
    .filter(({ line }) => line >= 1 && line <= state.doc.lines)
    .map(({ line, column = 1, level, text }) => {
      const { from, to } = state.doc.line(line);
      return { from: Math.min(from + column - 1, to), to, severity: level, message: text };
    });
}
