// Owns the composition of the app: store, engine and handlers behind one contract. Hosts (Electron window, loopback, command line) are
// thin: they make one of these, hand commands in and carry events out.
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { AppStatus, CommandInput, CommandName, CommandOutput } from '../common/api.ts';
import { fromErrorMessage, isAbortError } from '../common/errors.ts';
import { Store } from '../study/store.ts';
import { unfinishedFolder } from '../study/workspace.ts';
import { chooseBaseModel, modelSearchFolders, starterModelId } from './base-model.ts';
import type { AppContext } from './context.ts';
import { EngineImages } from './engine-images.ts';
import type { EngineClient } from './engine-client.ts';
import { EventHub } from './event-hub.ts';
import { createHandlers } from './handlers/index.ts';
import type { Home } from './home.ts';
import { Intake } from './intake.ts';
import { findInstallation } from './installation.ts';
import type { Installation } from './installation.ts';
import { PreferenceFiles } from './preferences.ts';
import { ProposalJobs } from './proposal-jobs.ts';
import { createRouter } from './router.ts';
import type { Router } from './router.ts';
import { SecondLooks } from './second-looks.ts';
import { receiveObject } from './workflows/receive.ts';

export interface AppOptions {
  /** Made where there is none, unless `create` is false. */
  readonly workspaceFolder: string;
  readonly create?: boolean;
  readonly home: Home;
  readonly host: AppStatus['host'];
  /** Closed together with the app. */
  readonly engine: EngineClient;
  /** Who corrects: kept with every revision. */
  readonly reader: string;
  /** Id or folder of the base model; the starter model where it is left out. */
  readonly model?: string;
  readonly installation?: Installation;
  /** Shows a folder in the system's file manager; left out where there is nobody to see it. Throws AppError in words. */
  readonly openFolder?: (folder: string) => Promise<void>;
}

export interface App extends Router {
  readonly context: AppContext;
  readonly events: EventHub;
  /** A command from this process; throws where `route` replies with an error. */
  send<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
  /** Starts the engine and lets it choose its providers; the outcome is told by 'engine:changed'. */
  warmUp(): void;
  /** Listens for scanners where the settings say so. Hosts with an interface call this: what comes in is for whoever sees it there. */
  openIntake(): void;
  /** Cancels what runs, ends the engine and lets the workspace go. */
  close(): Promise<void>;
}

/** Throws AppError('conflict') where the workspace is open elsewhere, and what Store.open throws. */
export async function createApp(options: AppOptions): Promise<App> {
  const installation = options.installation ?? findInstallation();
  const { engine, host, home } = options;
  const modelFolders = modelSearchFolders(installation, home);
  const model = await chooseBaseModel(options.model ?? starterModelId, modelFolders);
  const store = Store.open(options.workspaceFolder, { reader: options.reader, create: options.create ?? true });
  const events = new EventHub();
  const intake = new Intake(home, join(unfinishedFolder(store), 'scanner'), (status) =>
    events.emit('intake:changed', status),
  );
  const context: AppContext = {
    host,
    version: installation.version,
    store,
    engine,
    images: new EngineImages(store, engine),
    events,
    model,
    home,
    modelFolders,
    resourcesFolder: installation.resourcesFolder,
    intake,
    preferences: new PreferenceFiles(home, store.folder, (message) => process.stderr.write(`SonoSync: ${message}\n`)),
    imports: new Map(),
    proposalJobs: new ProposalJobs(),
    secondLooks: new SecondLooks(),
    trainings: new Map(),
    exporting: null,
    exportFolders: new Set(),
    openFolder: options.openFolder ?? null,
  };
  intake.receive = (object) => receiveObject(context, object);
  const stopEngineEvents = engine.onStateChange((state) => events.emit('engine:changed', state));
  const router = createRouter(createHandlers(context), logFault);
  return {
    ...router,
    context,
    events,
    async send(name, input) {
      const reply = await router.route(name, input);
      if (!reply.ok) throw fromErrorMessage(reply.error);
      // The handler of this very name made the value.
      return reply.value as never;
    },
    openIntake() {
      // What keeps it from listening is in its status.
      intake.start().catch((error: unknown) => logFault('intake:start', error));
    },
    warmUp() {
      if (!context.model.model) return;
      engine.start();
      engine.call('engine:probe', { model: { folder: context.model.model.folder } }).catch((error: unknown) => {
        if (!isAbortError(error)) logFault('engine:probe', error);
      });
    },
    async close() {
      context.exporting?.abort();
      for (const job of [...context.imports.values(), ...context.trainings.values()]) job.abort();
      context.proposalJobs.close();
      context.secondLooks.close();
      await intake.close();
      await context.preferences.close();
      stopEngineEvents();
      context.images.close();
      await engine.close();
      // A last word of the reader's is still taken, and a command that goes on after the engine's answer still reads and writes the workspace.
      await Promise.race([router.close(), setTimeout(longestGoodbyeMs, undefined, { ref: false })]);
      await store.close();
    },
  };
}

/** How long the workspace stays open at most for commands that do not end. */
const longestGoodbyeMs = 3000;

/** A bug, for the log on standard error: where it happened, not with which values. */
function logFault(name: string, error: unknown): void {
  const place = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`SonoSync: ${name} failed unexpectedly. ${place}\n`);
}
