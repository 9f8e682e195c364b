// Owns the registry of commands: one line each. A command is a function that adds itself to the program.
import type { Command } from 'commander';
import { addAnnotations } from './annotations.ts';
import { addBench } from './bench.ts';
import { addCorrect } from './correct.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addEvaluate } from './evaluate.ts';
import { addExport } from './export.ts';
import { addFrame } from './frame.ts';
import { addImport } from './import.ts';
import { addLabel } from './label.ts';
import { addModel } from './model.ts';
import { addPretrain } from './pretrain.ts';
import { addPropose } from './propose.ts';
import { addReceive } from './receive.ts';
import { addReplay } from './replay.ts';
import { addServe } from './serve.ts';
import { addSync } from './sync.ts';

export const addCommands: readonly ((program: Command) => void)[] = [
  addServe,
  addDemo,
  addDoctor,
  addBench,
  addModel,
  addPretrain,
  addEvaluate,
  addReplay,
  addImport,
  addReceive,
  addFrame,
  addLabel,
  addPropose,
  addCorrect,
  addSync,
  addExport,
  addAnnotations,
];
