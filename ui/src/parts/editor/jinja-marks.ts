import {
  Decoration,
  type DecorationSet,
  type EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/** Jinja stands in files of every language: what is of the template, and what is of the file, is seen at once. */
const TAGS = new MatchDecorator({
  regexp: /\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}/g,
  decoration: ([text]) => Decoration.mark({ class: text.startsWith('{#') ? 'cm-jinja-comment' : 'cm-jinja' }),
});

class Marks {
  decorations: DecorationSet;

  constructor(view: EditorView) {
    this.decorations = TAGS.createDeco(view);
  }

  update(update: ViewUpdate): void {
    this.decorations = TAGS.updateDeco(update, this.decorations);
  }
}

export const jinjaMarks = ViewPlugin.fromClass(Marks, { decorations: ({ decorations }) => decorations });
