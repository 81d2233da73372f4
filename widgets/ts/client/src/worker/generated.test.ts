import { expect, it } from 'vitest';
import { WORKER_SOURCE } from './generated';

const SCRIPT = '../../build-worker.mjs';

it('the bundled worker is the one in the sources; if not, run npm run generate', async () => {
  const { generateWorker } = (await import(SCRIPT)) as { generateWorker: () => Promise<string> };
  const isCurrent = (await generateWorker()).includes(JSON.stringify(WORKER_SOURCE));
  expect(isCurrent).toBe(true);
});

it('the bundled worker needs nothing from outside', () => {
  expect(WORKER_SOURCE).not.toMatch(/\b(import|require|importScripts)\s*\(|^import /m);
});
