// Owns what index.json says of labels, frames and annotations, whether masks are files of their own or label maps.
import { z } from 'zod';
import { positions, types } from '../common/prompts.ts';
import { reviewStates, segmentAlgorithmTypes } from '../common/study.ts';

export const indexName = 'index.json';

export const indexLabelSchema = z.object({
  name: z.string(),
  color: z.string(),
  position: z.enum(positions),
  object: z.enum(types),
});

export const frameSchema = z.object({
  image: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  group: z.string(),
  studyInstanceUID: z.string(),
  seriesInstanceUID: z.string(),
  sopInstanceUID: z.string(),
  frameNumber: z.number().int(),
});

export const annotationSchema = z.object({
  label: z.string(),
  reviewState: z.enum(reviewStates),
  segmentAlgorithmType: z.enum(segmentAlgorithmTypes),
  revisionId: z.string(),
  trackingUID: z.string(),
});
