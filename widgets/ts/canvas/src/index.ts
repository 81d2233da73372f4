/** The canvas engine and editor core: no React, no network. */

export { Camera, type QuarterTurns } from './camera';
export { colorOf, PALETTE } from './colors';
export { COMMANDS, type Command, type CommandGroup, CommandTable, displayShortcut } from './commands';
export type { PropagateArgs } from './commands/objects';
export { CanvasHost, type CanvasHostOptions } from './dom';
export type { Drawing, DrawingParameters } from './drawing';
export { Editor, type EditorOptions } from './editor';
export { Emitter } from './emitter';
export { CanvasError } from './errors';
export type { EditorInput, KeyInput, PointerInput, WheelInput } from './events';
export type { Box, Point, Size } from './geometry';
export { Annotations, type ChangeListener } from './model/annotations';
export { type BaseData, emptyLabeledData, fromLabeledData } from './model/base';
export type { ElementPatch, StatePatch } from './model/edits';
export { type FrameImage, type FrameSource, imageSize, type Playback } from './model/frames';
export { Labels } from './model/labels';
export type {
  AnnotationObject,
  Appearance,
  Change,
  ClientId,
  ObjectData,
  ObjectKind,
  ShapeObject,
  TagObject,
  TrackObject,
} from './model/objects';
export {
  type ElementState,
  type KeyframeFrames,
  keyframesAround,
  type ObjectState,
  stateAt,
} from './model/states';
export { type Clock, Player, SYSTEM_CLOCK } from './player';
export type { Renderer, RendererFactory } from './render/Renderer';
export { textOf } from './render/texts';
export type { UiRequest } from './requests';
export type { Scene, SceneItem, StatePredicate } from './scene';
export type { Selection } from './selection';
export { type ColorBy, DEFAULT_SETTINGS, RANGES, type Settings, SPEEDS, type TextPart } from './settings';
export { shapeUtil } from './shapes/registry';
export type { Geometry, GeometryPatch, Handle, ShapeUtil } from './shapes/ShapeUtil';
export type { Topic } from './topics';
export type { View } from './view';
