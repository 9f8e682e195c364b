// A process of its own that holds a workspace; with 'save' it saves revisions without a pause and tells each id once it is durable.
//   saving-process.ts FOLDER hold|save [FRAME LABEL]
import { setImmediate } from 'node:timers/promises';
import { createMask, encodeMask } from '../../electron/common/mask.ts';
import { Store } from '../../electron/study/store.ts';

const [folder, task, frameId, labelId] = process.argv.slice(2);
const store = Store.open(folder, { reader: 'A. Process' });

if (task === 'hold') {
  process.send?.('open');
  setInterval(() => undefined, 1000);
} else {
  const { width, height } = store.frame(frameId);
  let parentId = store.latestRevision(frameId, labelId)?.id ?? null;
  for (let count = 1; ; count += 1) {
    const mask = createMask(width, height);
    mask.data.fill(1, 0, count % mask.data.length);
    const revision = store.saveRevision({
      frameId,
      labelId,
      parentId,
      proposalId: null,
      reviewState: 'edited',
      segmentAlgorithmType: 'MANUAL',
      mask: encodeMask(mask),
      gesture: 'brush',
    });
    parentId = revision.id;
    process.send?.(revision.id);
    await setImmediate();
  }
}
