// Owns the one screen: five places, the dialogs over them, and the keyboard.
import { type CSSProperties, type ReactElement, useEffect } from 'react';
import { Button, Loader, MantineProvider } from '@mantine/core';
import { allCommands, runCommand } from '../commands/index.ts';
import { commandForKey } from '../commands/key-map.ts';
import { takesKey } from '../commands/keyboard.ts';
import { SessionContext, useSession, useSessionState } from '../session/hooks.ts';
import type { Session } from '../session/session.ts';
import { startSession } from '../session/start.ts';
import { t } from '../strings/index.ts';
import styles from './app.module.css';
import { CineBar } from './cine-bar.tsx';
import { ClassFacts } from './class-facts.tsx';
import { CommandPalette } from './command-palette.tsx';
import { AnnotationImportDialog } from './annotation-import-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { FrameStage } from './frame-stage.tsx';
import { FrameStrip } from './frame-strip.tsx';
import { Header } from './header.tsx';
import { DropTarget, ImportDialog, ImportZone } from './import-panel.tsx';
import { PanelEdge } from './panel-edge.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { AddLabelDialog, EditLabelDialog } from './label-dialogs.tsx';
import { LabelsPanel } from './labels-panel.tsx';
import { MaskFacts } from './mask-facts.tsx';
import { MeasurementsPanel } from './measurements-panel.tsx';
import { IntakeDialog } from './intake-dialog.tsx';
import { ModelDialog } from './model-dialog.tsx';
import { CarryProgress, ProposeProgress } from './propose-progress.tsx';
import { StatusBar } from './status-bar.tsx';
import { StudiesPanel } from './studies-panel.tsx';
import { SynchronizationPanel } from './synchronization-panel.tsx';
import { createAppTheme, resolveVariables } from './theme.ts';
import { ToolBar } from './tool-bar.tsx';
import { TroubleNote } from './trouble-note.tsx';

export function App({ session }: { readonly session: Session }): ReactElement {
  return (
    <SessionContext value={session}>
      <Themed />
    </SessionContext>
  );
}

function Themed(): ReactElement {
  const colorScheme = useSessionState((state) => state.colorScheme);
  const language = useSessionState((state) => state.language);
  const textScale = useSessionState((state) => state.textScale);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  // On the root, for dialogs are drawn beside the screen and not in it.
  useEffect(() => {
    document.documentElement.style.setProperty('--text-scale', String(textScale));
  }, [textScale]);
  return (
    <MantineProvider theme={createAppTheme()} cssVariablesResolver={resolveVariables} forceColorScheme={colorScheme}>
      {/* In another language everything is said anew. */}
      <DropTarget key={language}>
        <Keyboard />
        <Screen />
        <CommandPalette />
        <KeysDialog />
        <ImportDialog />
        <ExportDialog />
        <AnnotationImportDialog />
        <AddLabelDialog />
        <EditLabelDialog />
        <ModelDialog />
        <IntakeDialog />
      </DropTarget>
    </MantineProvider>
  );
}

function Screen(): ReactElement {
  const session = useSession();
  const startup = useSessionState((state) => state.startup);
  const isEmpty = useSessionState((state) => state.studies.length === 0);
  const left = useSessionState((state) => state.leftPanelShown);
  const right = useSessionState((state) => state.rightPanelShown);
  const leftWidth = useSessionState((state) => state.leftPanelWidth);
  const rightWidth = useSessionState((state) => state.rightPanelWidth);
  if (startup.kind !== 'idle') {
    return (
      <main className={styles.start} data-testid="starting">
        {startup.kind === 'busy' ? (
          <Loader color="gray" aria-label={t('start.busy')} />
        ) : (
          <TroubleNote text={startup.message} testId="startup-trouble">
            <Button size="compact-sm" h={24} variant="default" onClick={() => void startSession(session)}>
              {t('shared.tryAgain')}
            </Button>
          </TroubleNote>
        )}
      </main>
    );
  }
  return (
    <div className={styles.screen} data-testid="workspace" data-left={left} data-right={right}>
      <Header />
      {isEmpty ? (
        <main className={styles.empty} data-testid="empty-workspace">
          <ImportZone title={t('imports.dropFirst')} />
        </main>
      ) : (
        <div className={styles.places}>
          {left && (
            // React's style type knows no custom properties.
            <div className={styles.panel} style={{ '--width': `${leftWidth}px` } as CSSProperties}>
              <StudiesPanel />
              <PanelEdge side="left" />
            </div>
          )}
          <ToolBar />
          <main className={styles.middle}>
            <FrameStage />
            <ProposeProgress />
            <CarryProgress />
            <CineBar />
            <FrameStrip />
          </main>
          {right && (
            <div className={styles.panel} style={{ '--width': `${rightWidth}px` } as CSSProperties}>
              <aside className={styles.side} aria-label={t('labels.side')}>
                <LabelsPanel />
                <MaskFacts />
                <MeasurementsPanel />
                <ClassFacts />
                <SynchronizationPanel />
              </aside>
              <PanelEdge side="right" />
            </div>
          )}
        </div>
      )}
      <StatusBar />
    </div>
  );
}

/**
 * What was pressed with the pointer does not keep the focus: arrows would turn it on, and commands would be dead. Who comes by the keyboard
 * stays, and so do texts, menus and dialogs.
 */
function leaveToKeys(target: EventTarget | null, isPressing: boolean): void {
  if (!(target instanceof HTMLElement) || target.matches(':focus-visible')) return;
  // What opens a menu hands the focus on to it, and gets it back when a choice is made.
  if (isPressing && target.matches('[aria-haspopup]')) return;
  if (target.closest('[role=dialog], [role=menu], [role=listbox]')) return;
  if (target.matches('button, [role=button], [role=slider], [type=radio], [type=checkbox], [type=range]'))
    target.blur();
}

/**
 * Keys run commands unless a text is being written, a menu is open or a dialog is. The space bar does so when it is let go: held down, it
 * moves the view with the pointer.
 */
function Keyboard(): null {
  const session = useSession();
  useEffect(() => {
    let spaceWaits = false;
    const end = new AbortController();
    const on = <K extends 'keydown' | 'keyup' | 'pointerdown' | 'pointerup' | 'focusin'>(
      name: K,
      listener: (event: WindowEventMap[K]) => void,
    ) => window.addEventListener(name, listener, { signal: end.signal });
    const run = (event: KeyboardEvent): void => {
      const command = commandForKey(allCommands, event, session.store.getState().keyMap);
      if (!command) return;
      event.preventDefault();
      if (event.repeat && !command.repeats) return;
      runCommand(session, command);
    };
    on('keydown', (event) => {
      if (event.defaultPrevented || session.store.getState().dialog !== null) return;
      if (takesKey(event.key, event.target)) return;
      if (event.key !== ' ') {
        run(event);
        return;
      }
      event.preventDefault();
      spaceWaits = !event.repeat || spaceWaits;
    });
    let isPressing = false;
    on('pointerdown', () => {
      spaceWaits = false;
      isPressing = true;
    });
    on('pointerup', () => (isPressing = false));
    on('focusin', ({ target }) => leaveToKeys(target, isPressing));
    on('keyup', (event) => {
      if (event.key !== ' ' || !spaceWaits) return;
      spaceWaits = false;
      run(event);
    });
    return () => end.abort();
  }, [session]);
  return null;
}
