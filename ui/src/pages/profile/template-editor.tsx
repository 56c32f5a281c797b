import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { type ReactNode, useEffect, useRef } from 'react';
import { colours, languageOf } from './editor-languages.ts';

export interface Finding {
  readonly level: 'error' | 'warning';
  readonly line: number;
  readonly text: string;
}

interface TemplateEditorProps {
  readonly label: string;
  readonly kind: string;
  /** What is there at first; from then on the editor has it. */
  readonly initial: string;
  readonly isReadOnly: boolean;
  readonly findings: readonly Finding[];
  readonly onChange: (text: string) => void;
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
});

/**
 * It lives in a shadow root: there its styles are sheets of their own, and not `<style>` elements, which the
 * Content-Security-Policy of the page forbids.
 */
export function TemplateEditor(props: TemplateEditorProps): ReactNode {
  const { label, kind, initial, isReadOnly, findings, onChange } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const first = useRef(initial);
  const tell = useRef(onChange);
  const found = useRef(findings);
  useEffect(() => {
    tell.current = onChange;
  }, [onChange]);
  useEffect(() => {
    found.current = findings;
    if (view.current) show(view.current, findings);
  }, [findings]);
  useEffect(() => {
    const place = host.current;
    if (!place) return undefined;
    const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' });
    const extensions: readonly Extension[] = [
      basicSetup,
      lintGutter(),
      languageOf(kind),
      colours,
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorState.readOnly.of(isReadOnly),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        first.current = update.state.doc.toString();
        tell.current(first.current);
      }),
    ];
    const editor = new EditorView({ doc: first.current, extensions: [...extensions], parent: root, root });
    view.current = editor;
    show(editor, found.current);
    return () => {
      view.current = undefined;
      editor.destroy();
    };
  }, [kind, label, isReadOnly]);
  return <div ref={host} />;
}

function show(editor: EditorView, findings: readonly Finding[]): void {
  editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor, findings)));
}

/** Those of lines that are not there any more are left away. */
function diagnosticsOf({ state }: EditorView, findings: readonly Finding[]): Diagnostic[] {
  return findings
    .filter(({ line }) => line >= 1 && line <= state.doc.lines)
    .map(({ line, level, text }) => {
      const { from, to } = state.doc.line(line);
      return { from, to, severity: level, message: text };
    });
}
