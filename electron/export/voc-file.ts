// Owns the reading of PASCAL VOC annotations: XML for what is in a frame, SegmentationObject (else SegmentationClass) for where it is.
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { createMask } from '../common/mask.ts';
import type { BinaryMask } from '../common/mask.ts';
import { positions, types } from '../common/prompts.ts';
import { decodeIndexedPng } from '../files/indexed-png.ts';
import type { IndexedPicture } from '../files/indexed-png.ts';
import { child, parseXml } from '../files/xml.ts';
import type { XmlElement } from '../files/xml.ts';
import type { ReadAnnotation, Remark } from './export-format.ts';
import { fileStem } from './file-names.ts';
import { listFiles, readBytes, readText } from './folder-files.ts';
import { maskOfNumber } from './labelmap.ts';

/** Where the whole masks of those lie that another covers in the label map. */
export const overlapFolder = 'SegmentationOverlap';

/** Numbers of the classes in label maps without a list of their own. */
const vocClasses =
  'background aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor'.split(
    ' ',
  );
/** Pixels at the rims of objects that are no label. */
const voidNumber = 255;

/** Objects of one name in one frame are one structure. An object without pixels of its own is remarked upon and passed over. */
export async function* readVoc(folder: string, remark: Remark = () => undefined): AsyncGenerator<ReadAnnotation> {
  const files = await listFiles(folder);
  const known = new Set(files);
  const annotations = files.filter((file) => file.endsWith('.xml'));
  for (const path of annotations) {
    const root = parseXml(await readText(folder, path), path);
    if (root.name !== 'annotation') continue;
    const name = fileStem(path);
    const objectMap = mapBeside(path, 'SegmentationObject', known);
    const objects = root.children.filter((element) => element.name === 'object');
    if (objects.length > 0 && !objectMap) {
      remark(`${path} has boxes and no label map of objects; its boxes were passed over.`);
      continue;
    }
    yield* readObjects({ folder, path, root, name, map: objectMap ? await readMap(folder, objectMap) : null }, remark);
    yield* readEmpty(root, name);
  }
  const described = new Set(annotations.map(fileStem));
  const classMaps = files.filter((file) => /(^|\/)SegmentationClass\/[^/]+\.png$/.test(file));
  const alone = classMaps.filter((file) => !described.has(fileStem(file)));
  if (alone.length > 0) yield* readClassMaps(folder, alone, files);
}

interface VocFrame {
  readonly folder: string;
  readonly path: string;
  readonly root: XmlElement;
  readonly name: string;
  readonly map: IndexedPicture | null;
}

async function* readObjects(frame: VocFrame, remark: Remark): AsyncGenerator<ReadAnnotation> {
  const { folder, path, root, map } = frame;
  if (!map) return;
  const objects = root.children
    .filter((element) => element.name === 'object')
    .map((object, index) => ({ object, label: textOf(object, 'name'), number: index + 1 }));
  for (const [label, members] of Map.groupBy(objects, (each) => each.label)) {
    const mask = createMask(map.width, map.height);
    for (const { object, number } of members) {
      const whole = textOf(child(object, 'sonosync'), 'mask');
      const part = whole
        ? await readWhole(folder, whole, number)
        : maskOfNumber(map.indices, number, map.width, map.height);
      if (part.data.length !== mask.data.length) {
        throw new AppError('corrupt', `${whole} is not of the size of ${path}.`);
      }
      if (!part.data.includes(1)) remark(`${path}: object ${number}, "${label}", has no pixel in its label map.`);
      part.data.forEach((value, index) => (mask.data[index] |= value));
    }
    if (!mask.data.includes(1)) continue;
    const origin = members.length === 1 ? child(members[0].object, 'sonosync') : null;
    yield { ...describeFrame(root, frame.name), ...describeOrigin(origin), label, absent: false, mask };
  }
}

/** Structures without a pixel are objects of no map: ours are listed apart. */
function* readEmpty(root: XmlElement, name: string): Generator<ReadAnnotation> {
  const size = child(root, 'size');
  const [width, height] = [Number(textOf(size, 'width')), Number(textOf(size, 'height'))];
  for (const empty of child(root, 'sonosync')?.children.filter((element) => element.name === 'empty') ?? []) {
    yield {
      ...describeFrame(root, name),
      ...describeOrigin(empty),
      label: textOf(empty, 'label'),
      absent: textOf(empty, 'reviewState') === 'absent',
      mask: createMask(width, height),
    };
  }
}

/** Label maps of classes alone, as many programs write them; the classes are those of labelmap.txt, else VOC's own. */
async function* readClassMaps(
  folder: string,
  maps: readonly string[],
  files: readonly string[],
): AsyncGenerator<ReadAnnotation> {
  const list = files.find((file) => fileStem(file) === 'labelmap' && file.endsWith('.txt'));
  const lines = list ? (await readText(folder, list)).split(/\r?\n/) : [];
  const names = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(':')[0]);
  for (const path of maps) {
    const { width, height, indices } = await readMap(folder, path);
    const numbers = [...new Set(indices)]
      .filter((number) => number !== 0 && number !== voidNumber)
      .sort((a, b) => a - b);
    for (const number of numbers) {
      yield {
        frame: fileStem(path),
        image: null,
        sopInstanceUID: null,
        frameNumber: 1,
        ...describeOrigin(null),
        label: (list ? names : vocClasses)[number] ?? `class ${number}`,
        absent: false,
        mask: maskOfNumber(indices, number, width, height),
      };
    }
  }
}

/** The label map of the same name, in a folder beside that of the annotations. */
function mapBeside(path: string, kind: string, known: ReadonlySet<string>): string | null {
  const beside = path.replace(/(^|\/)(Annotations\/)?([^/]+)\.xml$/, `$1${kind}/$3.png`);
  return known.has(beside) ? beside : null;
}

async function readMap(folder: string, path: string): Promise<IndexedPicture> {
  return decodeIndexedPng(await readBytes(folder, path), join(folder, path));
}

async function readWhole(folder: string, path: string, number: number): Promise<BinaryMask> {
  const { width, height, indices } = await readMap(folder, path);
  return maskOfNumber(indices, number, width, height);
}

function describeFrame(root: XmlElement, name: string) {
  const sonosync = child(root, 'sonosync');
  const filename = textOf(root, 'filename');
  return {
    frame: name,
    image: filename === '' ? null : filename,
    sopInstanceUID: textOf(sonosync, 'sopInstanceUID') || null,
    frameNumber: Number(textOf(sonosync, 'frameNumber')) || 1,
  };
}

function describeOrigin(sonosync: XmlElement | null) {
  const position = positions.find((known) => known === textOf(sonosync, 'position'));
  const type = types.find((known) => known === textOf(sonosync, 'object'));
  return {
    prompts: position && type ? { position, type } : null,
    trackingUID: textOf(sonosync, 'trackingUID') || null,
    revisionId: textOf(sonosync, 'revisionId') || null,
  };
}

function textOf(element: XmlElement | null, name: string): string {
  return (element && child(element, name)?.text) ?? '';
}
