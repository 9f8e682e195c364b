// Owns interface.json in SONOSYNC_HOME and in the workspace: what the interface remembers from one start to the next.
import { join } from 'node:path';
import { preferencesSchema, type Preferences, type PreferenceScope } from '../common/api/preferences.ts';
import type { Home } from './home.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

export class PreferenceFiles {
  readonly #files: Readonly<Record<PreferenceScope, string>>;
  readonly #warn: (message: string) => void;
  /** Changes run one after another: each is made on top of the one before. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(home: Home, workspaceFolder: string, warn: (message: string) => void) {
    this.#files = { user: join(home.folder, 'interface.json'), workspace: join(workspaceFolder, 'interface.json') };
    this.#warn = warn;
  }

  /** Throws AppError('storage') where a file cannot be read. */
  async load(): Promise<Record<PreferenceScope, Preferences>> {
    await this.#writing;
    return { user: await this.#read('user'), workspace: await this.#read('workspace') };
  }

  /** Throws AppError('storage'). */
  async save(scope: PreferenceScope, entries: Preferences): Promise<void> {
    const saved = this.#writing.then(() => this.#change(scope, entries));
    this.#writing = saved.catch(() => {});
    await saved;
  }

  /** Settles when nothing is being written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #change(scope: PreferenceScope, entries: Preferences): Promise<void> {
    await writeJsonFile(this.#files[scope], { ...(await this.#read(scope)), ...entries });
  }

  async #read(scope: PreferenceScope): Promise<Preferences> {
    return (await readJsonFile(this.#files[scope], preferencesSchema, this.#warn)) ?? {};
  }
}
