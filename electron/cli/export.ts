// Owns `export`: annotations in a format that others read, all accepted ones or those that are chosen.
import { Option } from 'commander';
import type { Command } from 'commander';
import type { App } from '../app/app.ts';
import { callerPath } from '../app/caller.ts';
import type { CommandInput } from '../common/api.ts';
import { AppError } from '../common/errors.ts';
import type { Study } from '../common/study.ts';
import { names } from './option-values.ts';
import { action } from './shell.ts';
import type { CommandContext, CommandResult } from './shell.ts';
import { withWorkspace } from './workspace.ts';

interface ExportOptions {
  readonly format: string;
  readonly out?: string;
  readonly study?: readonly string[];
  readonly label?: readonly string[];
  readonly state?: readonly string[];
  readonly from?: string;
  readonly until?: string;
  readonly includeEdited?: true;
  readonly annotationsOnly?: true;
  readonly withOriginals?: true;
  readonly preview?: true;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('write the accepted annotations, read them back and compare')
    .requiredOption(
      '--format <format>',
      'coco, yolo, voc, labelme, nifti, png, csv, m2us …; a wrong one lists them all',
    )
    .option('--out <dir>', 'a new or empty folder')
    .option('--study <studies>', 'only these, by StudyInstanceUID or title, with commas between', names)
    .option('--label <labels>', 'only these, by id or name, with commas between', names)
    .option('--state <states>', 'only these of accepted, absent and edited', names)
    .option('--from <date>', 'only what was last changed on or after this day (YYYY-MM-DD)')
    .option('--until <date>', 'only what was last changed on or before this day (YYYY-MM-DD)')
    .addOption(new Option('--include-edited', 'edited annotations too').conflicts('state'))
    .option('--annotations-only', "without the frames' pictures")
    .option('--with-originals', 'the imported files too, as they are: DICOM files name their patients')
    .option('--preview', 'say what would be written and what would be lost, and write nothing')
    .action(
      action<ExportOptions>((options, _args, context) =>
        withWorkspace(context, { create: false }, (app) =>
          options.preview ? preview(app, options) : run(app, options, context),
        ),
      ),
    );
}

async function preview(app: App, options: ExportOptions): Promise<CommandResult> {
  const json = await app.send('export:preview', { format: options.format, ...choiceOf(app, options) });
  const { annotations, frames, studies, lost } = json;
  const lines = [`${annotations} annotations of ${frames} frames in ${studies} studies.`, ...lost];
  return { json, text: lines.join('\n') };
}

async function run(app: App, options: ExportOptions, context: CommandContext): Promise<CommandResult> {
  const { format, out } = options;
  if (out === undefined) throw new AppError('bad-input', 'Name a new or empty folder with --out DIR.');
  const choice = choiceOf(app, options);
  const cancel = () => void app.send('export:cancel', {});
  context.signal.addEventListener('abort', cancel);
  const unsubscribe = app.events.on('export:progressed', ({ phase, done, total }) => {
    context.note(`${phase === 'writing' ? 'frames written' : 'annotations read back'}: ${done} of ${total}`);
  });
  try {
    const images = options.annotationsOnly !== true;
    const originals = options.withOriginals === true;
    const result = await app.send('export:run', { format, folder: callerPath(out), images, originals, ...choice });
    const { lost, minIoU, meanIoU } = result.fidelity;
    for (const loss of lost) context.note(`not carried by ${format}: ${loss}`);
    const agreement =
      minIoU === 1 ? 'every mask is equal' : `IoU ${minIoU.toFixed(4)} at worst, ${meanIoU.toFixed(4)} on average`;
    const text = `${result.annotations} annotations written to ${result.folder} and read back: ${agreement}.`;
    return { json: result, text };
  } finally {
    unsubscribe();
    context.signal.removeEventListener('abort', cancel);
  }
}

/** The choice as the contract takes it: names become ids. Throws AppError('not-found') naming what there is, 'bad-input' for a title of several. */
function choiceOf({ context: { store } }: App, options: ExportOptions): Partial<CommandInput<'export:preview'>> {
  const studies = store.listStudies().map(({ id }) => store.study(id));
  const findStudy = (name: string): Pick<Study, 'id'> => {
    const found = studies.filter(
      ({ id, studyInstanceUID, title }) => id === name || studyInstanceUID === name || title === name,
    );
    if (found.length === 1) return found[0];
    if (found.length > 1) {
      const uids = found.map(({ studyInstanceUID }) => studyInstanceUID).join(', ');
      throw new AppError('bad-input', `${found.length} studies are titled "${name}". Name those you mean: ${uids}.`);
    }
    const known = studies.map(({ title }) => `"${title}"`).join(', ');
    throw new AppError('not-found', `There is no study "${name}". There are: ${known || 'none yet'}.`);
  };
  return {
    studyIds: options.study?.map((name) => findStudy(name).id) ?? null,
    labelIds: options.label?.map((name) => store.labelNamed(name).id) ?? null,
    // The contract refuses other words, naming those that there are.
    reviewStates: (options.state as ('accepted' | 'absent' | 'edited')[] | undefined) ?? null,
    from: options.from ?? null,
    until: options.until ?? null,
    includeEdited: options.includeEdited === true,
  };
}
