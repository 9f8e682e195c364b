// Owns asking the application that a page is open on, past the page itself: what the disk holds, not what the screen says.
import type { Page } from '@playwright/test';
import type { CommandInput, CommandName, CommandOutput } from '../../electron/common/api.ts';
import { commands } from '../../electron/common/api.ts';
import { decodeMessage, encodeMessage, wireMediaType } from '../../electron/web/codec.ts';

/** Sends a command with the session of the page. Throws with the application's words where it refuses. */
export async function askApp<N extends CommandName>(
  page: Page,
  name: N,
  input: CommandInput<N>,
): Promise<CommandOutput<N>> {
  const { origin } = new URL(page.url());
  const answer = await page.request.post(`${origin}/api/${name}`, {
    data: Buffer.from(encodeMessage(input)),
    headers: { 'Content-Type': wireMediaType, Origin: origin },
  });
  // The router's reply, as every host carries it.
  const reply = decodeMessage(await answer.body()) as { ok: true; value: unknown } | { ok: false; error: unknown };
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error)}`);
  return commands[name].output.parse(reply.value) as CommandOutput<N>;
}
