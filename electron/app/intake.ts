// Owns receiving from a scanner: its settings, the server while it listens, and what can be said of it.
import { networkInterfaces } from 'node:os';
import type { IntakeSettings, IntakeStatus } from '../common/api.ts';
import { AppError } from '../common/errors.ts';
import { startStorageServer } from '../intake/server.ts';
import type { Call, ReceivedObject, Refusal, StorageServer } from '../intake/server.ts';
import type { Home } from './home.ts';
import { loadSettings, saveSettings } from './settings.ts';

/** 104 is DICOM's own port, which needs an administrator; 11112 is the registered one (dicom). */
export const defaultIntake: IntakeSettings = {
  enabled: false,
  aeTitle: 'SONOSYNC',
  port: 11_112,
  host: '127.0.0.1',
  callers: [],
};

/** Status is told this often at most while images come in. */
const tellIntervalMs = 250;

export class Intake {
  /** What is done with an object that has arrived; set once the app stands. */
  receive: (object: ReceivedObject) => Promise<void> = () => Promise.reject(new Error('The app does not stand yet.'));
  readonly #home: Home;
  readonly #folder: string;
  readonly #tell: (status: IntakeStatus) => void;
  #settings: IntakeSettings = defaultIntake;
  #server: StorageServer | null = null;
  #trouble: string | null = null;
  #counts = { received: 0, failed: 0, refused: 0 };
  #last: IntakeStatus['last'] = null;
  #telling: NodeJS.Timeout | null = null;
  /** Starts and stops follow one another. */
  #changes: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** `folder` is for what has not arrived whole. */
  constructor(home: Home, folder: string, tell: (status: IntakeStatus) => void) {
    this.#home = home;
    this.#folder = folder;
    this.#tell = tell;
  }

  /** The port that is listened on; null while it is none. */
  get port(): number | null {
    return this.#server?.port ?? null;
  }

  async status(): Promise<IntakeStatus> {
    if (!this.#server) this.#settings = await this.#load();
    return this.#describe();
  }

  /** Listens where the settings say so. Never throws for what a reader can change: that is the status's trouble. */
  async start(): Promise<void> {
    this.#settings = await this.#load();
    await this.#apply();
  }

  /** Remembers the settings and puts them into effect. Throws AppError('storage') where they cannot be written. */
  async configure(settings: IntakeSettings): Promise<IntakeStatus> {
    await saveSettings(this.#home, { intake: settings });
    return this.use(settings);
  }

  /** Puts settings into effect without remembering them. */
  async use(settings: IntakeSettings): Promise<IntakeStatus> {
    this.#settings = settings;
    await this.#apply();
    return this.#describe();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#apply();
    if (this.#telling) clearTimeout(this.#telling);
  }

  async #load(): Promise<IntakeSettings> {
    const { intake } = await loadSettings(this.#home, () => undefined);
    return intake ?? defaultIntake;
  }

  #apply(): Promise<void> {
    const change = this.#replaceServer(this.#changes);
    this.#changes = change.catch(() => undefined);
    return change;
  }

  async #replaceServer(before: Promise<unknown>): Promise<void> {
    await before;
    await this.#server?.close();
    this.#server = null;
    this.#trouble = null;
    const settings = this.#settings;
    if (settings.enabled && !this.#closed) {
      try {
        this.#server = await this.#listen(settings);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        this.#trouble = error.message;
      }
    }
    if (!this.#closed) this.#tell(this.#describe());
  }

  #listen({ aeTitle, callers, host, port }: IntakeSettings): Promise<StorageServer> {
    return startStorageServer({
      aeTitle,
      callers,
      host,
      port,
      folder: this.#folder,
      store: (object) => this.receive(object),
      onStored: ({ callingAeTitle }) => this.#note('received', 'plain', `An image came from ${callingAeTitle}.`),
      onFailed: ({ callingAeTitle }, error) => this.#note('failed', 'trouble', describeFailure(callingAeTitle, error)),
      onRefused: (call, refusal) => this.#note('refused', 'trouble', describeRefusal(call, refusal)),
    });
  }

  #note(count: 'received' | 'failed' | 'refused', tone: 'plain' | 'trouble', text: string): void {
    this.#counts = { ...this.#counts, [count]: this.#counts[count] + 1 };
    this.#last = { at: new Date().toISOString(), tone, text };
    this.#telling ??= setTimeout(() => {
      this.#telling = null;
      this.#tell(this.#describe());
    }, tellIntervalMs);
    this.#telling.unref();
  }

  #describe(): IntakeStatus {
    return {
      settings: this.#settings,
      listening: this.#server !== null,
      trouble: this.#trouble,
      interfaces: listInterfaces(),
      ...this.#counts,
      last: this.#last,
    };
  }
}

function listInterfaces(): IntakeStatus['interfaces'] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).filter(({ family }) => family === 'IPv4').map(({ address }) => ({ name, address })),
  );
}

function describeFailure(callingAeTitle: string, error: unknown): string {
  const reason = error instanceof AppError ? error.message : 'it could not be processed.';
  return `An image from ${callingAeTitle} could not be kept: ${reason}`;
}

function describeRefusal({ callingAeTitle }: Call, { words }: Refusal): string {
  return `A call from ${callingAeTitle || 'an unnamed caller'} was refused: ${words}.`;
}
