/**
 * HTTP where the page can reach the server, the kernel's comm where it cannot.
 *
 * HTTP carries pixels several times as fast, so it is tried first, once, with cheap calls that only our server answers in
 * the right way: notebooks are often served by a proxy that answers every address with a page of its own. The choice is
 * remembered. While the comm is in use, HTTP is tried again from time to time; when HTTP stops working, the comm steps in.
 */

import type { About } from '@cvat-lab/schema';
import { isAbort, NetworkError } from './errors';
import type { Query, Transport, TransportCall, TransportResponse } from './transport';

export interface FallbackOptions {
  /** How long HTTP has for an answer to the first try, in ms. */
  patience?: number;
  /** After how long HTTP is tried again, in ms. */
  recheck?: number;
}

export class FallbackTransport implements Transport {
  private choice: Promise<Transport> | null = null;
  private chosen: Transport | null = null;
  private checked = 0;
  private readonly patience: number;
  private readonly recheck: number;

  constructor(
    private readonly http: Transport,
    private readonly comm: Transport,
    { patience = 4000, recheck = 60_000 }: FallbackOptions = {},
  ) {
    this.patience = patience;
    this.recheck = recheck;
  }

  /** Which transport is in use; null before the first call. */
  get active(): 'http' | 'comm' | null {
    return this.chosen && (this.chosen === this.http ? 'http' : 'comm');
  }

  url(path: string, query?: Query): string | null {
    return this.chosen?.url(path, query) ?? null;
  }

  async request(call: TransportCall): Promise<TransportResponse> {
    const transport = await this.choose();
    try {
      return await transport.request(call);
    } catch (error) {
      if (!(error instanceof NetworkError) || transport !== this.http) throw error;
      // A single lost connection is no reason to move: look again, and repeat the call only where it cannot do harm.
      const next = await this.check();
      if (next === this.http || call.method !== 'GET') throw error;
      return next.request(call);
    }
  }

  private choose(): Promise<Transport> {
    if (!this.choice) return this.check();
    if (this.chosen === this.comm && Date.now() - this.checked > this.recheck) {
      this.checked = Date.now();
      // The present call does not wait for the answer; later calls use it.
      void this.reachable().then((found) => found && this.use(this.http));
    }
    return this.choice;
  }

  private check(): Promise<Transport> {
    this.checked = Date.now();
    this.choice = this.reachable().then((found) => this.use(found ? this.http : this.comm));
    return this.choice;
  }

  private use(transport: Transport): Transport {
    this.chosen = transport;
    this.choice = Promise.resolve(transport);
    return transport;
  }

  /** Whether our server answers over HTTP, and knows who is asking. */
  private async reachable(): Promise<boolean> {
    const signal = AbortSignal.timeout(this.patience);
    try {
      const about = await this.http.request({ method: 'GET', path: 'api/server/about', signal });
      if (!isOurs(about)) return false;
      const self = await this.http.request({ method: 'GET', path: 'api/users/self', signal });
      return self.status === 200;
    } catch (error) {
      if (error instanceof NetworkError || isAbort(error) || signal.aborted) return false;
      throw error;
    }
  }
}

function isOurs({ status, body }: TransportResponse): boolean {
  if (status !== 200) return false;
  try {
    const about = JSON.parse(new TextDecoder().decode(body)) as Partial<About> | null;
    return typeof about?.version === 'string' && /cvat[ _-]?lab/i.test(about.name ?? '');
  } catch {
    return false;
  }
}
