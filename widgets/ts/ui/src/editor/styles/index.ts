/** The style sheets of the editor. */

import canvas from './canvas.css';
import dialogs from './dialogs.css';
import frame from './frame.css';
import sidebar from './sidebar.css';
import topbar from './topbar.css';

export const editorStyles = [frame, topbar, canvas, sidebar, dialogs].join('\n');
