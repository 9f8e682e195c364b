// Owns the files of a network for other runtimes: one .onnx for each label, and README.txt with all that is needed to use it.
import type { ExportResult } from '../common/api.ts';
import { AppError } from '../common/errors.ts';
import type { Prompts } from '../common/prompts.ts';
import { ExportFolder } from './export-folder.ts';
import { fileNameOf, makeUnique } from './file-names.ts';
import { createManifest, manifestName } from './manifest.ts';

export const onnxFormat = {
  id: 'onnx',
  purpose: 'network',
  title: 'ONNX network',
  description: 'The network with the adapter of a label as one file for other programs.',
} as const;

/** What such a file cannot carry, in words. */
export const onnxLosses: readonly string[] = [
  'Each file has the prompts of its label stored in it and takes whole frames: for another Object or Position, or for a target in a box, export or crop anew.',
  'The decoder that tells benign from malignant is not in it, and annotations are not.',
];

export interface LabelNetwork {
  readonly label: string;
  readonly prompts: Prompts;
  readonly modelId: string;
  readonly modelHash: string;
  readonly adapterHash: string | null;
  readonly onnx: Uint8Array;
  readonly input: Readonly<Record<string, unknown>>;
  readonly side: number;
  readonly logitDifference: number;
  readonly ious: readonly number[];
}

/** Writes networks into a new or empty folder, one at a time as they come. When it throws, what it wrote is gone again. */
export async function writeNetworks(
  folder: string,
  labels: readonly string[],
  version: string,
  networks: AsyncIterable<LabelNetwork>,
): Promise<ExportResult> {
  const target = await ExportFolder.create(folder);
  try {
    const manifest = createManifest(onnxFormat.id, { labels: [], annotations: [] }, version);
    const writeManifest = (change: Partial<typeof manifest>) =>
      target.write(manifestName, `${JSON.stringify({ ...manifest, ...change }, null, 1)}\n`);
    await writeManifest({});
    const names = makeUnique(labels.map((label) => fileNameOf(label, 'label')));
    const parts: string[] = [];
    const ious: number[] = [];
    for await (const network of networks) {
      const file = `${names[parts.length]}.onnx`;
      await target.write(file, network.onnx);
      parts.push(describeNetwork(file, network));
      ious.push(...network.ious);
    }
    if (ious.length === 0) throw new AppError('bad-input', 'There is no label to export a network for; add one first.');
    await target.write('README.txt', `${introduction}${parts.join('\n')}`);
    await target.checkFiles();
    const fidelity = {
      minIoU: Math.min(...ious),
      meanIoU: ious.reduce((sum, iou) => sum + iou, 0) / ious.length,
      lost: [...onnxLosses],
    };
    const files = target.files.filter((file) => file.path !== manifestName);
    await writeManifest({ state: 'complete', verified: true, fidelity, files });
    const paths = target.files.map(({ path }) => path);
    return { format: onnxFormat.id, folder: target.path, files: paths, annotations: 0, verified: true, fidelity };
  } catch (error) {
    await target.discard();
    throw error;
  }
}

const introduction = `Networks written by SonoSync, for ONNX Runtime and other programs that read ONNX (opset 21)
=======================================================================================

Each file has one input, image: float32 (1, 3, side, side), and one output, logits: float32 (1, 2, side, side), of background
and structure. A pixel belongs to the structure where logits[0, 1] > logits[0, 0]; its probability is the softmax of the two.
The prompts of the label and the projections of its adapter, where it has one, are stored in the file.

From a frame to the input, with the values of "sonosync.input" in the file's metadata_props (and below):
  1. Grey: with channelOrder "gray" a colour frame becomes (299 R + 587 G + 114 B) / 1000, and all three planes are the same.
     With "rgb" or "bgr" the planes are the channels in that order.
  2. The square: with resize "letterbox" its side is the longer side of the frame, with "center-crop" the shorter one; it is
     centred on the frame. What lies outside the frame has the grey level of "padding".
  3. The square is resampled to side x side, bilinear; where it shrinks, the filter widens by the same factor (antialiasing).
     Coordinates are those of pixel edges: output pixel i has its centre at origin + (i + 0.5) * step.
  4. Each sample v of 0..255 becomes (v * scale - mean) / std.
From the logits to the frame: logits[0, 1] - logits[0, 0] is interpolated back bilinearly over the same square; above 0 is the
structure. With testTimeFlip the application averages these differences over the frame and its mirror image; a file is one pass.

  import numpy, onnxruntime
  session = onnxruntime.InferenceSession("NAME.onnx")
  print(session.get_modelmeta().custom_metadata_map)
  logits = session.run(["logits"], {"image": image})[0]   # image: numpy.float32 (1, 3, side, side)
  mask = logits[0, 1] > logits[0, 0]

For research. Not a medical device, and not for diagnosis.

`;

function describeNetwork(file: string, network: LabelNetwork): string {
  const { label, prompts, modelId, modelHash, adapterHash, input, logitDifference, ious } = network;
  return [
    file,
    `  label     ${label}`,
    `  prompts   Object ${prompts.type}, Task ${prompts.task}, Input ${prompts.mode}, Position ${prompts.position}`,
    `  model     ${modelId}, SHA-256 ${modelHash}`,
    `  adapter   ${adapterHash === null ? 'none: the base model' : `SHA-256 ${adapterHash}`}`,
    `  input     ${JSON.stringify(input)}`,
    `  compared  with the application on ${ious.length} pictures: logits within ${logitDifference.toExponential(1)} of their deviation, IoU of the masks at least ${Math.min(...ious).toFixed(4)}`,
    '',
  ].join('\n');
}
