import { describe, expect, it } from 'vitest';
import { TestEditor } from '../../testing/TestEditor';

async function drawing() {
  const editor = await TestEditor.open();
  editor.drawing.start({ type: 'rectangle', label_id: 2 });
  return editor;
}

describe('RectangleTool', () => {
  it('R8.1 draws by two clicks', async () => {
    const editor = await drawing();
    editor.expectPath('root.rectangle.idle');
    editor.pointerDown(10, 20).expectPath('root.rectangle.pointing').pointerUp();
    editor
      .expectPath('root.rectangle.drawing')
      .pointerMove(60, 70)
      .click(60, 70)
      .expectPath('root.select.idle');
    expect(editor.objects).toMatchObject([
      { kind: 'shape', type: 'rectangle', label_id: 2, points: [10, 20, 60, 70] },
    ]);
  });

  it('R8.1 draws by dragging, from any corner', async () => {
    const editor = await drawing();
    editor.drag([60, 70], [10, 20]);
    expect(editor.objects).toMatchObject([{ points: [10, 20, 60, 70] }]);
    expect(editor.selection.active).toBe(editor.objects[0]!.clientId);
  });

  it('R8.1 clips the box to the frame', async () => {
    const editor = await drawing();
    editor.drag([150, 50], [300, -20]);
    expect(editor.objects).toMatchObject([{ points: [150, 0, 200, 50] }]);
  });

  it('R8.1 discards boxes below 9 px² and says so', async () => {
    const editor = await drawing();
    editor.click(10, 10).click(12, 13);
    expect(editor.objects).toEqual([]);
    expect(editor.asked).toMatchObject([{ type: 'notice' }]);
    expect(editor.annotations.hasChanges).toBe(false);
  });

  it('R8.7 Esc cancels, in every state', async () => {
    const editor = await drawing();
    editor.key('Escape').expectPath('root.select.idle');
    editor.drawing.start();
    editor.pointerDown(10, 10).key('Escape').expectPath('root.select.idle').pointerUp();
    editor.drawing.start();
    editor.pointerDown(10, 10).pointerMove(50, 50).key('Escape').expectPath('root.select.idle');
    expect(editor.objects).toEqual([]);
    expect(editor.feedback.shown.previews).toEqual([]);
  });

  it('R8.8 R24.18 N repeats the last drawing and finishes the one under way', async () => {
    const editor = await drawing();
    editor.drag([10, 10], [40, 40]).key('n').expectPath('root.rectangle.idle');
    editor.click(100, 10).pointerMove(140, 50).key('n').expectPath('root.select.idle');
    expect(editor.objects).toMatchObject([{ label_id: 2 }, { label_id: 2, points: [100, 10, 140, 50] }]);
  });

  it('R8.8 shows the size of the box while drawing', async () => {
    const editor = await drawing();
    editor.pointerDown(10, 10).pointerMove(60, 40);
    expect(editor.feedback.shown.note).toBe('50.0 × 30.0 px');
  });

  it('R5.5 draws a track with one keyframe', async () => {
    const editor = await drawing();
    editor.drawing.start({ kind: 'track' });
    editor.drag([10, 10], [60, 40]);
    expect(editor.objects).toMatchObject([{ kind: 'track', keyframe: true, points: [10, 10, 60, 40] }]);
    await editor.player.goTo(5);
    expect(editor.objects).toMatchObject([{ kind: 'track', keyframe: false, points: [10, 10, 60, 40] }]);
  });

  it('R24.8 wheel and middle button move the camera while drawing', async () => {
    const editor = await drawing();
    editor.pointerDown(20, 20).pointerMove(40, 40).wheel(40, 40, -100);
    expect(editor.view.camera.zoom).toBeCloseTo(1.2);
    editor.pointerDown(40, 40, { button: 1 });
    editor.dispatch({
      type: 'pointer_move',
      x: 0,
      y: 0,
      screenX: 90,
      screenY: 70,
      button: 1,
      shift: false,
      ctrl: false,
      alt: false,
      meta: false,
    });
    editor.pointerUp(40, 40, { button: 1 }).expectPath('root.rectangle.drawing');
    editor.pointerUp(60, 60);
    expect(editor.objects).toMatchObject([{ points: [20, 20, 60, 60] }]);
  });

  it('refuses labels of other kinds', async () => {
    const editor = await TestEditor.open();
    expect(() => editor.drawing.start({ type: 'rectangle', label_id: 3 })).toThrow(
      'Label "tree" is for polygon only',
    );
    editor.expectPath('root.select.idle');
  });
});
