/** Images that a guide keeps on the server: they need the user's login, which a plain address does not carry. */

import type { Api } from '@cvat-lab/client';

/** `![what it shows](/api/assets/UUID`, also with the address of a server before it. */
const ASSET_IMAGE = /(!\[[^\]]*\]\(\s*<?)[^\s()<>]*\/?api\/assets\/([0-9a-f-]{36})/gi;

export interface LoadedAssets {
  /** The Markdown with addresses that the page can show. */
  markdown: string;
  /** Give the memory back. */
  release(): void;
}

/** Load the images of a guide. One that is missing stays as it was, and shows as a broken image. */
export async function loadAssets(api: Api, markdown: string, signal: AbortSignal): Promise<LoadedAssets> {
  const uuids = new Set([...markdown.matchAll(ASSET_IMAGE)].map(([, , uuid]) => uuid!));
  const urls = new Map<string, string>();
  await Promise.allSettled(
    [...uuids].map(async (uuid) => {
      urls.set(uuid, URL.createObjectURL(await api.guides.asset(uuid, signal)));
    }),
  );
  return {
    markdown: markdown.replace(ASSET_IMAGE, (text, before: string, uuid: string) => {
      const url = urls.get(uuid);
      return url ? before + url : text;
    }),
    release: () => {
      for (const url of urls.values()) URL.revokeObjectURL(url);
    },
  };
}
