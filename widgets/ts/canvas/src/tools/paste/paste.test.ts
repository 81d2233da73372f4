import { expect, it } from 'vitest';
import { baseOf, keyframe, shape, TestEditor, track } from '../../testing/TestEditor';

async function copied() {
  const editor = await TestEditor.open({
    base: baseOf({ shapes: [shape({ points: [10, 10, 30, 20], occluded: true, label_id: 2 })] }),
  });
  editor.pointerMove(20, 15).key('c', { ctrl: true });
  return editor;
}

it('R24.52 R24.53 a pasted shape follows the cursor and is placed by a click, also on another frame', async () => {
  const editor = await copied();
  await editor.player.goTo(3);
  editor.key('v', { ctrl: true }).expectPath('root.paste.placing').pointerMove(100, 50);
  expect(editor.feedback.shown.previews).toMatchObject([{ points: [90, 45, 110, 55] }]);
  editor.click(100, 50).expectPath('root.select.idle');
  expect(editor.objects).toMatchObject([
    { frame: 3, label_id: 2, occluded: true, points: [90, 45, 110, 55] },
  ]);
});

it('R24.54 Ctrl pastes several times', async () => {
  const editor = await copied();
  editor.key('v', { ctrl: true }).click(100, 50, { ctrl: true }).click(150, 50, { ctrl: true }).click(60, 80);
  expect(editor.objects).toHaveLength(4);
  editor.expectPath('root.select.idle');
});

it('stays inside the frame', async () => {
  const editor = await copied();
  editor.key('v', { ctrl: true }).click(195, 50);
  expect(editor.objects[1]!.points).toEqual([180, 45, 200, 55]);
});

it('copies a track as a track that begins here', async () => {
  const editor = await TestEditor.open({
    base: baseOf({ tracks: [track([keyframe(0), keyframe(8, { points: [50, 10, 90, 40] })])] }),
  });
  await editor.player.goTo(4);
  editor.pointerMove(50, 20).key('c', { ctrl: true }).key('v', { ctrl: true }).click(100, 50);
  const [, copy] = editor.objects;
  expect(copy!.object).toMatchObject({
    kind: 'track',
    data: { frame: 4, shapes: [{ frame: 4, points: [80, 35, 120, 65] }] },
  });
});

it('Esc ends it; without a copy there is nothing to paste', async () => {
  const editor = await copied();
  editor.key('v', { ctrl: true }).key('Escape').expectPath('root.select.idle');
  expect(editor.objects).toHaveLength(1);
  const empty = await TestEditor.open();
  empty.key('v', { ctrl: true }).expectPath('root.select.idle');
});
