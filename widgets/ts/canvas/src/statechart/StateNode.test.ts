import { describe, expect, it } from 'vitest';
import type { Editor } from '../editor';
import { Root } from '../tools/Root';
import { type Handled, LeafState, StateNode, type StateNodeType } from './StateNode';

const log: string[] = [];
const NO_EDITOR = null as unknown as Editor;

class Idle extends LeafState {
  static readonly id = 'idle';
  override onEnter() {
    log.push('enter idle');
  }
  override onExit() {
    log.push('exit idle');
  }
  override onPointerUp(): Handled {
    return 'pass';
  }
  override onCancel() {
    this.go('busy', { from: 'idle' });
  }
  override onComplete() {}
  override onInterrupt() {}
}

class Busy extends LeafState {
  static readonly id = 'busy';
  override onEnter({ from }: { from: string }) {
    log.push(`enter busy from ${from}`);
  }
  override onCancel() {}
  override onComplete() {
    this.go('nowhere');
  }
  override onInterrupt() {}
}

class Tool extends StateNode {
  static readonly id = 'tool';
  static readonly initial = 'idle';
  static readonly children: readonly StateNodeType[] = [Idle, Busy];
  override onPointerUp(): Handled {
    log.push('tool up');
  }
}

function enterTool() {
  log.length = 0;
  const tool = new Tool(NO_EDITOR, null);
  tool.enter({});
  return tool;
}

const POINTER_UP = {
  type: 'pointer_up',
  x: 0,
  y: 0,
  screenX: 0,
  screenY: 0,
  button: 0,
  shift: false,
  ctrl: false,
  alt: false,
  meta: false,
} as const;

describe('StateNode', () => {
  it('enters its initial child', () => {
    const tool = enterTool();
    expect(tool.leaf.path).toBe('tool.idle');
    expect(log).toEqual(['enter idle']);
  });

  it('hands an input to the leaf first and climbs when it passes', () => {
    const tool = enterTool();
    expect(tool.dispatch(POINTER_UP)).toBe(true);
    expect(log).toEqual(['enter idle', 'tool up']);
    expect(tool.dispatch({ ...POINTER_UP, type: 'pointer_move' })).toBe(false);
  });

  it('leaves one state and enters the next with what it is told', () => {
    const tool = enterTool();
    tool.dispatch({ type: 'cancel' });
    expect(tool.leaf.path).toBe('tool.busy');
    expect(log).toEqual(['enter idle', 'exit idle', 'enter busy from idle']);
  });

  it('names the state and its children when a transition leads nowhere', () => {
    const tool = enterTool();
    tool.transition('busy', {});
    expect(() => tool.dispatch({ type: 'complete' })).toThrow(
      'tool has no state "nowhere"; its states are: idle, busy',
    );
  });
});

describe('the tools', () => {
  const leaves = leavesOf(new Root(NO_EDITOR, null));

  it.each(leaves.map((leaf) => [leaf.path, leaf] as const))(
    '%s answers cancel, complete and interrupt',
    (_path, leaf) => {
      for (const handler of ['onCancel', 'onComplete', 'onInterrupt'] as const) {
        expect(Object.hasOwn(Object.getPrototypeOf(leaf), handler)).toBe(true);
      }
    },
  );
});

function leavesOf(node: StateNode): StateNode[] {
  return node.children.size === 0 ? [node] : [...node.children.values()].flatMap(leavesOf);
}
