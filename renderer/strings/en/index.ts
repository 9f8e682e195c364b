// Owns the English catalogue, by area of the interface.
import { commands } from './commands.ts';
import { comparison } from './comparison.ts';
import * as exchange from './exchange.ts';
import * as figures from './figures.ts';
import * as frame from './frame.ts';
import * as keys from './keys.ts';
import * as notices from './notices.ts';
import * as shared from './shared.ts';
import * as side from './side.ts';
import * as studies from './studies.ts';
import { tools } from './tools.ts';

export const en = {
  commands,
  comparison,
  tools,
  ...exchange,
  ...figures,
  ...frame,
  ...keys,
  ...notices,
  ...shared,
  ...side,
  ...studies,
} as const;
