/**
 * Bundles the decoding worker into a string: `src/worker/generated.ts`.
 *
 * The client is part of two bundles, the notebook widget (one ES module, no further files) and the JupyterLab extension.
 * A worker that is plain text needs no loader and no file next to the bundle, and no minifier or transpiler of a bundle can
 * put calls into it that do not exist inside the worker. The file is committed; a test fails when it is out of date.
 *
 * Usage: node build-worker.mjs
 */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const entry = fileURLToPath(new URL('src/worker/main.ts', import.meta.url));
export const target = fileURLToPath(new URL('src/worker/generated.ts', import.meta.url));

/** Return the text of `generated.ts`. */
export async function generateWorker() {
  const options = { bundle: true, format: 'iife', target: 'es2022', minify: true, write: false };
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  const source = JSON.stringify(outputFiles[0].text.trim());
  return `// Generated from main.ts by \`npm run generate\`. Do not edit.\n\nexport const WORKER_SOURCE =\n  ${source};\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(target, await generateWorker());
