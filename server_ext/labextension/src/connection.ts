/** The way to the server: where it is, how to log in, and the user's settings about it. */

import { Api, HttpTransport } from '@cvat-lab/client';
import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { type ISignal, Signal } from '@lumino/signaling';

/** Path of our server extension below the base URL of the Jupyter server. */
const SERVER_PATH = 'cvat-lab';

export class Connection {
  /** Where calls go. Replaced when a setting changes; `changed` says so. */
  api: Api;
  /** Calls go to a server of its own, which has its own logins. */
  hasPasswords = false;
  /** Keys of editor commands that the user has chosen. */
  shortcuts: Record<string, string[]> = {};

  /** Server and organization of `api`. */
  private place = ' ';
  private settings: ISettingRegistry.ISettings | null = null;
  private readonly changedSignal = new Signal<this, void>(this);

  constructor(private readonly server: ServerConnection.ISettings) {
    this.api = this.makeApi('', '');
  }

  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** Follow the user's settings from now on. */
  follow(settings: ISettingRegistry.ISettings): void {
    const read = () => {
      const {
        serverUrl = '',
        organization = '',
        shortcuts = {},
      } = settings.composite as Partial<UserSettings>;
      this.shortcuts = shortcuts;
      const place = `${serverUrl.trim()} ${organization.trim()}`;
      // Pages start anew with another `api`, which other settings must not make them do.
      if (place === this.place) return;
      this.place = place;
      this.hasPasswords = serverUrl.trim() !== '';
      this.api = this.makeApi(serverUrl.trim(), organization.trim());
      this.changedSignal.emit();
    };
    this.settings = settings;
    settings.changed.connect(read);
    read();
  }

  /** Work in an organization, '' for the personal workspace, in all tabs and from now on. */
  async switchOrganization(slug: string): Promise<void> {
    if (this.settings) {
      await this.settings.set('organization', slug);
      return;
    }
    this.api = this.api.within(slug);
    this.changedSignal.emit();
  }

  private makeApi(url: string, organization: string): Api {
    // Jupyter's token is for Jupyter's own server and for nobody else.
    const transport = url
      ? new HttpTransport(url)
      : new HttpTransport(URLExt.join(this.server.baseUrl, SERVER_PATH), {
          token: this.server.token || undefined,
        });
    return new Api(transport, organization);
  }
}

/** As `schema/plugin.json` has them. */
interface UserSettings {
  serverUrl: string;
  organization: string;
  shortcuts: Record<string, string[]>;
}
