/**
 * The editor in the output of a cell.
 *
 * anywidget calls `render` for every place where the widget is shown, again after the notebook was opened anew. All that
 * the model holds is an address, so each time the editor begins with what is on the server.
 */

import type { RenderProps } from '@anywidget/types';
import { Api } from '@cvat-lab/client';
import { mountEditor } from '@cvat-lab/ui';
import { connect } from './address';
import { Mirror } from './Mirror';
import type { AnnotatorState } from './state';

const MIN_HEIGHT = 240;

function render({ model, el }: RenderProps<AnnotatorState>): () => void {
  const place = document.createElement('div');
  place.className = 'cvl-widget';
  el.append(place);
  const { transport, dispose } = connect(model);
  const mirror = new Mirror(model);
  const resize = () => {
    place.style.height = `${Math.max(MIN_HEIGHT, model.get('height'))}px`;
  };
  resize();
  const editor = mountEditor(place, {
    api: new Api(transport),
    jobId: model.get('job'),
    frame: model.get('frame'),
    onFrameChange: (frame) => mirror.set({ frame }),
    onStatus: ({ state }) => mirror.set({ status: state }),
    onRevision: (revision) => mirror.set({ revision }),
    onSelection: (selection) => mirror.set({ selection }),
  });
  const follow = () => {
    if (mirror.isTelling) return;
    mirror.forget('frame');
    editor.goTo(model.get('frame'));
  };
  model.on('change:frame', follow);
  model.on('change:height', resize);
  return () => {
    model.off('change:frame', follow);
    model.off('change:height', resize);
    mirror.set({ status: 'closed' });
    mirror.tell();
    // What is not saved yet may have to be sent by the comm.
    void editor.dispose().finally(dispose);
    place.remove();
  };
}

export default { render };
