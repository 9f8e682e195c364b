// Owns the list of commands that the test of labels and measurements answers, so that the contract is answered as a whole.
import type { CommandName } from '../../electron/common/api.ts';

export const labellingCommands = [
  'annotation:load-frame',
  'frame:regions',
  'label-set:apply',
  'label-set:list',
  'label:remove',
  'label:reorder',
  'label:usage',
  'measurement:list',
  'measurement:remove',
  'measurement:save',
] as const satisfies readonly CommandName[];
