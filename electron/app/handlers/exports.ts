// Owns the commands on exports.
import { onnxFormat } from '../../export/onnx.ts';
import { exportFormats } from '../../export/registry.ts';
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';
import { cancelExport, exportAnnotations, openExport, previewExport } from '../workflows/export.ts';

type ExportCommand = 'export:formats' | 'export:preview' | 'export:run' | 'export:cancel' | 'export:open';

export function exportHandlers(context: AppContext): Pick<Handlers, ExportCommand> {
  return {
    'export:formats': async () => [
      ...exportFormats.map(({ id, purpose, title, description, needsImages }) => {
        return { id, purpose, title, description, imagesOptional: needsImages !== true };
      }),
      { ...onnxFormat, imagesOptional: false },
    ],
    'export:preview': async (input) => previewExport(context, input),
    'export:run': async (input) => exportAnnotations(context, input),
    'export:cancel': async () => {
      cancelExport(context);
      return {};
    },
    'export:open': async ({ folder }) => {
      await openExport(context, folder);
      return {};
    },
  };
}
