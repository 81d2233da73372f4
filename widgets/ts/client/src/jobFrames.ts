/** Frames of an opened job: picks between decoding its video in the browser and fetching images. */

import type { Api } from './api';
import { Decoder } from './decoder';
import { FrameStore } from './frames';
import type { OpenedJob } from './jobData';
import { frameMapping, openVideo, type VideoFrames } from './video';

export interface JobFramesOptions {
  /** Bytes of decoded pixels that are kept. */
  capacity?: number;
  /** Shared with others; default: one of its own. */
  decoder?: Decoder;
}

/** Make the source of images for a job. `dispose` it with the editor. */
export async function openFrames(
  api: Api,
  opened: OpenedJob,
  options: JobFramesOptions = {},
): Promise<FrameStore> {
  const decoder = options.decoder ?? new Decoder();
  const jobId = opened.job.id;
  return new FrameStore({
    fetchImage: (frame, signal) => api.frameImage(jobId, frame, 'display', signal),
    decoder,
    video: await openJobVideo(api, opened, decoder),
    capacity: options.capacity,
    onDispose: () => options.decoder ?? decoder.dispose(),
  });
}

/** Null where the job is no video, and where the browser or the server cannot serve it as one: images always work. */
async function openJobVideo(
  api: Api,
  { job, task, meta }: OpenedJob,
  decoder: Decoder,
): Promise<VideoFrames | null> {
  if (task.mode !== 'interpolation') return null;
  try {
    const index = await api.videoIndex(task.id);
    if (!index) return null;
    const mapping = frameMapping(meta, job);
    const fetchGop = (gop: number, signal: AbortSignal) => api.gop(task.id, gop, signal);
    return await openVideo({ index, mapping, decoder, fetchGop });
  } catch (error) {
    console.warn('cvat_lab: the video cannot be decoded in the browser, the server sends its frames.', error);
    return null;
  }
}
