/** Hover, select, move, resize, rotate, drag points. The tool that is active when nothing is drawn. */

import { StateNode, type StateNodeType } from '../../statechart/StateNode';
import { Panning } from '../hand/Panning';
import { Brushing } from './Brushing';
import { DraggingHandle } from './DraggingHandle';
import { Idle } from './Idle';
import { PointingCanvas } from './PointingCanvas';
import { PointingShape } from './PointingShape';
import { Translating } from './Translating';

export class SelectTool extends StateNode {
  static readonly id = 'select';
  static readonly initial = 'idle';
  static readonly children: readonly StateNodeType[] = [
    Idle,
    PointingShape,
    PointingCanvas,
    Translating,
    DraggingHandle,
    Brushing,
    Panning,
  ];

  override onExit(): void {
    this.editor.feedback.clear();
  }
}
