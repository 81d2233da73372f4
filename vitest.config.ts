/** Tests of the npm workspace: one project per package. Only React needs a document. */

import { defineConfig, type Plugin } from 'vitest/config';

/** Style sheets and pictures are text, as in our bundles. */
const asText: Plugin = {
  name: 'as-text',
  enforce: 'pre',
  transform(code, id) {
    return /\.(css|svg)$/.test(id) ? `export default ${JSON.stringify(code)}` : null;
  },
};

function project(name: string, root: string, environment: 'node' | 'jsdom') {
  return {
    plugins: [asText],
    test: { name, root, environment, include: ['src/**/*.test.{ts,tsx}'], css: false },
  };
}

export default defineConfig({
  test: {
    projects: [
      project('schema', 'widgets/ts/schema', 'node'),
      project('canvas', 'widgets/ts/canvas', 'node'),
      project('client', 'widgets/ts/client', 'node'),
      project('ui', 'widgets/ts/ui', 'jsdom'),
      project('widget', 'widgets/ts/widget', 'node'),
      project('labextension', 'server_ext/labextension', 'jsdom'),
    ],
  },
});
