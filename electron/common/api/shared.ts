// Owns what several parts of the contract are made of.
import { z } from 'zod';
import { modes, positions, tasks, types } from '../prompts.ts';

export const id = z.string().min(1).max(200);
// Not z.instanceof: its type would be that of views of an ArrayBuffer alone, which Node's file functions do not promise.
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes (Uint8Array)');
export const dice = z.number().min(0).max(1);

export const promptsSchema = z.object({
  position: z.enum(positions),
  task: z.enum(tasks),
  mode: z.enum(modes),
  type: z.enum(types),
});

export const boxSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number().positive(),
  height: z.number().positive(),
});
