// Makes resources/icons/icon.png, which electron-builder turns into each system's form, from the drawing beside it.
//   node_modules/.bin/node electron/setup/make-icons.ts
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { writeFileAtomic } from '../files/atomic-write.ts';

const folder = join(import.meta.dirname, '..', '..', 'resources', 'icons');
const drawing = await readFile(join(folder, 'icon.svg'));
await writeFileAtomic(join(folder, 'icon.png'), await sharp(drawing).resize(512, 512).png().toBuffer());
