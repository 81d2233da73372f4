/** The labels of a job, looked up by id: names, colours, attributes, edges of skeletons. */

import type { AttributeRead, AttributeValue, LabelRead, ShapeType } from '@cvat-lab/schema';
import { CanvasError } from '../errors';

export class Labels {
  private readonly byId = new Map<number, LabelRead>();
  private readonly specs = new Map<number, AttributeRead>();
  private readonly edges = new Map<number, [number, number][]>();

  /** @param all - The labels of the job in their order; sublabels nested. */
  constructor(readonly all: readonly LabelRead[]) {
    for (const label of all) this.add(label);
  }

  private add(label: LabelRead): void {
    this.byId.set(label.id, label);
    for (const spec of label.attributes) this.specs.set(spec.id, spec);
    for (const sublabel of label.sublabels) this.add(sublabel);
  }

  get(id: number): LabelRead {
    const label = this.byId.get(id);
    if (!label)
      throw new CanvasError(`Label ${id} is not a label of this job; reload the page to see new labels.`);
    return label;
  }

  find(id: number): LabelRead | undefined {
    return this.byId.get(id);
  }

  attribute(specId: number): AttributeRead | undefined {
    return this.specs.get(specId);
  }

  isMutable(specId: number): boolean {
    return this.specs.get(specId)?.mutable ?? false;
  }

  /** The values that a new object with this label starts with. */
  defaults(id: number): AttributeValue[] {
    return this.get(id).attributes.map((spec) => ({ spec_id: spec.id, value: spec.default_value }));
  }

  /** Whether objects of a kind of shape, or tags, may have this label. */
  accepts(id: number, type: ShapeType | 'tag'): boolean {
    const allowed = this.get(id).type;
    return allowed === type || (allowed === 'any' && type !== 'skeleton');
  }

  /** Pairs of sublabel ids that a skeleton joins by lines, read from the drawing of its label. */
  skeletonEdges(id: number): readonly (readonly [number, number])[] {
    let pairs = this.edges.get(id);
    if (!pairs) {
      pairs = readEdges(this.find(id));
      this.edges.set(id, pairs);
    }
    return pairs;
  }
}

function readEdges(label: LabelRead | undefined): [number, number][] {
  const svg = label?.svg ?? '';
  const byName = new Map(label?.sublabels.map((sublabel) => [sublabel.name, sublabel.id]));
  const nodes = new Map<string, number>();
  for (const [tag] of svg.matchAll(/<circle\b[^>]*>/g)) {
    const name = attributeOf(tag, 'data-label-name');
    const sublabel = name === null ? Number(attributeOf(tag, 'data-label-id')) : byName.get(name);
    const node = attributeOf(tag, 'data-node-id') ?? attributeOf(tag, 'data-element-id');
    if (node !== null && sublabel) nodes.set(node, sublabel);
  }
  const pairs: [number, number][] = [];
  for (const [tag] of svg.matchAll(/<line\b[^>]*>/g)) {
    const from = nodes.get(attributeOf(tag, 'data-node-from') ?? '');
    const to = nodes.get(attributeOf(tag, 'data-node-to') ?? '');
    if (from !== undefined && to !== undefined) pairs.push([from, to]);
  }
  return pairs;
}

function attributeOf(tag: string, name: string): string | null {
  return new RegExp(`\\b${name}=["']([^"']*)["']`).exec(tag)?.[1] ?? null;
}
