/** Entry point of the worker. `npm run generate` bundles it into `generated.ts`. */

import { DecodeEngine } from './engine';
import { type DecodeRequest, READY } from './protocol';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const engine = new DecodeEngine((reply, transfer = []) => scope.postMessage(reply, transfer));
scope.onmessage = ({ data }: MessageEvent<DecodeRequest>) => engine.handle(data);
scope.postMessage(READY);
