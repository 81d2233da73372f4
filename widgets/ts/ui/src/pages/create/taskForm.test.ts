import { describe, expect, it } from 'vitest';
import { makeProject } from '../../testing/records';
import { checkTask, dataToCreate, EMPTY_TASK, type TaskForm, taskToCreate } from './taskForm';

const file = (name: string) => new File(['x'], name);

function form(fields: Partial<TaskForm> = {}): TaskForm {
  return { ...EMPTY_TASK, name: 'Lot', files: [file('a.png')], ...fields };
}

describe('form of a task', () => {
  it('is complete with a name and a file', () => {
    expect(checkTask(form())).toEqual({});
    expect(Object.keys(checkTask(EMPTY_TASK))).toEqual(['name', 'files']);
  });

  it('R30.28 a task holds one video or many images', () => {
    const mixed = form({ files: [file('a.png'), file('b.MP4')] });
    expect(checkTask(mixed).files).toContain('b.MP4 cannot be together with 1 other files');
    expect(checkTask(form({ files: [file('b.mp4')] }))).toEqual({});
  });

  it('refuses two files of one name, which would overwrite each other', () => {
    expect(checkTask(form({ files: [file('a.png'), file('b.png'), file('a.png')] })).files).toContain(
      'named a.png',
    );
  });

  it('R30.27 the quality goes from 5 to 100', () => {
    expect(checkTask(form({ imageQuality: 4 })).imageQuality).toBeTruthy();
    expect(checkTask(form({ imageQuality: 100 }))).toEqual({});
  });

  it('R30.21 the overlap is at most half of the segment', () => {
    expect(checkTask(form({ segmentSize: 10, overlap: 6 })).overlap).toContain('5');
    expect(checkTask(form({ segmentSize: 10, overlap: 5 }))).toEqual({});
  });

  it('R30.24 the stop frame does not come before the start frame', () => {
    expect(checkTask(form({ startFrame: 10, stopFrame: 3 })).stopFrame).toContain(
      'before the start frame 10',
    );
    expect(checkTask(form({ startFrame: 10, stopFrame: 10 }))).toEqual({});
  });

  it('R1.1 a task of a project has no labels of its own, and may have a subset', () => {
    const labels = [{ name: 'car', color: '', type: 'any', attributes: [] }] as TaskForm['labels'];
    const inProject = taskToCreate(form({ project: makeProject({ id: 7 }), subset: 'Train', labels }));
    expect(inProject).toEqual({ name: 'Lot', project_id: 7, subset: 'Train' });
    expect(taskToCreate(form({ labels })).labels).toMatchObject([{ name: 'car' }]);
  });

  it('R30.24 R30.25 R30.26 sends what was set, and nothing else', () => {
    expect(dataToCreate(form())).toEqual({ image_quality: 70, sorting_method: 'lexicographical' });
    const full = form({ startFrame: 5, stopFrame: 50, frameStep: 3, chunkSize: 10, sorting: 'natural' });
    expect(dataToCreate(full)).toEqual({
      image_quality: 70,
      sorting_method: 'natural',
      start_frame: 5,
      stop_frame: 50,
      frame_filter: 'step=3',
      chunk_size: 10,
    });
  });

  it('R30.29 names files of the share', () => {
    const shared = form({ source: 'share', files: [], shared: ['a/', 'b.png'], copyData: true });
    expect(checkTask(shared)).toEqual({});
    expect(dataToCreate(shared)).toMatchObject({ server_files: ['a/', 'b.png'], copy_data: true });
  });
});
