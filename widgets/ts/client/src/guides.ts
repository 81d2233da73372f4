/** Annotation guides: Markdown text for the annotators of a project or task, and the images in it. */

import type { AnnotationGuideRead, AssetRead } from '@cvat-lab/schema';
import type { Rest } from './rest';
import { multipart, type UploadFile } from './upload';

/** What a guide is for. A task of a project has the guide of its project. */
export interface GuideOwner {
  kind: 'project' | 'task';
  id: number;
}

export class Guides {
  constructor(private readonly rest: Rest) {}

  read(id: number, signal?: AbortSignal): Promise<AnnotationGuideRead> {
    return this.rest.json('GET', `api/guides/${id}`, { signal });
  }

  create({ kind, id }: GuideOwner, markdown: string): Promise<AnnotationGuideRead> {
    return this.rest.json('POST', 'api/guides', { json: { [`${kind}_id`]: id, markdown } });
  }

  update(id: number, markdown: string): Promise<AnnotationGuideRead> {
    return this.rest.json('PATCH', `api/guides/${id}`, { json: { markdown } });
  }

  delete(id: number): Promise<void> {
    return this.rest.json('DELETE', `api/guides/${id}`);
  }

  /** Keep an image for a guide; `assetAddress` is how the guide refers to it. */
  async uploadAsset(guideId: number, file: UploadFile): Promise<AssetRead> {
    const body = multipart({ guide_id: String(guideId) }, [file], () => 'file');
    const headers = { 'Content-Type': body.type };
    const answer = await this.rest.send({ method: 'POST', path: 'api/assets', headers, body });
    return JSON.parse(new TextDecoder().decode(answer.body)) as AssetRead;
  }

  asset(uuid: string, signal?: AbortSignal): Promise<Blob> {
    return this.rest.bytes('GET', `api/assets/${uuid}`, { signal });
  }
}

/** The address of an asset in Markdown, as CVAT writes it. */
export function assetAddress({ uuid }: Pick<AssetRead, 'uuid'>): string {
  return `/api/assets/${uuid}`;
}
