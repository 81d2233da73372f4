/** The root of the statechart: one child per tool. */

import { StateNode, type StateNodeType } from '../statechart/StateNode';
import { HandTool } from './hand/HandTool';
import { PasteTool } from './paste/PasteTool';
import { PolygonTool } from './polygon/PolygonTool';
import { RectangleTool } from './rectangle/RectangleTool';
import { SelectTool } from './select/SelectTool';

export class Root extends StateNode {
  static readonly id = 'root';
  static readonly initial = 'select';
  static readonly children: readonly StateNodeType[] = [
    SelectTool,
    HandTool,
    PasteTool,
    RectangleTool,
    PolygonTool,
  ];
}
