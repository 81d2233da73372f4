import { describe, expect, it } from 'vitest';
import { baseOf, shape, TestEditor } from '../../testing/TestEditor';

const A = [20, 20, 60, 60];
const B = [100, 20, 140, 60];

/** Two boxes far apart. */
async function twoBoxes(more: Parameters<typeof shape>[0] = {}) {
  return TestEditor.open({
    base: baseOf({ shapes: [shape({ id: 1, points: A, ...more }), shape({ id: 2, points: B })] }),
  });
}

async function polygonBox() {
  const points = [20, 20, 80, 20, 80, 80, 20, 80];
  return TestEditor.open({ base: baseOf({ shapes: [shape({ id: 1, type: 'polygon', points })] }) });
}

function pointsOf(editor: TestEditor, index = 0) {
  return editor.objects[index]!.points;
}

describe('hovering', () => {
  it('activates the shape under the cursor, which stays active beside all shapes', async () => {
    const editor = await twoBoxes();
    const [a, b] = editor.objects.map((state) => state.clientId);
    editor.pointerMove(40, 40);
    expect(editor.selection.active).toBe(a);
    editor.pointerMove(120, 40);
    expect(editor.selection.active).toBe(b);
    editor.pointerMove(80, 90);
    expect(editor.selection.active).toBe(b);
  });

  it('R24.40 Ctrl keeps the active shape', async () => {
    const editor = await twoBoxes();
    editor.pointerMove(40, 40).pointerMove(120, 40, { ctrl: true });
    expect(editor.selection.active).toBe(editor.objects[0]!.clientId);
  });

  it('reaches a small shape inside a large one', async () => {
    const large = shape({ points: [10, 10, 150, 90], z_order: 5 });
    const small = shape({ points: [60, 40, 70, 50] });
    const editor = await TestEditor.open({ base: baseOf({ shapes: [small, large] }) });
    editor.pointerMove(65, 45);
    expect(editor.selection.active).toBe(editor.objects[0]!.clientId);
  });

  it('R4.3 does not activate locked shapes, and does not hit hidden ones', async () => {
    const editor = await twoBoxes();
    const [a, b] = editor.objects.map((state) => state.clientId) as [number, number];
    editor.annotations.update('Test', 0, new Map([[a, { locked: true }]]));
    editor.annotations.update('Test', 0, new Map([[b, { hidden: true }]]));
    editor.pointerMove(40, 40).pointerMove(120, 40);
    expect(editor.selection.active).toBeNull();
  });
});

describe('moving', () => {
  it('drags a shape, as one step', async () => {
    const editor = await twoBoxes();
    editor.pointerMove(40, 40).pointerDown(40, 40).expectPath('root.select.pointing_shape');
    editor.pointerMove(50, 45).expectPath('root.select.translating').pointerMove(60, 50).pointerUp();
    editor.expectPath('root.select.idle');
    expect(pointsOf(editor)).toEqual([40, 30, 80, 70]);
    editor.undo();
    expect(pointsOf(editor)).toEqual(A);
    editor.redo();
    expect(pointsOf(editor)).toEqual([40, 30, 80, 70]);
  });

  it('lifts the shape while it is dragged', async () => {
    const editor = await twoBoxes();
    const { clientId } = editor.objects[0]!;
    editor.pointerMove(40, 40).pointerDown(40, 40).pointerMove(50, 40);
    expect([...editor.feedback.lifted]).toEqual([clientId]);
    editor.pointerUp();
    expect(editor.feedback.lifted.size).toBe(0);
  });

  it('keeps it inside the frame', async () => {
    const editor = await twoBoxes();
    editor.drag([40, 40], [-100, 500]);
    expect(pointsOf(editor)).toEqual([0, 60, 40, 100]);
  });

  it('Esc puts it back, and leaves no step', async () => {
    const editor = await twoBoxes();
    editor
      .pointerMove(40, 40)
      .pointerDown(40, 40)
      .pointerMove(90, 40)
      .key('Escape')
      .expectPath('root.select.idle');
    expect(pointsOf(editor)).toEqual(A);
    expect(editor.annotations.history.undoTitle).toBeNull();
    expect(editor.annotations.hasChanges).toBe(false);
  });

  it('Ctrl+Z in the middle of a drag puts it back', async () => {
    const editor = await twoBoxes();
    editor.pointerMove(40, 40).pointerDown(40, 40).pointerMove(90, 40).key('z', { ctrl: true });
    editor.expectPath('root.select.idle');
    expect(pointsOf(editor)).toEqual(A);
  });

  it('another frame ends the drag and keeps what was done', async () => {
    const editor = await twoBoxes();
    editor.pointerMove(40, 40).pointerDown(40, 40).pointerMove(50, 40);
    await editor.player.goTo(1);
    editor.expectPath('root.select.idle');
    await editor.player.goTo(0);
    expect(pointsOf(editor)).toEqual([30, 20, 70, 60]);
  });

  it('R4.4 R4.5 a pinned polygon is not dragged as a whole: the image moves', async () => {
    const editor = await polygonBox();
    editor
      .pointerMove(50, 50)
      .pointerDown(50, 50)
      .pointerMove(60, 50)
      .expectPath('root.select.panning')
      .pointerUp();
    expect(pointsOf(editor)).toEqual([20, 20, 80, 20, 80, 80, 20, 80]);
    expect(editor.view.camera.x).toBe(10);
  });

  it('R9.12 after switching pinned a polygon can be dragged', async () => {
    const editor = await polygonBox();
    editor.pointerMove(50, 50).execute('objects.pin');
    editor.drag([50, 50], [60, 50]);
    expect(pointsOf(editor)).toEqual([30, 20, 90, 20, 90, 80, 30, 80]);
  });

  it('nothing moves in a read-only job', async () => {
    const editor = await TestEditor.open({
      isReadonly: true,
      base: baseOf({ shapes: [shape({ points: A })] }),
    });
    editor.drag([40, 40], [60, 40]);
    expect(pointsOf(editor)).toEqual(A);
    expect(editor.execute('objects.remove')).toBe(false);
  });
});

describe('several shapes', () => {
  it('Shift+click selects, a drag moves all, a click beside them ends it', async () => {
    const editor = await twoBoxes();
    editor.click(40, 40, { shift: true }).click(120, 40, { shift: true });
    expect(editor.selection.selected.size).toBe(2);
    editor.drag([40, 40], [45, 50]);
    expect(pointsOf(editor, 0)).toEqual([25, 30, 65, 70]);
    expect(pointsOf(editor, 1)).toEqual([105, 30, 145, 70]);
    editor.undo();
    expect(pointsOf(editor, 1)).toEqual(B);
    editor.click(80, 90);
    expect(editor.selection.targets).toEqual([]);
  });

  it('Shift+drag selects what lies inside', async () => {
    const editor = await twoBoxes();
    editor.pointerMove(90, 10).pointerDown(90, 10, { shift: true }).pointerMove(150, 70, { shift: true });
    editor.expectPath('root.select.brushing').pointerUp();
    expect([...editor.selection.selected]).toEqual([editor.objects[1]!.clientId]);
    expect(editor.feedback.shown.brush).toBeNull();
  });
});

describe('handles', () => {
  it('resizes at a corner, clipped to the frame', async () => {
    const editor = await twoBoxes();
    editor.pointerMove(40, 40).pointerMove(60, 60);
    expect(editor.feedback.shown.cursor).toBe('nwse-resize');
    editor.pointerDown(60, 60).expectPath('root.select.dragging_handle').pointerMove(70, 300).pointerUp();
    expect(pointsOf(editor)).toEqual([20, 20, 70, 100]);
    expect(editor.annotations.history.undoTitle).toBe('Resize');
  });

  it('turns inside out when a corner is dragged over the opposite one', async () => {
    const editor = await twoBoxes();
    editor.pointerMove(40, 40).drag([60, 60], [10, 5]);
    expect(pointsOf(editor)).toEqual([10, 5, 20, 20]);
  });

  it('R8.2 R8.3 R8.4 rotates in steps of 0.1 degrees, with Shift of 15, and shows the angle', async () => {
    const editor = await twoBoxes();
    editor.pointerMove(40, 40);
    editor.pointerDown(40, -4).pointerMove(84, 41);
    expect(editor.feedback.shown.note).toBe('91.3°');
    expect(editor.objects[0]!.rotation).toBe(91.3);
    editor.pointerMove(84, 41, { shift: true }).pointerUp();
    expect(editor.objects[0]!.rotation).toBe(90);
    expect(pointsOf(editor)).toEqual(A);
  });

  it('R8.5 resizing a turned box keeps its rotation and the opposite corner', async () => {
    const editor = await TestEditor.open({
      base: baseOf({ shapes: [shape({ points: [50, 20, 110, 60], rotation: 90 })] }),
    });
    // Turned by 90 degrees the box covers 60..100 x 10..70; its unturned top left corner is at (100, 10).
    editor.pointerMove(80, 40).drag([100, 10], [90, 20]);
    const [state] = editor.objects;
    expect(state!.rotation).toBe(90);
    const { minX, minY, maxX, maxY } = editor.scene.item(state!.clientId)!.bounds;
    expect([minX, minY, maxX, maxY].map(Math.round)).toEqual([60, 20, 90, 70]);
  });

  it('R9.6 drags a point of a polygon', async () => {
    const editor = await polygonBox();
    editor.pointerMove(50, 50).drag([80, 20], [90, 10]);
    expect(pointsOf(editor)).toEqual([20, 20, 90, 10, 80, 80, 20, 80]);
  });

  it('R9.6 R24.41 Alt+click and Ctrl+click delete a point, down to a triangle', async () => {
    const editor = await polygonBox();
    editor.pointerMove(50, 50).click(80, 20, { alt: true });
    expect(pointsOf(editor)).toEqual([20, 20, 80, 80, 20, 80]);
    editor.click(80, 80, { ctrl: true });
    expect(pointsOf(editor)).toHaveLength(6);
  });

  it('a double click on an edge adds a point', async () => {
    const editor = await polygonBox();
    editor.pointerMove(50, 50).doubleClick(50, 21);
    expect(pointsOf(editor)).toEqual([20, 20, 50, 21, 80, 20, 80, 80, 20, 80]);
  });

  it('R4.3 a locked shape shows none', async () => {
    const editor = await twoBoxes();
    editor.selection.activate(editor.objects[0]!.clientId);
    editor.execute('objects.lock');
    editor.drag([60, 60], [80, 80]);
    expect(pointsOf(editor)).toEqual(A);
  });
});

it('R24.43 the right button asks for a menu, and names the point under the cursor', async () => {
  const editor = await polygonBox();
  const { clientId } = editor.objects[0]!;
  editor.pointerMove(50, 50).pointerDown(50, 50, { button: 2 }).pointerDown(80, 80, { button: 2 });
  expect(editor.asked).toMatchObject([
    { type: 'context-menu', clientId, vertex: null },
    { type: 'context-menu', clientId, vertex: 2 },
  ]);
});
