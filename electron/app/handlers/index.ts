// Owns the table of handlers: one for every command of the contract, or it does not compile.
import type { CommandName } from '../../common/api.ts';
import type { AppContext } from '../context.ts';
import type { Handler, Handlers } from '../router.ts';
import { annotationImportHandlers } from './annotation-imports.ts';
import { annotationHandlers } from './annotations.ts';
import { exportHandlers } from './exports.ts';
import { importHandlers } from './imports.ts';
import { labelHandlers } from './labels.ts';
import { measurementHandlers } from './measurements.ts';
import { modelHandlers } from './models.ts';
import { preferenceHandlers } from './preferences.ts';
import { proposalHandlers } from './proposals.ts';
import { statusHandlers } from './status.ts';
import { studyHandlers } from './studies.ts';
import { trainingHandlers } from './training.ts';

export function createHandlers(context: AppContext): Handlers {
  return {
    ...statusHandlers(context),
    ...studyHandlers(context),
    ...importHandlers(context),
    ...labelHandlers(context),
    ...annotationHandlers(context),
    ...proposalHandlers(context),
    ...measurementHandlers(context),
    ...preferenceHandlers(context),
    ...trainingHandlers(context),
    ...modelHandlers(context),
    ...exportHandlers(context),
    ...annotationImportHandlers(context),
  } satisfies { [N in CommandName]: Handler<N> };
}
