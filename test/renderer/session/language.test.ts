import { beforeEach, describe, expect, it } from 'vitest';
import { allCommands } from '../../../renderer/commands/index.ts';
import { chooseLanguage, languageKey, restoreLanguage } from '../../../renderer/session/language.ts';
import { shownLanguage } from '../../../renderer/strings/index.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
beforeEach(async () => {
  scripted = await openScriptedSession();
});

describe('the language', () => {
  it('is remembered once it was chosen', async () => {
    expect(scripted.stored.get(languageKey)).toBeUndefined();
    await chooseLanguage(scripted.session, 'en');
    expect(scripted.stored.get(languageKey)).toBe('en');
    expect(scripted.state.language).toBe('en');
  });

  it.each(['', 'tlh', '__proto__', '{"language":"en"}'])('is English where %j is remembered', async (remembered) => {
    scripted.stored.set(languageKey, remembered);
    await restoreLanguage(scripted.session);
    expect(scripted.state.language).toBe('en');
    expect(shownLanguage()).toBe('en');
  });

  it('is nothing to choose while there is one', () => {
    expect(allCommands.filter(({ id }) => id.startsWith('view.language'))).toEqual([]);
  });
});
