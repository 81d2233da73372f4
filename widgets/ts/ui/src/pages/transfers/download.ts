/** Saving the result of an export as a file of the user's computer. */

import type { Api } from '@cvat-lab/client';
import type { RequestRead } from '@cvat-lab/schema';

/** The name of an archive as somebody typed it, with its ending; undefined = the server shall choose. */
export function archiveName(typed: string): string | undefined {
  const name = typed.trim();
  if (!name) return undefined;
  return /\.zip$/i.test(name) ? name : `${name}.zip`;
}

/** Let the browser download it if it may, which suits large files; else fetch it as every other call does. */
export async function saveResult(api: Api, request: RequestRead): Promise<void> {
  const url = api.transfers.downloadUrl(request);
  if (url !== null && (await mayOpen(url))) {
    clickLink(url, '');
    return;
  }
  const { name, blob } = await api.transfers.download(request);
  const local = URL.createObjectURL(blob);
  clickLink(local, name);
  // The download has taken its own hold of the data by the next minute.
  setTimeout(() => URL.revokeObjectURL(local), 60_000);
}

/**
 * Whether a plain link gets through. A link carries the cookies of the page but no token, and some servers want that.
 */
async function mayOpen(url: string): Promise<boolean> {
  const abort = new AbortController();
  try {
    return (await fetch(url, { credentials: 'same-origin', signal: abort.signal })).ok;
  } catch {
    // Unreachable for links is not unreachable for calls, which may go through the kernel.
    return false;
  } finally {
    // The answer's head is enough.
    abort.abort();
  }
}

function clickLink(href: string, name: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.style.display = 'none';
  document.body.append(link);
  link.click();
  link.remove();
}
