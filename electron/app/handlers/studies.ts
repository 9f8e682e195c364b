// Owns the commands on studies and frames.
import { regionsOfFrame } from '../../common/study.ts';
import { encodePng } from '../../files/image.ts';
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';

type StudyCommand =
  | 'study:list'
  | 'patient:list'
  | 'study:frames'
  | 'series:list'
  | 'strip:load'
  | 'strip:masks'
  | 'frame:pixels'
  | 'frame:regions'
  | 'frame:picture'
  | 'frame:thumbnail';

export function studyHandlers(context: AppContext): Pick<Handlers, StudyCommand> {
  const { store } = context;
  return {
    'study:list': async ({ studyId }) => store.listStudies(studyId ?? null),
    'study:frames': async ({ studyId }) => store.listFrames(studyId),
    'series:list': async ({ studyId }) => store.browser.listSeries(studyId),
    'patient:list': async () => store.browser.listPatients(),
    'strip:load': async ({ frameId }) => store.browser.loadStrip(frameId),
    'strip:masks': async ({ frameId, labelId }) => store.browser.listStripMasks(frameId, labelId),
    'frame:pixels': async ({ frameId }) => ({ png: await encodePng(await store.framePicture(frameId)) }),
    'frame:regions': async ({ frameId }) => {
      const { instance, frame } = store.frameContext(frameId);
      return { regions: [...regionsOfFrame(instance, frame.frameNumber)], warnings: [...instance.warnings] };
    },
    'frame:picture': async ({ frameId }) => ({ ...(await store.framePicture(frameId)) }),
    'frame:thumbnail': async ({ frameId }) => ({ jpeg: await store.frameThumbnail(frameId) }),
  };
}
