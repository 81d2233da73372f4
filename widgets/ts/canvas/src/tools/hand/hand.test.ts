import { expect, it } from 'vitest';
import { baseOf, shape, TestEditor } from '../../testing/TestEditor';

it('drags the image and leaves shapes alone', async () => {
  const editor = await TestEditor.open({ base: baseOf({ shapes: [shape({ points: [20, 20, 60, 60] })] }) });
  editor.execute('tool.hand');
  editor.pointerDown(40, 40).expectPath('root.hand.panning');
  editor.pointerMove(55, 40).pointerUp().expectPath('root.hand.idle');
  expect(editor.view.camera.x).toBe(15);
  expect(editor.objects[0]!.points).toEqual([20, 20, 60, 60]);
  editor.key('Escape').expectPath('root.select.idle');
});
