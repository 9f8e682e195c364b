// Owns the list of commands. Keyboard, palette and tooltips all read this one.
import { messageOf } from '../../electron/common/errors.ts';
import { refuseWhileDrawing } from '../session/decisions.ts';
import type { Session } from '../session/session.ts';
import { cineCommands } from './cine.ts';
import type { Command } from './command.ts';
import { decideCommands } from './decide.ts';
import { displayCommands } from './display.ts';
import { editCommands, toolCommands } from './edit.ts';
import { goCommands } from './go.ts';
import { labelCommands } from './labels.ts';
import { viewCommands } from './view.ts';
import { workCommands } from './work.ts';

export const allCommands: readonly Command[] = [
  ...decideCommands,
  ...editCommands,
  ...toolCommands,
  ...goCommands,
  ...cineCommands,
  ...labelCommands,
  ...displayCommands,
  ...viewCommands,
  ...workCommands,
];

export function findCommand(id: string): Command {
  const command = allCommands.find((candidate) => candidate.id === id);
  if (!command) throw new Error(`There is no command "${id}".`);
  return command;
}

/** Runs a command, or says why it is not possible now; a failure is said in the notice. */
export function runCommand(session: Session, command: Command): void {
  if (!command.isEnabled || command.isEnabled(session)) {
    if (!command.leaves || !refuseWhileDrawing(session)) void runAndTell(session, command);
  } else if (command.refusal) session.store.setState({ notice: { tone: 'plain', text: command.refusal() } });
}

async function runAndTell(session: Session, command: Command): Promise<void> {
  try {
    await command.run(session);
  } catch (error) {
    const text = messageOf(error);
    session.store.setState({ notice: { tone: 'trouble', text } });
  }
}
