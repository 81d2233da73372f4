import type { Editor } from '../editor';
import type { Command } from './Command';

export const DRAWING_COMMANDS: readonly Command[] = [
  {
    id: 'draw.repeat',
    title: 'Finish the drawing, or repeat the last one',
    group: 'Modes',
    keys: ['n'],
    edits: true,
    run(editor) {
      if (isDrawing(editor)) editor.dispatch({ type: 'complete' });
      else editor.drawing.repeat();
    },
  },
  {
    id: 'draw.finish',
    title: 'Finish the drawing',
    group: 'Modes',
    keys: ['enter'],
    edits: true,
    enabled: isDrawing,
    run: (editor) => void editor.dispatch({ type: 'complete' }),
  },
  {
    id: 'draw.redraw',
    title: 'Draw the active object anew',
    group: 'Modes',
    keys: ['shift+n'],
    edits: true,
    enabled(editor) {
      const [state, second] = editor.selection.editable;
      return (
        state !== undefined && second === undefined && state.type !== 'tag' && editor.hasTool(state.type)
      );
    },
    run: ({ drawing, selection }) => drawing.redraw(selection.editable[0]!.clientId),
  },
  {
    id: 'draw.cancel',
    title: 'Cancel what is under way',
    group: 'Modes',
    keys: ['escape'],
    run: (editor) => void editor.dispatch({ type: 'cancel' }),
  },
  {
    id: 'tool.select',
    title: 'Select and edit',
    group: 'Modes',
    keys: [],
    run: (editor) => editor.setTool('select'),
  },
  {
    id: 'tool.hand',
    title: 'Move the image',
    group: 'Modes',
    keys: [],
    run: (editor) => editor.setTool('hand'),
  },
];

function isDrawing({ tool, drawing }: Editor): boolean {
  return tool === drawing.parameters.type;
}
