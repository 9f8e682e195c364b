// Owns `bench`: how long the network takes here, beside what this machine's matrix multiplication gives.
import type { Command } from 'commander';
import { modelFolder, runJob } from './engine-job.ts';
import { providerOption } from './option-values.ts';
import { action } from './shell.ts';

export function addBench(program: Command): void {
  program
    .command('bench')
    .description('measure encoder, decoders, first look and whole proposal, synchronization step')
    .option('--model <model>', "id or folder; the authors' size with random weights where it is left out")
    .addOption(providerOption())
    .action(
      action<{ model?: string; provider: string }>(async ({ model, provider }, _args, context) => {
        const folder = model === undefined ? undefined : await modelFolder(model);
        const result = await runJob('bench', { model: folder, provider }, context);
        return { json: result, text: JSON.stringify(result, null, 2) };
      }),
    );
}
