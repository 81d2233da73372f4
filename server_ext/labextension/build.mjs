/**
 * Builds the prebuilt JupyterLab extension.
 *
 * 1. esbuild bundles our TypeScript, the `@cvat-lab/*` packages included, to `lib/index.js`; what JupyterLab provides
 *    stays outside.
 * 2. JupyterLab's builder wraps that into a federated module. `jupyter-builder` would do the same, but needs Python;
 *    its script takes the versions of JupyterLab's core from `@jupyterlab/core-meta` just as well.
 */

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

await build({
  absWorkingDir: here,
  entryPoints: ['src/index.ts'],
  outfile: 'lib/index.js',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  external: ['@jupyterlab/*', '@lumino/*', 'react', 'react/*', 'react-dom', 'react-dom/*'],
  loader: { '.css': 'text', '.svg': 'text' },
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'eof',
  logLevel: 'warning',
});

const builder = join(dirname(require.resolve('@jupyter/builder')), 'build-labextension.js');
const core = join(dirname(require.resolve('@jupyterlab/core-meta/package.json')), 'core.package.json');
const { status } = spawnSync(process.execPath, [builder, '--core-package-file', core, here], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
