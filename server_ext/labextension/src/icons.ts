/** Our icons in JupyterLab's form, so that they follow its theme. */

import { LabIcon } from '@jupyterlab/ui-components';
import logo from './logo.svg';

export const logoIcon = new LabIcon({ name: 'cvat-lab:logo', svgstr: logo });
