/** The way from a page with the widget to the server. */

import type { AnyModel } from '@anywidget/types';
import { CommTransport, FallbackTransport, HttpTransport, type Transport } from '@cvat-lab/client';
import type { AnnotatorState } from './state';

export interface Connection {
  transport: Transport;
  dispose(): void;
}

/**
 * HTTP when the kernel says that the page can reach the server, with the kernel's comm to fall back on; else the comm alone.
 *
 * The kernel knows the address by which it is in the same place as the page; whether it works is found out by trying.
 */
export function connect(model: AnyModel<AnnotatorState>): Connection {
  const comm = new CommTransport(model);
  const server = model.get('server');
  const http = server ? new HttpTransport(server, { token: pageToken(server) }) : null;
  return {
    transport: http ? new FallbackTransport(http, comm) : comm,
    dispose: () => comm.dispose(),
  };
}

/** Jupyter's token, as far as the page has one and the server is that of the page. Otherwise cookies do. */
export function pageToken(server: string): string | undefined {
  if (new URL(server, location.href).origin !== location.origin) return undefined;
  const config = document.getElementById('jupyter-config-data')?.textContent;
  if (!config) return undefined;
  const { token } = JSON.parse(config) as { token?: string };
  return token || undefined;
}
