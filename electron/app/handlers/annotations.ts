// Owns the commands on annotations, and what to annotate next.
import type { RevisionView } from '../../common/api.ts';
import type { annotationCommands } from '../../common/api/annotations.ts';
import type { Revision } from '../../common/study.ts';
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';
import { saveAnnotation } from '../workflows/annotate.ts';
import { viewProposal } from '../workflows/propose.ts';

type AnnotationCommand = keyof typeof annotationCommands;

export function annotationHandlers(context: AppContext): Pick<Handlers, AnnotationCommand> {
  const { store } = context;
  return {
    'annotation:load': async ({ frameId, labelId }) => {
      // Unknown ids are refused, not answered with "nothing there".
      store.frame(frameId);
      store.label(labelId);
      const revision = store.latestRevision(frameId, labelId);
      const proposal = store.latestProposal(frameId, labelId);
      return { revision: revision && viewRevision(revision), proposal: proposal && viewProposal(proposal) };
    },
    'annotation:load-frame': async ({ frameId }) => ({
      revisions: store.latestRevisionsOfFrame(frameId).map(viewRevision),
    }),
    'annotation:save': async (input) => saveAnnotation(context, input),
    'annotation:history': async ({ limit }) =>
      store.recentSteps(limit).map(({ revision, frame, parent, proposalMask }) => ({
        studyId: frame.studyId,
        width: frame.width,
        height: frame.height,
        revision: viewRevision(revision),
        parent: parent && viewRevision(parent),
        proposalMask,
      })),
    'queue:list': async ({ labelId, limit }) => store.queue(labelId, limit),
  };
}

function viewRevision({ trackingUID: _trackingUID, reader: _reader, ...view }: Revision): RevisionView {
  return view;
}
