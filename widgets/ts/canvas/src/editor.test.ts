import { describe, expect, it } from 'vitest';
import { colorOf, PALETTE } from './colors';
import { plainLook, selectedLook } from './render/looks';
import { textOf } from './render/texts';
import { baseOf, label, shape, TestEditor } from './testing/TestEditor';

async function open() {
  const shapes = [
    shape({ id: 1, label_id: 1, occluded: true }),
    shape({ id: 2, label_id: 2, group: 4, points: [100, 10, 140, 40], z_order: 2 }),
  ];
  return TestEditor.open({ base: baseOf({ shapes }) });
}

function drawn(editor: TestEditor) {
  return editor.scene.drawingOrder.map((item) => editor.annotations.serverId(item.state.object));
}

describe('what is visible', () => {
  it('R25.1 a filter hides what does not match, and it cannot be hit', async () => {
    const editor = await open();
    editor.setFilter((state) => state.label_id === 2);
    expect(drawn(editor)).toEqual([2]);
    editor.pointerMove(30, 30);
    expect(editor.selection.active).toBeNull();
    editor.setFilter(null);
    expect(drawn(editor)).toEqual([1, 2]);
  });

  it('R4.8 a limit of z layers hides what is above; new objects get the layer', async () => {
    const editor = await open();
    expect(editor.newZOrder).toBe(2);
    editor.setZLayer(1);
    expect(drawn(editor)).toEqual([1]);
    expect(editor.newZOrder).toBe(1);
  });
});

describe('appearance', () => {
  it('R28.5 R28.6 colours by instance, group or label; without a group white', async () => {
    const editor = await open();
    const [first, second] = editor.objects as [never, never];
    const colors = (by: 'instance' | 'group' | 'label') =>
      [first, second].map((state) => colorOf(state, by, editor.labels));
    expect(colors('group')).toEqual(['#ffffff', PALETTE[4]]);
    expect(colors('label')).toEqual(['#00ff00', '#0000ff']);
    expect(new Set(colors('instance')).size).toBe(2);
    expect(new Set(PALETTE).size).toBe(PALETTE.length);
  });

  it('R4.9 an instance can have a colour of its own', async () => {
    const editor = await open();
    const { clientId } = editor.objects[0]!;
    editor.annotations.update('Colour', 0, new Map([[clientId, { color: '#123456' }]]));
    expect(plainLook(editor, editor.objects[0]!).color).toBe('#123456');
    editor.undo();
    expect(plainLook(editor, editor.objects[0]!).color).not.toBe('#123456');
  });

  it('R4.2 R4.3 occluded objects are dashed, locked ones have no fill', async () => {
    const editor = await open();
    const { clientId } = editor.objects[0]!;
    expect(plainLook(editor, editor.objects[0]!)).toMatchObject({ dashed: true, fillOpacity: 0.03 });
    editor.annotations.update('Lock', 0, new Map([[clientId, { locked: true }]]));
    expect(plainLook(editor, editor.objects[0]!).fillOpacity).toBe(0);
  });

  it('R9.4 selected opacity is the fill of chosen shapes', async () => {
    const editor = await open();
    editor.set({ selectedOpacity: 75 });
    expect(selectedLook(editor, editor.objects[0]!).fillOpacity).toBe(0.75);
  });

  it('texts name label, number, source and attributes, as far as they are wanted', async () => {
    const attributes = [
      { id: 9, name: 'make', mutable: false, input_type: 'text' as const, default_value: '', values: [] },
    ];
    const labels = [label(1, 'car', 'any', { attributes })];
    const shapes = [shape({ attributes: [{ spec_id: 9, value: 'vw' }] })];
    const editor = await TestEditor.open({ labels, base: baseOf({ shapes }) });
    expect(textOf(editor, editor.objects[0]!)).toEqual(['car 1 (manual)', 'make: vw']);
    editor.set({ textParts: ['id'] });
    expect(textOf(editor, editor.objects[0]!)).toEqual(['1']);
  });
});

describe('topics', () => {
  it('count what they are about and tell who listens', async () => {
    const editor = await open();
    let calls = 0;
    const end = editor.topics.subscribe(['selection'], () => {
      calls += 1;
    });
    const before = editor.topics.version('selection');
    editor.pointerMove(30, 30).pointerMove(31, 30);
    expect([calls, editor.topics.version('selection') - before]).toEqual([1, 1]);
    end();
    editor.pointerMove(120, 20);
    expect(calls).toBe(1);
  });
});

it('commands of other packages join the table', async () => {
  const editor = await open();
  let ran = 0;
  const command = {
    id: 'test.run',
    title: 'Run',
    group: 'General' as const,
    keys: ['ctrl+e'],
    run: () => {
      ran += 1;
    },
  };
  editor.commands.register(command);
  editor.key('e', { ctrl: true });
  expect(ran).toBe(1);
  expect(() => editor.commands.register(command)).toThrow('There is a command "test.run" already.');
});
