import { describe, expect, it } from 'vitest';
import { baseOf, keyframe, label, settle, shape, TestEditor, tag, track } from '../testing/TestEditor';

const A = [20, 20, 60, 60];
const B = [100, 20, 140, 60];
const CTRL = { ctrl: true };

async function boxes() {
  const shapes = [
    shape({ id: 1, points: A }),
    shape({ id: 2, points: B, frame: 0, z_order: 3 }),
    shape({ id: 3, frame: 5 }),
  ];
  const editor = await TestEditor.open({ base: baseOf({ shapes }) });
  return editor.pointerMove(40, 40);
}

async function oneTrack() {
  const shapes = [keyframe(2, { points: A }), keyframe(6, { points: B })];
  const editor = await TestEditor.open({ base: baseOf({ tracks: [track(shapes, { id: 1 })] }) });
  await editor.player.goTo(4);
  return editor.pointerMove(80, 40);
}

describe('player: R24.9 R24.10 R24.11 R24.12 R24.13 R24.14 R24.17', () => {
  it.each([
    ['R24.9', 'f', 4, 5],
    ['R24.10', 'd', 4, 3],
    ['R24.11', 'v', 4, 9],
    ['R24.12', 'c', 4, 0],
    ['R24.13', 'ArrowRight', 1, 5],
    ['R24.14', 'ArrowLeft', 4, 0],
    ['R24.17', 'f', 9, 9],
    ['R24.17', 'd', 0, 0],
  ])('%s %s goes from frame %i to %i', async (_req, key, from, to) => {
    const editor = await boxes();
    await editor.player.goTo(from);
    editor.key(key);
    await settle();
    expect(editor.frame).toBe(to);
  });

  it('R24.13 R25.2 with a filter goes to matching frames, and without a match to any object', async () => {
    const shapes = [shape({ frame: 3 }), shape({ frame: 6, label_id: 2 })];
    const editor = await TestEditor.open({ base: baseOf({ shapes }) });
    editor.setFilter((state) => state.label_id === 2);
    editor.key('ArrowRight');
    await settle();
    expect(editor.frame).toBe(6);
    await editor.player.goTo(0);
    editor.setFilter(() => false);
    editor.key('ArrowRight');
    await settle();
    expect(editor.frame).toBe(3);
  });

  it('R24.15 R24.16 space plays, backtick asks for the frame input', async () => {
    const editor = await boxes();
    editor.key(' ');
    expect(editor.player.isPlaying).toBe(true);
    editor.key(' ').key('`');
    expect(editor.player.isPlaying).toBe(false);
    expect(editor.asked).toEqual([{ type: 'focus-frame-input' }]);
  });
});

describe('general: R24.3 R24.4 R24.5', () => {
  it.each([
    ['R24.3', 'F1', {}, 'show-shortcuts'],
    ['R24.4', 'F2', {}, 'show-settings'],
    ['R24.5', 's', CTRL, 'save'],
  ])('%s %s asks the user interface', async (_req, key, modifiers, type) => {
    const editor = await boxes();
    editor.key(key, modifiers);
    expect(editor.asked).toEqual([{ type }]);
  });

  it('R24.6 R24.7 undoes and redoes, on the frame where it was done', async () => {
    const editor = await boxes();
    editor.key('Delete');
    await editor.player.goTo(7);
    editor.key('z', CTRL);
    await settle();
    expect(editor.frame).toBe(0);
    expect(editor.objects).toHaveLength(2);
    editor.key('y', CTRL);
    expect(editor.objects).toHaveLength(1);
  });
});

describe('objects', () => {
  it('R24.48 R4.1 Q and / switch occluded', async () => {
    const editor = await boxes();
    editor.key('q');
    expect(editor.objects[0]!.occluded).toBe(true);
    editor.key('/');
    expect(editor.objects[0]!.occluded).toBe(false);
  });

  it('R24.45 R24.44 L locks the object, T then L all', async () => {
    const editor = await boxes();
    const locked = () => editor.objects.map((state) => state.object.locked);
    editor.key('l');
    expect(locked()).toEqual([true, false]);
    editor.key('t').key('l');
    expect(locked()).toEqual([true, true]);
    editor.key('t').key('l');
    expect(locked()).toEqual([false, false]);
  });

  it('R24.47 R24.46 H hides the object, T then H all', async () => {
    const editor = await boxes();
    const drawn = () => editor.scene.drawingOrder.map((item) => item.state.points);
    editor.key('h');
    expect(drawn()).toEqual([B]);
    editor.key('t').key('h');
    expect(drawn()).toEqual([]);
    editor.key('t').key('h');
    expect(drawn()).toEqual([A, B]);
  });

  it('R24.49 Del deletes, asks when locked; Shift+Del deletes locked objects', async () => {
    const editor = await boxes();
    const { clientId } = editor.objects[0]!;
    editor.key('l').key('Delete');
    expect(editor.asked).toEqual([{ type: 'confirm-remove', clientIds: [clientId] }]);
    expect(editor.objects).toHaveLength(2);
    editor.key('Delete', { shift: true });
    expect(editor.objects).toHaveLength(1);
  });

  it('R4.3 locked objects are not edited', async () => {
    const editor = await boxes();
    editor.key('l').key('q').key('=');
    expect(editor.objects[0]).toMatchObject({ occluded: false, z_order: 0 });
  });

  it('R24.50 R24.51 R4.8 - and = change z_order; background and foreground go beyond all', async () => {
    const editor = await boxes();
    const order = () => editor.objects[0]!.z_order;
    editor.key('=').key('+', { shift: true, code: 'Equal' });
    expect(order()).toBe(2);
    editor.key('-');
    expect(order()).toBe(1);
    editor.execute('objects.to-foreground');
    expect(order()).toBe(4);
    editor.execute('objects.to-background');
    expect(order()).toBe(2);
    expect(editor.scene.drawingOrder.map((item) => item.state.points)).toEqual([A, B]);
  });

  it('R24.55 R5.20 Ctrl+B asks how far; propagating makes copies', async () => {
    const editor = await boxes();
    editor.key('b', CTRL);
    expect(editor.asked).toMatchObject([{ type: 'ask-propagate' }]);
    editor.execute('objects.propagate', { frames: [1, 2] });
    await editor.player.goTo(2);
    expect(editor.objects).toMatchObject([{ kind: 'shape', frame: 2, points: A }]);
    editor.undo();
    await settle();
    expect(editor.annotations.hasObjects(2)).toBe(false);
  });

  it('R24.63 R24.64 Tab and Shift+Tab go through the objects', async () => {
    const editor = await boxes();
    const active = () => editor.selection.focus!.state.points;
    editor.key('Tab');
    expect(active()).toEqual(B);
    editor.key('Tab');
    expect(active()).toEqual(A);
    editor.key('Tab', { shift: true });
    expect(active()).toEqual(B);
  });

  it('Ctrl+A selects all, and what follows applies to all', async () => {
    const editor = await boxes();
    editor.key('a', CTRL).key('Delete');
    expect(editor.objects).toEqual([]);
    editor.key('z', CTRL);
    expect(editor.objects).toHaveLength(2);
  });
});

describe('labels', () => {
  it('R24.56 Ctrl+digit gives the active object a label, or else the next drawing', async () => {
    const editor = await boxes();
    editor.key('2', CTRL);
    expect(editor.objects[0]!.label_id).toBe(2);
    editor.key('Escape').key('2', CTRL);
    expect(editor.drawing.parameters.label_id).toBe(2);
    expect(editor.objects[0]!.label_id).toBe(2);
  });

  it('R24.56 digits can be given to other labels; labels that do not fit are refused', async () => {
    const editor = await boxes();
    editor.setLabelOfDigit(0, 3);
    editor.key('0', CTRL);
    expect(editor.asked).toMatchObject([{ type: 'notice', text: expect.stringContaining('"tree"') }]);
    expect(editor.objects[0]!.label_id).toBe(1);
  });

  it('a new label brings the defaults of its attributes', async () => {
    const attributes = [
      { id: 9, name: 'make', mutable: false, input_type: 'text' as const, default_value: 'x', values: [] },
    ];
    const labels = [label(1, 'car'), label(2, 'truck', 'any', { attributes })];
    const editor = await TestEditor.open({ labels, base: baseOf({ shapes: [shape({ points: A })] }) });
    editor.pointerMove(40, 40).key('2', CTRL);
    expect(editor.objects[0]!.attributes).toEqual([{ spec_id: 9, value: 'x' }]);
  });
});

describe('tracks', () => {
  it('R5.6 an edit between keyframes makes one', async () => {
    const editor = await oneTrack();
    expect(editor.objects[0]).toMatchObject({ keyframe: false, points: [60, 20, 100, 60] });
    editor.drag([80, 40], [80, 50]);
    expect(editor.objects[0]).toMatchObject({ keyframe: true, points: [60, 30, 100, 70] });
    editor.undo();
    expect(editor.objects[0]).toMatchObject({ keyframe: false });
  });

  it('R24.57 R5.7 K makes and removes keyframes; the last one stays', async () => {
    const editor = await oneTrack();
    editor.key('k');
    expect(editor.objects[0]!.keyframe).toBe(true);
    editor.key('k');
    expect(editor.objects[0]!.keyframe).toBe(false);
    await editor.player.goTo(2);
    editor.key('k');
    await editor.player.goTo(6);
    expect(editor.objects).toMatchObject([{ keyframe: true }]);
    editor.selection.activate(editor.objects[0]!.clientId);
    editor.key('k');
    expect(editor.objects).toMatchObject([{ keyframe: true }]);
    expect(editor.asked).toMatchObject([{ type: 'notice', text: expect.stringContaining('only keyframe') }]);
  });

  it('R24.58 R5.9 O hides the track from here on; it can come back', async () => {
    const editor = await oneTrack();
    editor.key('o');
    expect(editor.objects).toMatchObject([{ outside: true, keyframe: true }]);
    expect(editor.scene.drawingOrder).toEqual([]);
    await editor.player.goTo(5);
    expect(editor.objects).toEqual([]);
    await editor.player.goTo(6);
    expect(editor.scene.drawingOrder).toHaveLength(1);
    editor.set({ showAllTracks: true });
    await editor.player.goTo(5);
    expect(editor.objects).toMatchObject([{ outside: true }]);
  });

  it('R24.59 R24.60 R5.1 R and E go to keyframes; commands without a goal are disabled', async () => {
    const editor = await oneTrack();
    const go = async (key: string) => {
      editor.key(key);
      await settle();
      return editor.frame;
    };
    expect(await go('r')).toBe(6);
    expect(await go('r')).toBe(6);
    expect(editor.execute('tracks.next-keyframe')).toBe(false);
    expect(await go('e')).toBe(2);
    expect(editor.execute('tracks.last-keyframe')).toBe(true);
    await settle();
    expect(editor.frame).toBe(6);
  });

  it('R5.10 R5.11 mutable attributes hold from their keyframe on, immutable ones on all frames', async () => {
    const spec = (id: number, mutable: boolean) => ({
      id,
      name: `a${id}`,
      mutable,
      input_type: 'text' as const,
      default_value: 'd',
      values: [],
    });
    const labels = [label(1, 'car', 'any', { attributes: [spec(1, true), spec(2, false)] })];
    const editor = await TestEditor.open({
      labels,
      base: baseOf({ tracks: [track([keyframe(0), keyframe(8)])] }),
    });
    await editor.player.goTo(4);
    const { clientId } = editor.objects[0]!;
    const attributes = [1, 2].map((spec_id) => ({ spec_id, value: 'new' }));
    editor.annotations.update('Attributes', 4, new Map([[clientId, { attributes }]]));
    const valuesAt = (frame: number) =>
      Object.fromEntries(
        editor.annotations.stateOf(clientId, frame)!.attributes.map((item) => [item.spec_id, item.value]),
      );
    expect(valuesAt(3)).toEqual({ 1: 'd', 2: 'new' });
    expect(valuesAt(4)).toEqual({ 1: 'new', 2: 'new' });
    expect(valuesAt(9)).toEqual({ 1: 'new', 2: 'new' });
    expect(editor.objects[0]!.keyframe).toBe(true);
  });
});

describe('image', () => {
  it('R24.28 R24.29 R24.38 brightness stays in its range', async () => {
    const editor = await boxes();
    for (let i = 0; i < 20; i++) editor.execute('image.increase-brightness');
    expect(editor.settings.brightness).toBe(200);
    for (let i = 0; i < 40; i++) editor.execute('image.decrease-brightness');
    expect(editor.settings.brightness).toBe(50);
  });

  it('R24.34 R24.35 R24.36 the grid appears, fades and changes colour', async () => {
    const editor = await boxes();
    editor.execute('image.grid-up');
    expect(editor.settings).toMatchObject({ grid: true, gridOpacity: 10 });
    editor.execute('image.grid-down');
    expect(editor.settings.grid).toBe(false);
    editor.execute('image.grid-color');
    expect(editor.settings.gridColor).not.toBe('#ffffff');
  });
});

it('R14.1 tags are listed but not drawn, and can be deleted', async () => {
  const editor = await TestEditor.open({ base: baseOf({ tags: [tag({ id: 1 })] }) });
  expect(editor.objects).toMatchObject([{ kind: 'tag', type: 'tag' }]);
  expect(editor.scene.drawingOrder).toEqual([]);
  editor.selection.activate(editor.objects[0]!.clientId);
  editor.key('Delete');
  expect(editor.annotations.peekChanges()!.deleted.tags).toEqual([1]);
});
