#!/usr/bin/env node
// Owns the entry of the command line: the program, its global options, and what happens on wrong usage.
import { Command, CommanderError } from 'commander';
import { findInstallation } from '../app/installation.ts';
import { addCommands } from './index.ts';
import { exitCodes } from './shell.ts';

const program = new Command('sonosync')
  .description('Ultrasound annotation assistant: propose, correct, synchronize, export. Nothing leaves this machine.')
  .version(findInstallation().version)
  .option('--json', 'print one JSON object on the last line of standard output')
  .option('--workspace <dir>', 'the workspace folder; import, receive, label add and serve make one')
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(--help lists what there is)')
  .exitOverride();
// Commands made from here on inherit how errors are shown and thrown.
for (const add of addCommands) add(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what is wrong on standard error. Help and version that were asked for are no error.
  process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
}
