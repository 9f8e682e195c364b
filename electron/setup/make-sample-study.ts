// Makes resources/sample-study: simulated breast phantoms with lesions whose outline is known exactly. Seeded: every run gives the same files.
//   node_modules/.bin/node electron/setup/make-sample-study.ts [FOLDER]
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { countMaskPixels } from '../common/mask.ts';
import type { Picture } from '../common/picture.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { encodeMaskPng } from '../files/image.ts';
import { simulateFrame } from './sample-study/frame.ts';
import { patients } from './sample-study/patients.ts';

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '..', '..', 'resources', 'sample-study'));

await mkdir(join(folder, 'frames'), { recursive: true });
await mkdir(join(folder, 'masks'), { recursive: true });
const described = [];
for (let index = 0; index < patients.length; index += 1) described.push(await makePatient(index));
const study = {
  title: 'Simulated breast phantom',
  simulated: true,
  note: 'Computed pictures of no person. Made by electron/setup/make-sample-study.ts; the masks are the exact outlines.',
  label: 'Lesion',
  position: 'breast',
  type: 'tumor',
  patients: described,
};
const source = `${JSON.stringify(study, null, 2)}\n`;
await writeFileAtomic(join(folder, 'sample-study.json'), new TextEncoder().encode(source));

async function makePatient(index: number) {
  const { id, planesMm, probe, lesion } = patients[index];
  const frames = [];
  let mmPerPixel = 0;
  for (const [plane, planeMm] of planesMm.entries()) {
    const frame = simulateFrame(index, plane);
    mmPerPixel = frame.mmPerPixel;
    const name = `${id}-${plane + 1}.png`;
    await writeFileAtomic(join(folder, 'frames', name), await encodeSmallPng(frame.picture));
    await writeFileAtomic(join(folder, 'masks', name), await encodeMaskPng(frame.truth));
    const pixels = countMaskPixels(frame.truth);
    const lesionAreaMm2 = Number((pixels * mmPerPixel ** 2).toFixed(2));
    frames.push({ image: `frames/${name}`, mask: `masks/${name}`, planeMm, absent: pixels === 0, lesionAreaMm2 });
    console.log(`${name}: lesion of ${lesionAreaMm2} mm²`);
  }
  return { id, mmPerPixel, probe, lesion, frames };
}

/** Grey PNG; filters chosen for each row make speckle a third smaller. */
async function encodeSmallPng({ width, height, channels, pixels }: Picture): Promise<Uint8Array> {
  const image = sharp(pixels, { raw: { width, height, channels } }).toColourspace('b-w');
  return image.png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer();
}
