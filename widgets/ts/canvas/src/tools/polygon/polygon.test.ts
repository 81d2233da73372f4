import { describe, expect, it } from 'vitest';
import { baseOf, keyframe, TestEditor, track } from '../../testing/TestEditor';

async function drawing(more = {}) {
  const editor = await TestEditor.open();
  editor.drawing.start({ type: 'polygon', kind: 'shape', label_id: 3, pointCount: null, ...more });
  return editor;
}

function triangle(editor: TestEditor) {
  return editor.click(20, 20).click(80, 20).click(50, 70);
}

const TRIANGLE = [20, 20, 80, 20, 50, 70];

describe('PolygonTool: R9.1 R9.2 R9.5', () => {
  it.each([
    ['R9.5 R24.18 N', (editor: TestEditor) => editor.key('n')],
    ['Enter', (editor: TestEditor) => editor.key('Enter')],
    ['a double click', (editor: TestEditor) => editor.doubleClick(50, 70)],
    ['a click on the first point', (editor: TestEditor) => editor.click(21, 21)],
  ])('R9.1 R9.2 draws by clicks; %s completes', async (_name, complete) => {
    const editor = await drawing();
    triangle(editor).expectPath('root.polygon.drawing');
    complete(editor).expectPath('root.select.idle');
    expect(editor.objects).toMatchObject([{ type: 'polygon', label_id: 3, points: TRIANGLE }]);
    expect(editor.objects[0]!.object.pinned).toBe(true);
  });

  it('R9.2 sets a point about every 15 screen pixels while Shift is held', async () => {
    const editor = await drawing();
    editor.click(10, 50);
    for (let x = 11; x <= 60; x++) editor.pointerMove(x, 50, { shift: true });
    editor.pointerMove(60, 90).click(60, 90).key('n');
    expect(editor.objects[0]!.points).toEqual([10, 50, 25, 50, 40, 50, 55, 50, 60, 90]);
  });

  it('R9.3 the right button takes back the last point', async () => {
    const editor = await drawing();
    triangle(editor).pointerDown(50, 70, { button: 2 }).click(60, 90).key('n');
    expect(editor.objects[0]!.points).toEqual([20, 20, 80, 20, 60, 90]);
  });

  it('R9.3 wheel and middle button move the camera', async () => {
    const editor = await drawing();
    editor.click(20, 20).click(80, 20).wheel(50, 50, -100);
    expect(editor.view.camera.zoom).toBeCloseTo(1.2);
    editor.click(50, 70).key('n');
    expect(editor.objects[0]!.points.map(Math.round)).toEqual(TRIANGLE);
  });

  it('Ctrl+Z and Ctrl+Shift+Z take points back and set them again', async () => {
    const editor = await drawing();
    triangle(editor).key('z', { ctrl: true }).key('z', { ctrl: true }).key('Z', { ctrl: true, shift: true });
    expect(editor.feedback.shown.previews[0]!.setPoints).toBe(2);
    editor.key('z', { ctrl: true }).key('z', { ctrl: true }).expectPath('root.polygon.idle');
    expect(editor.objects).toEqual([]);
  });

  it('R9.5 needs three points and says so', async () => {
    const editor = await drawing();
    editor.click(20, 20).click(80, 20).key('n').expectPath('root.polygon.drawing');
    expect(editor.asked).toMatchObject([
      { type: 'notice', text: expect.stringContaining('at least 3 points; 2 are set') },
    ]);
  });

  it('R9.5 clips to the frame', async () => {
    const editor = await drawing();
    editor.click(150, 10).click(250, 10).click(250, 60).click(150, 60).key('n');
    const { minX, minY, maxX, maxY } = editor.scene.item(editor.objects[0]!.clientId)!.bounds;
    expect([minX, minY, maxX, maxY]).toEqual([150, 10, 200, 60]);
  });

  it('R9.11 ends by itself after a given number of points', async () => {
    const editor = await drawing({ pointCount: 3 });
    triangle(editor).expectPath('root.select.idle');
    expect(editor.objects).toHaveLength(1);
  });

  it('R8.7 Esc cancels', async () => {
    const editor = await drawing();
    triangle(editor).key('Escape').expectPath('root.select.idle');
    expect(editor.objects).toEqual([]);
  });

  it('a frame change keeps a polygon that is complete, on its own frame', async () => {
    const editor = await drawing();
    triangle(editor);
    await editor.player.goTo(1);
    expect(editor.objects).toEqual([]);
    await editor.player.goTo(0);
    expect(editor.objects).toMatchObject([{ points: TRIANGLE }]);
  });

  it('R9.19 draws tracks', async () => {
    const editor = await drawing({ kind: 'track' });
    triangle(editor).key('n');
    await editor.player.goTo(4);
    expect(editor.objects).toMatchObject([{ kind: 'track', keyframe: false, points: TRIANGLE }]);
  });

  it('R9.21 R24.19 Shift+N draws the polygon anew as a keyframe of the same track', async () => {
    const polygon = track([keyframe(0, { type: 'polygon', points: TRIANGLE })], { label_id: 3 });
    const editor = await TestEditor.open({ base: baseOf({ tracks: [polygon] }) });
    await editor.player.goTo(4);
    editor.pointerMove(50, 40).key('N', { shift: true }).expectPath('root.polygon.idle');
    expect(editor.feedback.lifted.size).toBe(1);
    editor.click(30, 30).click(90, 30).click(60, 80).key('n');
    expect(editor.objects).toMatchObject([{ keyframe: true, points: [30, 30, 90, 30, 60, 80] }]);
    expect(editor.feedback.lifted.size).toBe(0);
    await editor.player.goTo(2);
    expect(editor.objects).toMatchObject([{ keyframe: false, points: [25, 25, 85, 25, 55, 75] }]);
  });
});
